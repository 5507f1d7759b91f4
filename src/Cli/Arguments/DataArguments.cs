namespace NativeTrainer.Cli.Arguments;

/// <summary>Which files, and how rows are made of them: the names of Hugging Face's run_clm, and files to predict.</summary>
internal sealed class DataArguments : IArgumentGroup
{
    private const string Category = "data";
    private const string NoDownload = "data comes from files, nothing is downloaded; use train_file";

    private static readonly ArgumentTable<DataArguments> Table = new(new())
    {
        { "train_file", Category, a => a.TrainFile, (a, v) => a.TrainFile = v,
          "What to train on: .txt, .jsonl, .json, .csv, .tsv, .parquet, .arrow (.gz too), folders or globs; a name that begins with ! "
          + "takes files out again." },
        { "validation_file", Category, a => a.ValidationFile, (a, v) => a.ValidationFile = v, "What to evaluate on." },
        { "test_file", Category, a => a.TestFile, (a, v) => a.TestFile = v,
            "What to predict; predictions.jsonl receives the logits of each row." },
        { "block_size", Category, a => a.BlockSize, (a, v) => a.BlockSize = v,
          "causal-lm: tokens in a row of joined text; unset: the tokenizer's longest input, or 1024 and the model's positions if that is less." },
        { "keep_linebreaks", Category, a => a.KeepLinebreaks, (a, v) => a.KeepLinebreaks = v, "Keep the line breaks of .txt files." },
        { "validation_split_percentage", Category, a => a.ValidationSplitPercentage, (a, v) => a.ValidationSplitPercentage = v,
          "Without validation_file: how much of train_file, from its beginning, is evaluated on instead; unset: nothing." },
        { "max_train_samples", Category, a => a.MaxTrainSamples, (a, v) => a.MaxTrainSamples = v, "Train on this many rows at most." },
        { "max_eval_samples", Category, a => a.MaxEvalSamples, (a, v) => a.MaxEvalSamples = v, "Evaluate on this many rows at most." },
        { "max_predict_samples", Category, a => a.MaxPredictSamples, (a, v) => a.MaxPredictSamples = v, "Predict this many rows at most." },
        { "sample_prompt", Category, a => a.SamplePrompt, (a, v) => a.SamplePrompt = v,
          "Text that the trained model goes on with at the end; unset: none." },
        { "sample_tokens", Category, a => a.SampleTokens, (a, v) => a.SampleTokens = v,
            "Tokens that it adds to sample_prompt; unset: 200, or as many as it has positions for." },
        { "overwrite_cache", Category, a => a.OverwriteCache, (a, v) => a.OverwriteCache = v,
          "Tokenize text again instead of taking what the last run kept; what it kept is replaced." },
        { "data_cache_dir", Category, a => a.DataCacheDir, (a, v) => a.DataCacheDir = v,
          "Where tokenized text is kept (16 MB of text and more; 4 bytes a token): a folder, or none; unset: $NATIVETRAINER_CACHE, else "
          + "nativetrainer in the user's cache folder." },
        { "packing", Category, a => a.Packing, (a, v) => a.Packing = v,
          "causal-lm: short texts share rows of block_size tokens without seeing each other, instead of being joined and cut." },
        { "dataset_name", Category, a => a.DatasetName, (a, v) => a.DatasetName = v, "Data set to download." },
        { "dataset_config_name", Category, a => a.DatasetConfigName, (a, v) => a.DatasetConfigName = v, "Part of that data set." },
        { "streaming", Category, a => a.Streaming, (a, v) => a.Streaming = v,
          "Language models: read rows while training, for data larger than memory; needs max_steps." },
        { "shuffle_buffer_size", Category, a => a.ShuffleBufferSize, (a, v) => a.ShuffleBufferSize = v,
          "With streaming: rows in memory of which the next is drawn; unset: 10000; 0: none, rows come as they are read." },
        { "preprocessing_num_workers", Category, a => a.PreprocessingNumWorkers, (a, v) => a.PreprocessingNumWorkers = v,
          "Processes that tokenize; each joins its own part of the rows." },
    };

    public IReadOnlyList<string>? TrainFile { get; set; }

    public IReadOnlyList<string>? ValidationFile { get; set; }

    public IReadOnlyList<string>? TestFile { get; set; }

    public int? BlockSize { get; set; }

    public bool KeepLinebreaks { get; set; } = true;

    public int? ValidationSplitPercentage { get; set; }

    public int? MaxTrainSamples { get; set; }

    public int? MaxEvalSamples { get; set; }

    public int? MaxPredictSamples { get; set; }

    public string? SamplePrompt { get; set; }

    public int? SampleTokens { get; set; }

    public bool OverwriteCache { get; set; }

    public string? DatasetName { get; set; }

    public string? DatasetConfigName { get; set; }

    public bool Streaming { get; set; }

    public int? ShuffleBufferSize { get; set; }

    public string? DataCacheDir { get; set; }

    public bool Packing { get; set; }

    public int? PreprocessingNumWorkers { get; set; }

    public IReadOnlyList<ArgumentField> Fields => Table;

    /// <inheritdoc/>
    public void Complete()
    {
        Refusal.IfSet(this, "dataset_name", NoDownload);
        Refusal.IfSet(this, "dataset_config_name", NoDownload);
        if (ShuffleBufferSize < 0) throw Wrong("shuffle_buffer_size", ShuffleBufferSize.Value, "a whole number from 0 up");
        if (!Streaming && ShuffleBufferSize is { } size) throw Wrong("shuffle_buffer_size", size, "streaming too, or it to be unset");
        if (Streaming && ValidationSplitPercentage is { } split)
            throw Wrong("validation_split_percentage", split, "a validation_file instead: a stream has no percentage of its rows");
        Refusal.IfSet(this, "preprocessing_num_workers", "one thread tokenizes; leave it out");
        if (TrainFile is null or []) throw new InvalidArgumentException("train_file",
            "is missing, expected a .txt, a .jsonl, a folder or a glob");
        if (ValidationSplitPercentage is { } percentage)
        {
            if (percentage is < 1 or > 99) throw Wrong("validation_split_percentage", percentage, "a whole number from 1 to 99");
            if (ValidationFile is not null) throw Wrong("validation_split_percentage", percentage,
                "it to be unset where there is a validation_file");
        }
        foreach (var (name, count) in new[]
        {
            ("max_train_samples", MaxTrainSamples), ("max_eval_samples", MaxEvalSamples), ("max_predict_samples", MaxPredictSamples),
            ("sample_tokens", SampleTokens),
        })
        {
            if (count < 1) throw Wrong(name, count.Value, "a whole number from 1 up");
        }
    }

    private static InvalidArgumentException Wrong(string name, int found, string expected) => new(name, $"is {found}, expected {expected}");
}
