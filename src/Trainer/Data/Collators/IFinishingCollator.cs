using NativeTrainer.Models;

namespace NativeTrainer.Data;

/// <summary>
/// A collator in two parts: the first may run on a thread that prepares batches ahead, the second runs on the training thread when the
/// batch's turn comes. What draws random numbers belongs into the second, so that workers change no number.
/// </summary>
public interface IFinishingCollator
{
    /// <summary>Tensors of the rows, without random numbers.</summary>
    Batch Prepare(IDataset dataset, ReadOnlySpan<int> rows);

    /// <summary>What is left to do; may change the tensors that it is given.</summary>
    Batch Finish(Batch batch);
}
