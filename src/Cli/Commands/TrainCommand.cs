using NativeTrainer.Cli.Arguments;
using NativeTrainer.Cli.Tasks;
using NativeTrainer.Cli.Terminal;
using NativeTrainer.Models;
using NativeTrainer.Models.Tokenizers;
using NativeTrainer.Tensors;

namespace NativeTrainer.Cli.Commands;

/// <summary>
/// <c>nativetrainer train</c>: reads files, trains, evaluates, predicts, and writes a Hugging Face folder with the results.
/// </summary>
internal sealed class TrainCommand
{
    private readonly string[] _words;
    private readonly ModelArguments _model;
    private readonly DataArguments _data;
    private readonly TaskArguments _task;
    private readonly Seq2SeqTrainingArguments _args;

    private TrainCommand(string[] words, ModelArguments model, DataArguments data, TaskArguments task, Seq2SeqTrainingArguments args) =>
        (_words, _model, _data, _task, _args) = (words, model, data, task, args);

    /// <summary>Runs the command.</summary>
    /// <param name="words">The words after <c>train</c>.</param>
    public static int Run(string[] words)
    {
        var (model, data, task, args) = (new ModelArguments(), new DataArguments(), new TaskArguments(), new Seq2SeqTrainingArguments(""));
        var parser = new HfArgumentParser(model, data, task, args, new MachineArguments());
        if (parser.Parse(words)) return new TrainCommand(words, model, data, task, args).Run();
        Console.Write(Help.Train());
        return 0;
    }

    private int Run()
    {
        // Everything that can be wrong with the input is looked at before anything is written.
        SupportedArguments.Check(_args);
        SupportedArguments.CheckForTraining(_args);
        TaskOptions.Check(_model.Task, _data, _task, _args);
        CheckEvaluation();
        var checkpoint = OutputFolder.CheckpointToResume(_args);
        var config = ReadConfig();
        var tokenizer = ReadTokenizer();
        var task = new TaskContext(_model, _data, _task, _args, config, tokenizer).CreateTask();
        var data = task.Read();
        var model = MakeModel(config);
        var tools = task.Prepare(model);
        CheckSample(model, tokenizer);

        var display = TrainingDisplay.For(_args);
        using var interruption = new Interruption(isTraining: true);
        var trainer = MakeTrainer(model, tokenizer, data, tools, [interruption]);

        trainer.RemoveCallback(trainer.Callbacks.Callbacks[^1]); // the display shows what the default would show
        foreach (var callback in display.Callbacks) trainer.AddCallback(callback);
        display.Begin(Describe(model, data, checkpoint));
        var result = display.Watch(() => trainer.Train(checkpoint));
        if (interruption.IsRequested) return Stop(trainer, interruption);
        interruption.TrainingIsDone();
        try
        {
            FinishTraining(trainer, display, result.Metrics, Rows(data.Train));
            if (data.Validation is { } validation) Evaluate(trainer, task, display, Rows(validation));
            if (data.Test is { } test) Predict(trainer, task, display, test);
            DrawLoss(trainer, display);
            WriteSample(model, tokenizer, interruption.Token);
            return interruption.ExitCode;
        }
        catch (OperationCanceledException)
        {
            Console.WriteLine($"stopped after the training; the trained model is in {_args.OutputDir}");
            return interruption.ExitCode;
        }
    }

    private void CheckEvaluation()
    {
        var hasValidation = _data.ValidationFile is { Count: > 0 } || _data.ValidationSplitPercentage is not null;
        if (!hasValidation && _args.EvaluationStrategy != IntervalStrategy.No)
            throw new InvalidArgumentException("evaluation_strategy", "asks for evaluations, expected a validation_file too, or \"no\"");
        if (!hasValidation && _args.DoEval) throw new InvalidArgumentException("do_eval", "is true, expected a validation_file too");
        if (_data.TestFile is null or [] && _args.DoPredict) throw new InvalidArgumentException("do_predict",
            "is true, expected a test_file too");
    }

    private PretrainedConfig ReadConfig()
    {
        var config = (_model.ConfigName ?? _model.ModelNameOrPath) is { } path
            ? AutoModel.ConfigFromPretrained(path)
            : AutoModel.ConfigForType(_model.ModelType!);
        if (_model.ModelType is { } type && type != config.ModelType)
            throw new InvalidArgumentException("model_type", $"is \"{type}\", expected \"{config.ModelType}\", which the config.json says");
        if (_model.ConfigOverrides is { } overrides) config.UpdateFromString(overrides);
        config.AttnImplementation = _model.AttnImplementation ?? config.AttnImplementation;
        config.Validate();
        return config;
    }

    private ITokenizer? ReadTokenizer()
    {
        if (_model.TokenizerName is { } name) return Tokenizer.FromPretrained(name);
        return _model.ModelNameOrPath is { } folder && Tokenizer.ExistsIn(folder) ? Tokenizer.FromPretrained(folder) : null;
    }

    private PreTrainedModel MakeModel(PretrainedConfig config)
    {
        TorchGenerator.Default.Seed((ulong)_args.Seed); // as set_seed before the model: the same seed, the same initial weights
        return _model.ModelNameOrPath is { } folder
            ? AutoModel.FromPretrained(folder, _model.Task, config, warn: CommandLine.Warn)
            : AutoModel.FromConfig(config, _model.Task);
    }

    private Trainer MakeTrainer(
        PreTrainedModel model, ITokenizer? tokenizer, TrainingData data, TaskTools tools, IEnumerable<TrainerCallback> callbacks)
    {
        var logger = new ErrorStreamLogger(_args.GetProcessLogLevel());
        return _model.Task == AutoModel.Seq2Seq
            ? new Seq2SeqTrainer(
                model, _args, tools.Collator, data.Train, data.Validation, tokenizer, null, tools.ComputeMetrics, callbacks,
                preprocessLogitsForMetrics: tools.PreprocessLogits, logger: logger)
            : new Trainer(
                model, _args, tools.Collator, data.Train, data.Validation, tokenizer, null, tools.ComputeMetrics, callbacks,
                preprocessLogitsForMetrics: tools.PreprocessLogits, logger: logger);
    }

    private static string Describe(PreTrainedModel model, TrainingData data, string? checkpoint)
    {
        var rows = $"{Spell(data.Train)} to train on" + (data.Validation is { } validation ? $", {Spell(validation)} to evaluate on" : "");
        return $"{model.Architecture}, {model.NumParameters():N0} parameters; {rows}" + (checkpoint is null ? ""
            : $"; going on from {checkpoint}");
    }

    // Null for a stream, which does not say.
    private static int? Rows(Data.IDataset rows) => rows is Data.IIterableDataset { Length: null } ? null : rows.Count;

    private static string Spell(Data.IDataset rows) => Rows(rows) is { } count ? $"{count:N0} rows" : "a stream of rows";

    private void FinishTraining(Trainer trainer, TrainingDisplay display, Metrics metrics, int? rows)
    {
        trainer.SaveModel();
        if (rows is { } count) metrics["train_samples"] = count;
        display.Results(trainer, "train", metrics);
        trainer.SaveMetrics("train", metrics);
        trainer.SaveState();
    }

    private static void Evaluate(Trainer trainer, ITask task, TrainingDisplay display, int? rows)
    {
        var metrics = display.Watch(() => trainer.Evaluate());
        if (rows is { } count) metrics["eval_samples"] = count;
        task.AddMetrics(metrics);
        display.Results(trainer, "eval", metrics);
        trainer.SaveMetrics("eval", metrics);
    }

    private void Predict(Trainer trainer, ITask task, TrainingDisplay display, Data.IDataset rows)
    {
        task.Measured = Split.Test;
        var output = display.Watch(() => trainer.Predict(rows));
        display.Results(trainer, "test", output.Metrics);
        trainer.SaveMetrics("test", output.Metrics);
        task.WritePredictions(output, Path.Combine(_args.OutputDir, PredictionsFile.Name));
    }

    private void DrawLoss(Trainer trainer, TrainingDisplay display)
    {
        var history = LossHistory.Of(trainer.State);
        if (history.IsEmpty) return;
        LossPicture.Save(Path.Combine(_args.OutputDir, LossPicture.Name), history);
        display.End(history);
    }

    private void WriteSample(PreTrainedModel model, ITokenizer? tokenizer, CancellationToken cancellation)
    {
        if (_data.SamplePrompt is not { } prompt) return;
        Console.WriteLine();
        new TextGenerator(model, tokenizer!).Write(prompt, SampleOptions, Console.Out, cancellation);
    }

    private TextGenerator.Options SampleOptions =>
        new(_data.SampleTokens, DoSample: true, Temperature: 0.8, TopK: 40, TopP: 1.0, Seed: (ulong)_args.Seed);

    private void CheckSample(PreTrainedModel model, ITokenizer? tokenizer)
    {
        if (_data.SamplePrompt is not { } prompt) return;
        if (tokenizer is null) throw new InvalidArgumentException("sample_prompt",
            "is text, expected a tokenizer for it: set tokenizer_name");
        new TextGenerator(model, tokenizer).Check(prompt, SampleOptions);
    }

    private int Stop(Trainer trainer, Interruption interruption)
    {
        var folder = Checkpoints.CheckpointFolder.PathOf(_args.OutputDir, trainer.State.GlobalStep);
        Console.WriteLine($"stopped at step {trainer.State.GlobalStep} of {trainer.State.MaxSteps}; checkpoint in {folder}");
        var words = _words.Append("--resume_from_checkpoint").Append(folder).Select(Shell.Quote);
        Console.WriteLine("go on with: nativetrainer train " + string.Join(' ', words));
        return interruption.ExitCode;
    }
}
