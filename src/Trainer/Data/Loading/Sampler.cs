using System.Buffers;
using NativeTrainer.Tensors;

namespace NativeTrainer.Data;

/// <summary>The order in which a pass over a data set meets its rows.</summary>
public abstract class Sampler
{
    /// <summary>How many rows a pass has.</summary>
    public abstract int Count { get; }

    /// <summary>
    /// Whether Transformers takes it for a random sampler: skipping a trained epoch then
    /// draws its order alone, else it begins a pass of the loader.
    /// </summary>
    public virtual bool IsRandomSampler => false;

    /// <summary>Writes the row numbers of the next pass.</summary>
    /// <param name="order">As long as <see cref="Count"/>.</param>
    public abstract void Draw(Span<int> order);
}

/// <summary>First row to last.</summary>
public sealed class SequentialSampler(int count) : Sampler
{
    /// <inheritdoc/>
    public override int Count => count;

    /// <inheritdoc/>
    public override void Draw(Span<int> order)
    {
        for (var i = 0; i < order.Length; i++) order[i] = i;
    }
}

/// <summary>Every row once, in the order that <c>torch.utils.data.RandomSampler</c> draws: each
/// pass takes a seed from <see cref="TorchGenerator.Default"/>.</summary>
/// <param name="count">Rows.</param>
/// <param name="generator">Draws all passes (<c>data_seed</c>); without it each pass takes a seed from
/// <see cref="TorchGenerator.Default"/>.</param>
public sealed class RandomSampler(int count, TorchGenerator? generator = null) : Sampler
{
    private readonly TorchGenerator _generator = generator ?? new(0);

    /// <inheritdoc/>
    public override int Count => count;

    /// <inheritdoc/>
    public override bool IsRandomSampler => true;

    /// <inheritdoc/>
    public override void Draw(Span<int> order)
    {
        if (generator is null) _generator.Seed((ulong)TorchGenerator.Default.RandomInt64());
        Permute(_generator, order);
    }

    internal static void Permute(TorchGenerator generator, Span<int> order)
    {
        var rows = ArrayPool<long>.Shared.Rent(order.Length);
        generator.RandPerm(rows.AsSpan(0, order.Length));
        for (var i = 0; i < order.Length; i++) order[i] = (int)rows[i];
        ArrayPool<long>.Shared.Return(rows);
    }
}

/// <summary>Rows of about the same length together, so that little is padded
/// (<c>group_by_length</c>; transformers' LengthGroupedSampler).</summary>
/// <param name="batchSize">Rows of an update: the batch times the accumulation.</param>
/// <param name="lengths">The length of each row.</param>
/// <param name="generator">Draws all passes (<c>data_seed</c>); without it the order comes straight from
/// <see cref="TorchGenerator.Default"/>.</param>
public sealed class LengthGroupedSampler(int batchSize, int[] lengths, TorchGenerator? generator = null) : Sampler
{
    /// <inheritdoc/>
    public override int Count => lengths.Length;

    /// <inheritdoc/>
    public override void Draw(Span<int> order)
    {
        RandomSampler.Permute(generator ?? TorchGenerator.Default, order);
        var multiple = Math.Min(order.Length / (batchSize * 4), 50);
        var size = Math.Max(multiple, 1) * batchSize;
        var longest = 0;
        for (var start = 0; start < order.Length; start += size)
        {
            var group = order.Slice(start, Math.Min(size, order.Length - start));
            SortFallingStable(group);
            if (lengths[group[0]] > lengths[order[longest]]) longest = start;
        }

        // The longest row comes first: running out of memory then shows at once.
        if (order.Length > 0) (order[0], order[longest]) = (order[longest], order[0]);
    }

    private void SortFallingStable(Span<int> group)
    {
        var keys = new (int Length, int Place)[group.Length];
        for (var i = 0; i < keys.Length; i++) keys[i] = (-lengths[group[i]], i);
        keys.AsSpan().Sort(group);
    }
}
