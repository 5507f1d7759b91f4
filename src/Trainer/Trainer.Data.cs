using NativeTrainer.Data;
using NativeTrainer.Tensors;

namespace NativeTrainer;

// Data sets in, batches out.
public partial class Trainer
{
    /// <summary>Rows to train on.</summary>
    public IDataset? TrainDataset { get; }

    /// <summary>Rows to evaluate on.</summary>
    public IDataset? EvalDataset { get; }

    /// <summary>Several named evaluation sets.</summary>
    public IReadOnlyDictionary<string, IDataset>? EvalDatasets { get; }

    /// <summary>Makes batches.</summary>
    public DataCollator DataCollator { get; }

    /// <summary>Inputs that are labels; a batch that has them all gives a loss.</summary>
    public IReadOnlyList<string> LabelNames { get; }

    /// <summary>The batches of the training set.</summary>
    public virtual DataLoader GetTrainDataloader()
    {
        var dataset = TrainDataset ?? throw new InvalidOperationException("Train() needs a trainDataset");
        if (dataset is IIterableDataset stream) return Loader(stream, _trainBatchSize, new SequentialSampler(0), Args.DataloaderDropLast);
        if (dataset.Count == 0) throw new ArgumentException("trainDataset has no rows");
        return Loader(dataset, _trainBatchSize, TrainSampler(dataset), Args.DataloaderDropLast);
    }

    /// <summary>The batches of an evaluation set; of <see cref="EvalDataset"/> where none is given.</summary>
    public virtual DataLoader GetEvalDataloader(IDataset? evalDataset = null) =>
        InOrder(evalDataset ?? EvalDataset ?? throw new InvalidOperationException("Evaluate() needs an evalDataset"));

    /// <summary>The batches of a test set.</summary>
    public virtual DataLoader GetTestDataloader(IDataset testDataset) => InOrder(testDataset);

    /// <summary>Rows of a loader's data set; of a stream without length those that its last pass has met.</summary>
    public virtual int NumExamples(DataLoader dataloader) =>
        dataloader.Length is null ? checked((int)dataloader.RowsSeen) : dataloader.Dataset.Count;

    /// <summary>Tokens in the batches of a pass, padding counted, over at most <paramref name="maxSteps"/>
    /// batches. Begins a pass, which draws random numbers.</summary>
    public virtual long NumTokens(DataLoader trainDataloader, int? maxSteps = null)
    {
        var tokens = 0L;
        using var pool = new TensorPool();
        foreach (var rows in trainDataloader.Batches())
        {
            using var scope = pool.Enter();
            var count = trainDataloader.Load(rows)["input_ids"].ElementCount;
            if (maxSteps is { } steps) return count * steps;
            tokens += count;
        }
        return tokens;
    }

    private double PlannedTokens(DataLoader loader) => Args.MaxSteps > 0
        ? NumTokens(loader, Args.MaxSteps) * (double)Args.GradientAccumulationSteps
        : NumTokens(loader) * (double)Args.NumTrainEpochs;

    // Of a stream the last batch counts too, as in Transformers: drop_last is not passed on.
    private DataLoader InOrder(IDataset dataset) => dataset is IIterableDataset stream
        ? Loader(stream, Args.EvalBatchSize, new SequentialSampler(0), dropLast: false)
        : Loader(dataset, Args.EvalBatchSize, new SequentialSampler(dataset.Count), Args.DataloaderDropLast);

    private DataLoader Loader(IDataset dataset, int batchSize, Sampler sampler, bool dropLast) =>
        new(Prepared(dataset), batchSize, sampler, DataCollator, dropLast)
        {
            NumWorkers = Args.DataloaderNumWorkers, PersistentWorkers = Args.DataloaderPersistentWorkers,
        };

    // What Transformers' constructor refuses of streams.
    private void CheckTrainDataset()
    {
        if (TrainDataset is not IIterableDataset stream) return;
        if (stream.Length is null && Args.MaxSteps <= 0)
            throw InvalidArgumentException.Value("max_steps", Args.MaxSteps, "above 0 for a train_dataset without length");
        if (Args.GroupByLength)
            throw new InvalidArgumentException("group_by_length", "is true, expected false: the rows of a stream cannot be grouped");
    }

    private Sampler TrainSampler(IDataset dataset)
    {
        if (Args.TrainSamplingStrategy == "sequential") return new SequentialSampler(dataset.Count);
        // Transformers 4.37.2 forgets data_seed; here it fixes the order of data whatever else draws random numbers.
        var generator = Args.DataSeed is { } seed ? new TorchGenerator((ulong)seed) : null;
        if (!Args.GroupByLength) return new RandomSampler(dataset.Count, generator);
        var lengths = new int[dataset.Count];
        var given = dataset.Columns.Contains(Args.LengthColumnName);
        var column = given ? Args.LengthColumnName : _model.MainInputName;
        if (!given && !dataset.Columns.Contains(column))
        {
            throw new InvalidArgumentException("length_column_name", $"is \"{Args.LengthColumnName}\", expected a column of the "
                + $"trainDataset ({string.Join(", ", dataset.Columns)}), which has no {column} either");
        }
        for (var row = 0; row < lengths.Length; row++)
        {
            var value = dataset[row, column];
            if (given ? value.Kind != FeatureKind.Int : !value.IsList)
            {
                throw new InvalidDataException($"row {row} of the trainDataset has {value.Kind} in {column}, "
                    + $"expected {(given ? "a whole number" : "a list")}: group_by_length needs lengths");
            }
            lengths[row] = given ? (int)value.Int : value.Length;
        }
        return new LengthGroupedSampler(Args.TrainBatchSize * Args.GradientAccumulationSteps, lengths, generator);
    }

    // remove_unused_columns: what neither the model's forward nor the loss reads does not reach the collator.
    private IDataset Prepared(IDataset dataset)
    {
        if (!Args.RemoveUnusedColumns) return dataset;
        var wanted = new HashSet<string>([.. _model.ForwardArguments, .. LabelNames, "label", "label_ids"]);
        IDataset selection = dataset is IIterableDataset stream
            ? new StreamColumns(stream, wanted.Contains)
            : new ColumnSelection(dataset, wanted.Contains);
        if (selection.Columns.Count > 0) return selection;
        throw new ArgumentException(
            $"none of the columns {string.Join(", ", dataset.Columns)} is an input of {_model.GetType().Name}, "
            + $"which takes {string.Join(", ", _model.ForwardArguments)}; set remove_unused_columns to false to keep them");
    }
}
