using NativeTrainer.Kernels;
using NativeTrainer.Tensors;

namespace NativeTrainer.Models;

/// <summary>The rows of a generation in buffers that are made once: ids, and a mask where some of them are padding.</summary>
/// <remarks>Each prompt has a number of rows that lie side by side: its beams, its samples, or one.</remarks>
internal sealed class GenerationRows
{
    private readonly int _capacity;
    private readonly Tensor _ids, _spare;
    private readonly Tensor? _mask;

    /// <summary>Copies the prompts.</summary>
    /// <param name="prompts">[batch, length].</param>
    /// <param name="mask">[batch, length], 1 for tokens and 0 for padding; all tokens where null.</param>
    /// <param name="times">How many rows each prompt has.</param>
    /// <param name="capacity">The greatest length.</param>
    public GenerationRows(Tensor prompts, Tensor? mask, int times, int capacity)
    {
        (Prompts, Times, Length, _capacity) = ((int)prompts.Size(0), times, (int)prompts.Size(1), capacity);
        using var outside = TensorPool.Suspend();
        _ids = Tensor.Zeros([Count, capacity], DType.Int64);
        _spare = Tensor.Zeros([times > 1 ? Count : 0, capacity], DType.Int64);
        Spread(prompts, _ids);
        if (mask is not { } flags) return;
        var all = Tensor.Empty([Count, capacity], DType.Int64);
        Backend.For(all).Fill(all, 1);
        Spread(flags, all);
        if (CausalMask.Look(all.AsSpan<long>(), capacity).HasPadding) _mask = all;
    }

    /// <summary>How many prompts.</summary>
    public int Prompts { get; }

    /// <summary>How many rows each of them has.</summary>
    public int Times { get; }

    /// <summary>How many rows.</summary>
    public int Count => Prompts * Times;

    /// <summary>How long the rows are.</summary>
    public int Length { get; private set; }

    /// <summary>Whether some row's last position is padding.</summary>
    public bool EndsWithPadding
    {
        get
        {
            if (_mask is not { } mask) return false;
            var flags = mask.AsSpan<long>();
            for (var row = 0; row < Count; row++)
            {
                if (flags[(row * _capacity) + Length - 1] == 0) return true;
            }
            return false;
        }
    }

    /// <summary>[rows, <see cref="Length"/>], 1 for tokens; null where there is no padding.</summary>
    /// <param name="once">One row of each prompt only.</param>
    public Tensor? Mask(bool once) => _mask is { } mask ? View(mask, 0, Length, once) : null;

    /// <summary>All ids, or the last of each row.</summary>
    public Tensor Ids(bool newOnly, bool once) => newOnly ? View(_ids, Length - 1, 1, once) : View(_ids, 0, Length, once);

    /// <summary>The tokens' numbers without padding, whose number is 1; null where there is none, so that they count from 0.</summary>
    public Tensor? Positions(bool newOnly, bool once)
    {
        if (_mask is not { } mask) return null;
        var flags = mask.AsSpan<long>();
        var (count, step) = once ? (Prompts, Times) : (Count, 1);
        var positions = Tensor.Empty([count, newOnly ? 1 : Length], DType.Int64);
        var numbers = positions.AsSpan<long>();
        for (int row = 0, place = 0; row < count; row++)
        {
            var tokens = 0L;
            for (var i = 0; i < Length; i++)
            {
                var flag = flags[(row * step * _capacity) + i];
                tokens += flag;
                if (!newOnly || i == Length - 1) numbers[place++] = flag == 0 ? 1 : tokens - 1;
            }
        }
        return positions;
    }

    /// <summary>A row so far.</summary>
    public ReadOnlySpan<long> Row(int row) => _ids.AsSpan<long>().Slice(row * _capacity, Length);

    /// <summary>Puts one token at the end of each row.</summary>
    public void Append(ReadOnlySpan<long> tokens)
    {
        Length++;
        SetLast(tokens);
    }

    /// <summary>Takes the last token of each row away.</summary>
    public void RemoveLast() => Length--;

    /// <summary>Changes the last token of each row.</summary>
    public void SetLast(ReadOnlySpan<long> tokens)
    {
        var ids = _ids.AsSpan<long>();
        for (var row = 0; row < Count; row++) ids[(row * _capacity) + Length - 1] = tokens[row];
        _ids.MarkChanged();
    }

    /// <summary>Has each row hold the ids of another; the mask stays, as rows do not go from one prompt to another.</summary>
    public void Reorder(ReadOnlySpan<int> sources)
    {
        var ids = _ids.AsSpan<long>();
        var spare = _spare.AsSpan<long>();
        for (var row = 0; row < Count; row++) ids.Slice(row * _capacity, Length).CopyTo(spare[(row * _capacity)..]);
        for (var row = 0; row < Count; row++)
        {
            spare.Slice(sources[row] * _capacity, Length).CopyTo(ids[(row * _capacity)..]);
        }
        _ids.MarkChanged();
    }

    /// <summary>All rows, or the first of each prompt; contiguous, outside every pool.</summary>
    public Tensor CopyIds(bool once)
    {
        using var outside = TensorPool.Suspend();
        var ids = Ids(newOnly: false, once);
        var copy = Tensor.Empty(ids.Shape, DType.Int64);
        Backend.For(copy).Copy(ids, copy);
        return copy;
    }

    private Tensor View(Tensor buffer, int start, int length, bool once) =>
        buffer.WithLayout((once ? buffer.Layout.Slice(0, 0, Prompts, Times) : buffer.Layout).Slice(1, start, length));

    private void Spread(Tensor source, Tensor target)
    {
        for (var i = 0; i < Times; i++)
        {
            var rows = target.WithLayout(target.Layout.Slice(0, i, Prompts, Times).Slice(1, 0, Length));
            Backend.For(rows).Copy(source, rows);
        }
    }
}
