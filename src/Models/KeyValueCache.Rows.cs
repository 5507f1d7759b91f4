using NativeTrainer.Kernels;
using NativeTrainer.Tensors;

namespace NativeTrainer.Models;

// Rows that are repeated or change places, as beams do.
public sealed partial class KeyValueCache
{
    private const int Spare = -1;

    private (int From, int To)[] _moves = [];
    private int[] _wanted = [], _readers = [];
    private Tensor? _spareKeys, _spareValues;

    /// <summary>How many rows it holds; 0 before the first layer.</summary>
    public int Rows => _layers.Count > 0 ? (int)_layers[0].Keys.Size(0) : 0;

    /// <summary>Makes <paramref name="times"/> rows of each row, one beside the other; those of <see cref="CrossAttention"/> too.</summary>
    public void Expand(int times)
    {
        if (times < 1) throw new ArgumentOutOfRangeException(nameof(times), times, "each row stays at least once");
        if (times == 1) return;
        for (var i = 0; i < _layers.Count; i++)
        {
            _layers[i] = new Layer(Repeated(_layers[i].Keys, times, Length), Repeated(_layers[i].Values, times, Length));
        }
        (_spareKeys, _spareValues) = (null, null);
        _cross?.Expand(times);
    }

    /// <summary>
    /// Has each row hold what another held: row i takes that of <c>sources[i]</c>. In place, nothing is allocated after the first time.
    /// </summary>
    /// <remarks>
    /// <see cref="CrossAttention"/> stays: beams of one prompt have the same, and rows are not meant to go from one prompt to another.
    /// </remarks>
    /// <param name="sources">One for each row.</param>
    /// <param name="from">The first position that is not the same anyway.</param>
    public void Reorder(ReadOnlySpan<int> sources, int from = 0)
    {
        if (sources.Length != Rows)
        {
            throw new ArgumentException($"the cache holds {Rows} rows, found {sources.Length} places to take them from", nameof(sources));
        }
        var count = Plan(sources);
        if (count == 0 || from >= Length) return;
        var usesSpare = false;
        for (var i = 0; i < count; i++) usesSpare |= _moves[i].To == Spare;
        if (usesSpare && _spareKeys is null)
        {
            (_spareKeys, _spareValues) = (SpareRow(_layers[0].Keys), SpareRow(_layers[0].Values));
        }
        foreach (var layer in _layers)
        {
            Move(layer.Keys, _spareKeys, _moves.AsSpan(0, count), from);
            Move(layer.Values, _spareValues, _moves.AsSpan(0, count), from);
        }
    }

    // The order in which rows are copied, so that none is written over before it is read. Rows in a circle go by way of the spare row.
    private int Plan(ReadOnlySpan<int> sources)
    {
        if (_wanted.Length < sources.Length)
        {
            (_wanted, _readers, _moves) = (new int[sources.Length], new int[sources.Length], new (int, int)[2 * sources.Length]);
        }
        var wanted = _wanted.AsSpan(0, sources.Length);
        var readers = _readers.AsSpan(0, sources.Length);
        readers.Clear();
        for (var row = 0; row < sources.Length; row++)
        {
            if ((uint)sources[row] >= (uint)sources.Length)
            {
                throw new ArgumentOutOfRangeException(nameof(sources), sources[row], $"row {row} is to come from a row below {sources.Length}");
            }
            wanted[row] = sources[row];
            if (sources[row] != row) readers[sources[row]]++;
        }
        var count = 0;
        for (var row = 0; row < sources.Length; row++) Fill(row, wanted, readers, ref count);
        for (var row = 0; row < sources.Length; row++)
        {
            if (wanted[row] == row) continue;

            // Only circles are left, where each row has one reader.
            _moves[count++] = (row, Spare);
            var reader = wanted.IndexOf(row);
            wanted[reader] = Spare;
            readers[row] = 0;
            Fill(row, wanted, readers, ref count);
        }
        return count;
    }

    // Writes a row that nobody reads any more, then the row that it came from, if that is free now.
    private void Fill(int row, Span<int> wanted, Span<int> readers, ref int count)
    {
        while (wanted[row] != row && readers[row] == 0)
        {
            var from = wanted[row];
            _moves[count++] = (from, row);
            wanted[row] = row;
            if (from == Spare) return;
            readers[from]--;
            row = from;
        }
    }

    private void Move(Tensor rows, Tensor? spare, ReadOnlySpan<(int From, int To)> moves, int start)
    {
        foreach (var (from, to) in moves)
        {
            var target = RowOf(rows, spare, to, start);
            Backend.For(target).Copy(RowOf(rows, spare, from, start), target);
        }
        rows.MarkChanged();
    }

    private Tensor RowOf(Tensor rows, Tensor? spare, int row, int start)
    {
        var (tensor, place) = row == Spare ? (spare!.Value, 0) : (rows, row);
        return tensor.WithLayout(tensor.Layout.Slice(0, place, 1).Slice(2, start, Length - start));
    }

    private static Tensor SpareRow(Tensor like)
    {
        using var outside = TensorPool.Suspend();
        return Tensor.Empty(like.Shape.With(0, 1), like.DType, like.Device);
    }

    private static Tensor Repeated(Tensor buffer, int times, int length)
    {
        using var outside = TensorPool.Suspend();
        var rows = buffer.Size(0);
        var room = Tensor.Empty(buffer.Shape.With(0, rows * times), buffer.DType, buffer.Device);
        for (var i = 0; i < times && length > 0; i++)
        {
            var target = room.WithLayout(room.Layout.Slice(0, i, rows, times).Slice(2, 0, length));
            Backend.For(target).Copy(Filled(buffer, length), target);
        }
        return room;
    }
}
