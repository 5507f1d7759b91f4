using NativeTrainer.Models;

namespace NativeTrainer.Data;

/// <summary>
/// Makes batches as one of transformers' data collators does. It is given to the <see cref="Trainer"/> as it is, or called itself:
/// <see cref="Collate"/>.
/// </summary>
/// <remarks>The rows of the data set are not changed, and several threads may collate at the same time.</remarks>
/// <example><code>
/// var trainer = new Trainer(model, args, dataCollator: new DataCollatorWithPadding(tokenizer), trainDataset: rows);
/// </code></example>
public abstract class Collator
{
    /// <summary>The tensors of some rows.</summary>
    /// <param name="dataset">The rows' data set; the kind of a column is that of the first row given.</param>
    /// <param name="rows">The numbers of the rows, in the order of the batch; at least one.</param>
    /// <exception cref="InvalidDataException">The rows cannot be made into a tensor; column and row are named.</exception>
    public abstract Batch Collate(IDataset dataset, ReadOnlySpan<int> rows);

    /// <summary>The collator as the delegate that the <see cref="Trainer"/> takes.</summary>
    public static implicit operator DataCollator(Collator collator) => collator.Collate;
}
