namespace NativeTrainer.Data;

/// <summary>
/// Rows that are had one after another, from the first: data larger than memory, or without end. As torch's IterableDataset it is a data
/// set to the <see cref="Trainer"/>, but has no rows by number, and perhaps no length.
/// </summary>
/// <remarks>A training without length needs <c>max_steps</c>. <see cref="StreamOperations"/> take, map and shuffle.</remarks>
/// <example><code>
/// var rows = DatasetFiles.Stream(["corpus/*.parquet"]).Shuffle(seed: 1, bufferSize: 10_000);
/// var trainer = new Trainer(model, new TrainingArguments("out") { MaxSteps = 1000 }, trainDataset: rows);
/// </code></example>
public interface IIterableDataset : IDataset
{
    /// <summary>How many rows a pass has; null where that is not known.</summary>
    long? Length { get; }

    /// <summary>The rows of a pass, from the first. Each call begins a pass of its own.</summary>
    /// <param name="epoch">The number of the pass; what shuffles gives another order to each.</param>
    IEnumerable<DataRow> Rows(long epoch = 0);

    /// <summary>The length, where there is one.</summary>
    int IDataset.Count => Length is { } length ? checked((int)length)
        : throw new NotSupportedException("a stream without length cannot be counted; its Length is null");

    /// <summary>A stream has no rows by number.</summary>
    Feature IDataset.this[int row, string column] =>
        throw new NotSupportedException("a stream has no rows by number; go through Rows()");
}
