using NativeTrainer.Models;

namespace NativeTrainer.Data;

/// <summary>Makes a batch of named tensors out of some rows of a data set.</summary>
/// <param name="dataset">The rows' data set; its columns are those that the model takes.</param>
/// <param name="rows">The numbers of the rows, in the order of the batch.</param>
public delegate Batch DataCollator(IDataset dataset, ReadOnlySpan<int> rows);
