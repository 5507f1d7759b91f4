using NativeTrainer.Autograd;
using NativeTrainer.Kernels;
using NativeTrainer.Tensors;

namespace NativeTrainer.Evaluation;

/// <summary>Puts the tensors of all batches under one another: [rows, …], batches of another width padded with -100.</summary>
internal sealed class RowCollector
{
    private const double Padding = -100;
    private readonly List<Tensor> _batches = [];

    /// <summary>Keeps a batch's tensor beyond the batch.</summary>
    public void Add(Tensor batch)
    {
        using var outside = TensorPool.Suspend();
        var copy = Tensor.Empty(batch.Shape, batch.DType);
        Backend.For(batch).Copy(batch, copy);
        _batches.Add(copy);
    }

    /// <summary>All rows; null where none was added.</summary>
    public Tensor? Concatenate()
    {
        if (_batches.Count == 0) return null;
        using var outside = TensorPool.Suspend();
        var first = _batches[0];
        if (first.Rank == 0) throw new InvalidOperationException("a prediction without a batch axis cannot be collected; leave it out of the model's outputs");
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
}
