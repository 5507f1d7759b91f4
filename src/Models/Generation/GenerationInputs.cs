using NativeTrainer.Kernels;
using NativeTrainer.Tensors;

namespace NativeTrainer.Models;

/// <summary>The rows of a generation in buffers that are made once: ids, and a mask where some of them are padding.</summary>
internal sealed class GenerationInputs
{
    private readonly int _rows, _capacity;
    private readonly Tensor _ids;
    private readonly Tensor? _mask;

    /// <summary>Copies the prompts.</summary>
    /// <param name="inputIds">[batch, length].</param>
    /// <param name="attentionMask">[batch, length]; where null, ids that are <paramref name="padding"/> are padding.</param>
    /// <param name="capacity">The greatest length.</param>
    /// <param name="padding">An id that is nothing but padding; null where there is none.</param>
    public GenerationInputs(Tensor inputIds, Tensor? attentionMask, int capacity, long? padding)
    {
        if (attentionMask is { } given && given.Shape != inputIds.Shape)
        {
            throw new ArgumentException(
                $"attention_mask has the shape of input_ids, {inputIds.Shape}, found {given.Shape}", nameof(attentionMask));
        }
        (_rows, Length, _capacity) = ((int)inputIds.Size(0), (int)inputIds.Size(1), capacity);
        using var outside = TensorPool.Suspend();
        _ids = Tensor.Zeros([_rows, capacity], DType.Int64);
        var prompt = _ids.WithLayout(_ids.Layout.Slice(1, 0, Length));
        Backend.For(prompt).Copy(inputIds, prompt);

        var mask = Tensor.Empty([_rows, capacity], DType.Int64);
        Backend.For(mask).Fill(mask, 1);
        if (attentionMask is { } tokens)
        {
            Backend.For(mask).Copy(tokens, mask.WithLayout(mask.Layout.Slice(1, 0, Length)));
        }
        else if (padding is { } id)
        {
            for (var row = 0; row < _rows; row++)
            {
                var line = Row(row);
                for (var i = 0; i < line.Length; i++) mask.AsSpan<long>()[(row * capacity) + i] = line[i] == id ? 0 : 1;
            }
        }
        if (CausalMask.Look(mask.AsSpan<long>(), capacity).HasPadding) _mask = mask;
    }

    /// <summary>How long the rows are.</summary>
    public int Length { get; private set; }

    /// <summary>Whether some row's last position is padding.</summary>
    public bool EndsWithPadding
    {
        get
        {
            if (_mask is not { } mask) return false;
            var flags = mask.AsSpan<long>();
            for (var row = 0; row < _rows; row++)
            {
                if (flags[(row * _capacity) + Length - 1] == 0) return true;
            }
            return false;
        }
    }

    /// <summary>[batch, <see cref="Length"/>], 1 for tokens; null where there is no padding.</summary>
    public Tensor? Mask => _mask is { } mask ? mask.WithLayout(mask.Layout.Slice(1, 0, Length)) : null;

    /// <summary>All ids, or the last of each row.</summary>
    public Tensor Ids(bool newOnly) => _ids.WithLayout(newOnly ? _ids.Layout.Slice(1, Length - 1, 1) : _ids.Layout.Slice(1, 0, Length));

    /// <summary>The tokens' numbers without padding, whose number is 1; null where there is none, so that they count from 0.</summary>
    public Tensor? Positions(bool newOnly)
    {
        if (_mask is not { } mask) return null;
        var flags = mask.AsSpan<long>();
        var positions = Tensor.Empty([_rows, newOnly ? 1 : Length], DType.Int64);
        var numbers = positions.AsSpan<long>();
        for (int row = 0, place = 0; row < _rows; row++)
        {
            var count = 0L;
            for (var i = 0; i < Length; i++)
            {
                var flag = flags[(row * _capacity) + i];
                count += flag;
                if (!newOnly || i == Length - 1) numbers[place++] = flag == 0 ? 1 : count - 1;
            }
        }
        return positions;
    }

    /// <summary>A row so far.</summary>
    public ReadOnlySpan<long> Row(int row) => _ids.AsSpan<long>().Slice(row * _capacity, Length);

    /// <summary>Puts one token at the end of each row.</summary>
    public void Append(ReadOnlySpan<long> tokens)
    {
        var ids = _ids.AsSpan<long>();
        for (var row = 0; row < _rows; row++) ids[(row * _capacity) + Length] = tokens[row];
        _ids.MarkChanged();
        Length++;
    }

    /// <summary>All rows, contiguous, outside every pool.</summary>
    public Tensor CopyIds()
    {
        using var outside = TensorPool.Suspend();
        var copy = Tensor.Empty([_rows, Length], DType.Int64);
        Backend.For(copy).Copy(Ids(newOnly: false), copy);
        return copy;
    }
}
