using Microsoft.Extensions.Logging;
using NativeTrainer.Autograd;
using NativeTrainer.Data;
using NativeTrainer.Kernels;
using NativeTrainer.Models;
using NativeTrainer.Models.Tokenizers;
using NativeTrainer.Optimization;
using NativeTrainer.Tensors;

namespace NativeTrainer;

/// <summary>A <see cref="Trainer"/> for models that read one text and write another: with <c>predict_with_generate</c> evaluations
/// and predictions are generated sequences. Hugging Face's <c>Seq2SeqTrainer</c> of Transformers 4.37.2.</summary>
/// <remarks>
/// What generation options of a call leave open, <c>generation_max_length</c> and <c>generation_num_beams</c> say, then the model's
/// generation configuration. Generated rows begin with the decoder's start token and are padded to that configuration's
/// <c>max_length</c>; where batches are still of different width, the places beyond hold -100. Unlike in <see cref="Trainer"/> each
/// batch counts the same in <c>eval_loss</c>, a short last one too.
/// <example><code>
/// var args = new Seq2SeqTrainingArguments("out") { PredictWithGenerate = true, GenerationMaxLength = 64 };
/// var trainer = new Seq2SeqTrainer(model, args, trainDataset: rows);
/// var output = trainer.Predict(test, new Dictionary&lt;string, object?&gt; { ["num_beams"] = 4 });
/// </code></example>
/// </remarks>
public class Seq2SeqTrainer : Trainer
{
    private readonly Seq2SeqTrainingArguments _args;
    private IReadOnlyDictionary<string, object?>? _options; // of the evaluation that is running

    /// <summary>Makes a trainer; see <see cref="Trainer"/> for the parameters.</summary>
    /// <param name="model">What to train; its generation configuration is replaced where <paramref name="args"/> have one.</param>
    /// <param name="args">The settings.</param>
    /// <param name="dataCollator">Makes batches; it supplies <c>decoder_input_ids</c> where labels are smoothed.</param>
    /// <param name="trainDataset">Rows to train on.</param>
    /// <param name="evalDataset">Rows to evaluate on.</param>
    /// <param name="tokenizer">Saved beside the model; its padding id fills generated rows.</param>
    /// <param name="modelInit">Makes the model anew at each training.</param>
    /// <param name="computeMetrics">Metrics from all predictions and labels; without them an evaluation generates nothing.</param>
    /// <param name="callbacks">Beside the default flow.</param>
    /// <param name="optimizer">Instead of the one that the settings name.</param>
    /// <param name="scheduler">Instead of the one that the settings name.</param>
    /// <param name="preprocessLogitsForMetrics">Makes what is collected out of each batch's (logits or generated ids, labels).</param>
    /// <param name="evalDatasets">Several named evaluation sets instead of one.</param>
    /// <param name="logger">Receives warnings.</param>
    /// <param name="timeProvider">The clock of runtimes and rates.</param>
    public Seq2SeqTrainer(
        PreTrainedModel? model = null,
        Seq2SeqTrainingArguments? args = null,
        DataCollator? dataCollator = null,
        IDataset? trainDataset = null,
        IDataset? evalDataset = null,
        ITokenizer? tokenizer = null,
        Func<PreTrainedModel>? modelInit = null,
        Func<EvalPrediction, Metrics>? computeMetrics = null,
        IEnumerable<TrainerCallback>? callbacks = null,
        Optimizer? optimizer = null,
        LearningRateScheduler? scheduler = null,
        Func<Tensor, Tensor?, Tensor>? preprocessLogitsForMetrics = null,
        IReadOnlyDictionary<string, IDataset>? evalDatasets = null,
        ILogger? logger = null,
        TimeProvider? timeProvider = null)
        : base(
            model, args ??= new Seq2SeqTrainingArguments("tmp_trainer"), dataCollator, trainDataset, evalDataset, tokenizer, modelInit,
            computeMetrics, callbacks, optimizer, scheduler, preprocessLogitsForMetrics, evalDatasets, logger, timeProvider)
    {
        _args = args;
        if (_args.SortishSampler)
        {
            Warn("sortish_sampler changes nothing, as in Transformers 4.37.2; group_by_length puts rows of like length together");
        }
        if (modelInit is null) SetGenerationConfig(Model);
    }

    /// <inheritdoc/>
    public override PreTrainedModel CallModelInit()
    {
        var model = base.CallModelInit();
        SetGenerationConfig(model);
        return model;
    }

    /// <summary>Evaluates with generation options of this call: <c>max_length</c>, <c>num_beams</c> or any other of
    /// <see cref="GenerationConfig"/>; for several named sets they hold for each.</summary>
    /// <param name="generation">The options by name; max_length and num_beams of null are as if they were not there.</param>
    /// <param name="evalDataset">Instead of the trainer's own set (or sets).</param>
    /// <param name="ignoreKeys">Outputs of the model to leave out of the predictions.</param>
    /// <param name="metricKeyPrefix">In front of every metric's name.</param>
    public Metrics Evaluate(
        IReadOnlyDictionary<string, object?> generation, IDataset? evalDataset = null, IReadOnlyList<string>? ignoreKeys = null,
        string metricKeyPrefix = "eval") => WithOptions(generation, () => Evaluate(evalDataset, ignoreKeys, metricKeyPrefix));

    /// <summary>Predicts with generation options of this call; see <see cref="Evaluate(IReadOnlyDictionary{string, object?}, IDataset?,
    /// IReadOnlyList{string}?, string)"/>.</summary>
    /// <param name="testDataset">The rows.</param>
    /// <param name="generation">The options by name.</param>
    /// <param name="ignoreKeys">Outputs of the model to leave out of the predictions.</param>
    /// <param name="metricKeyPrefix">In front of every metric's name.</param>
    public PredictionOutput Predict(
        IDataset testDataset, IReadOnlyDictionary<string, object?> generation, IReadOnlyList<string>? ignoreKeys = null,
        string metricKeyPrefix = "test") => WithOptions(generation, () => Predict(testDataset, ignoreKeys, metricKeyPrefix));

    /// <inheritdoc/>
    public override (Tensor? Loss, IReadOnlyList<Tensor> Outputs, IReadOnlyList<Tensor> Labels) PredictionStep(
        PreTrainedModel model, Batch inputs, bool predictionLossOnly, IReadOnlyList<string>? ignoreKeys = null)
    {
        if (!_args.PredictWithGenerate || predictionLossOnly)
        {
            return base.PredictionStep(model, inputs, predictionLossOnly, ignoreKeys);
        }
        using var silent = NoGrad.Enter();
        var options = GenerationOptions();
        var generated = Generate(model, inputs, options);
        var settings = model.GenerationConfig ?? new GenerationConfig();
        settings["_from_model_config"] = false; // as Transformers, which writes it so into the files of later saves
        generated = PadToLength(generated, settings);
        if (!inputs.TryGet("labels", out var labels)) return (null, [generated], []);
        return (GenerationLoss(model, inputs, labels), [generated], [PadToLength(labels, settings)]);
    }

    /// <summary>Generates for a batch.</summary>
    /// <param name="model">The model.</param>
    /// <param name="inputs">The batch; decoder_input_ids that are not of the labels' shape are what the rows begin with.</param>
    /// <param name="options">The model's generation configuration with the options of the call.</param>
    /// <returns>[rows, length] of int64.</returns>
    protected virtual Tensor Generate(PreTrainedModel model, Batch inputs, GenerationConfig options)
    {
        var begin = inputs.Find("decoder_input_ids");
        if (begin is { } ids && inputs.TryGet("labels", out var labels) && ids.Shape == labels.Shape) begin = null; // made of the answer
        var given = new GenerateInputs(inputs[model.MainInputName])
        {
            AttentionMask = inputs.Find("attention_mask"),
            DecoderInputIds = begin,
        };
        return model.Generate(given, options).Sequences;
    }

    /// <inheritdoc/>
    private protected override int LossWeight(int rows) => Args.EvalBatchSize;

    private void SetGenerationConfig(PreTrainedModel model)
    {
        // Args: the constructor of the base calls this before ours has run.
        if (((Seq2SeqTrainingArguments)Args).LoadGenerationConfig() is { } config) model.GenerationConfig = config;
    }

    // The loss of a pass that is told the right answers.
    private Tensor GenerationLoss(PreTrainedModel model, Batch inputs, Tensor labels)
    {
        var outputs = model.Forward(inputs);
        if (Args.LabelSmoothingFactor != 0) return outputs.Logits.LabelSmoothedLoss(labels, Args.LabelSmoothingFactor, shiftLabels: false);
        return outputs.Loss ?? throw new InvalidOperationException($"{model.GetType().Name} returned no loss for labels");
    }

    private GenerationConfig GenerationOptions()
    {
        var options = Models.GenerationConfig.Of(Model, Warn).Clone();
        foreach (var (name, value) in _options ?? new Dictionary<string, object?>())
        {
            if (value is not null || name is not ("max_length" or "num_beams")) options[name] = value;
        }
        if (Given("max_length") is null && Given("max_new_tokens") is null && _args.GenerationMaxLength is { } length)
        {
            options["max_length"] = length;
        }
        if (Given("num_beams") is null && _args.GenerationNumBeams is { } beams) options["num_beams"] = beams;
        return options;

        object? Given(string name) => _options?.GetValueOrDefault(name);
    }

    private Tensor PadToLength(Tensor rows, GenerationConfig settings)
    {
        var width = (int)rows.Size(1);
        if (settings.MaxLength is { } length && width < length) return Pad(rows, length);
        return settings.MaxNewTokens is { } tokens && width < tokens + 1 ? Pad(rows, tokens + 1) : rows;
    }

    private Tensor Pad(Tensor rows, int width)
    {
        var padded = Tensor.Empty([rows.Size(0), width], rows.DType);
        Backend.For(padded).Fill(padded, PaddingId());
        Backend.For(padded).Copy(rows, padded.WithLayout(padded.Layout.Slice(1, 0, rows.Size(1))));
        return padded;
    }

    private int PaddingId() => Tokenizer is { } tokenizer
        ? tokenizer.SpecialTokens.Pad?.Id ?? tokenizer.SpecialTokens.Eos?.Id ?? throw NoPadding("neither a pad_token nor an eos_token")
        : Model.Config.PadTokenId ?? throw NoPadding("no pad_token_id");

    private static InvalidOperationException NoPadding(string found) =>
        new($"generated rows are padded, and the tokenizer or the model's configuration has {found}");

    private TResult WithOptions<TResult>(IReadOnlyDictionary<string, object?> options, Func<TResult> run)
    {
        var outer = _options;
        _options = options;
        try
        {
            return run();
        }
        finally
        {
            _options = outer;
        }
    }
}
