using NativeTrainer.Autograd;
using NativeTrainer.Kernels;
using NativeTrainer.Tensors;

namespace NativeTrainer.Evaluation;

/// <summary>Puts the tensors of all batches under one another: [rows, …], batches of
/// another width padded with -100; a scalar is a row.</summary>
internal sealed class RowCollector
{
    private const double Padding = -100;
    private readonly List<Tensor> _batches = [];

    /// <summary>Keeps a batch's tensor beyond the batch.</summary>
    public void Add(Tensor batch)
    {
        using var outside = TensorPool.Suspend();
        var copy = Tensor.Empty(batch.Rank == 0 ? [1] : batch.Shape, batch.DType);
        Backend.For(batch).Copy(batch.Rank == 0 ? batch.WithLayout(Layout.Contiguous([1], batch.Layout.Offset)) : batch, copy);
        _batches.Add(copy);
    }

    /// <summary>All rows of the one or more batches.</summary>
    public Tensor Concatenate()
    {
        using var outside = TensorPool.Suspend();
        var first = _batches[0];
        foreach (var batch in _batches) CheckShape(first.Shape, batch.Shape);
        var rows = _batches.Sum(batch => batch.Size(0));
        var shape = first.Shape.With(0, rows);
        if (first.Rank > 1) shape = shape.With(1, _batches.Max(batch => batch.Size(1)));
        var all = Tensor.Empty(shape, first.DType);
        if (_batches.Any(batch => batch.Rank > 1 && batch.Size(1) != shape[1])) Backend.For(all).Fill(all, Padding);
        var row = 0L;
        foreach (var batch in _batches)
        {
            var place = all.Layout.Slice(0, row, batch.Size(0));
            if (batch.Rank > 1) place = place.Slice(1, 0, batch.Size(1));
            Backend.For(all).Copy(batch, all.WithLayout(place));
            row += batch.Size(0);
        }
        return all;
    }

    // As in Transformers, the second dimension alone may differ.
    private static void CheckShape(Shape first, Shape other)
    {
        var fits = first.Rank == other.Rank;
        for (var axis = 2; fits && axis < first.Rank; axis++) fits = first[axis] == other[axis];
        if (fits) return;
        throw new InvalidOperationException(
            $"predictions of batches are {first} and {other}; they can be put together where only their second dimension differs. "
            + "Name the output in ignoreKeys, or have all rows as long");
    }
}

/// <summary>A <see cref="RowCollector"/> for each of the tensors that a batch gives.</summary>
internal sealed class RowCollectors
{
    private readonly List<RowCollector> _collectors = [];

    /// <summary>Keeps a batch's tensors beyond the batch; every batch gives as many.</summary>
    public void Add(IReadOnlyList<Tensor> batch)
    {
        for (var i = 0; i < batch.Count; i++)
        {
            if (i == _collectors.Count) _collectors.Add(new RowCollector());
            _collectors[i].Add(batch[i]);
        }
    }

    /// <summary>All rows of each.</summary>
    public IReadOnlyList<Tensor> Concatenate() => [.. _collectors.Select(collector => collector.Concatenate())];
}
