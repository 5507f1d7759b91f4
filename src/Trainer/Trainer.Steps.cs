using Microsoft.Extensions.Logging;
using NativeTrainer.Autograd;
using NativeTrainer.Loop;
using NativeTrainer.Models;
using NativeTrainer.Optimization;
using NativeTrainer.Tensors;

namespace NativeTrainer;

// The steps of a training that users override.
public partial class Trainer
{
    /// <summary>The loss of a batch, and the model's outputs.</summary>
    /// <remarks>With <c>label_smoothing_factor</c> the loss is computed here from the logits,
    /// shifted for causal language models; else it is the model's.</remarks>
    public virtual (Tensor Loss, ModelOutput Outputs) ComputeLoss(PreTrainedModel model, Batch inputs)
    {
        if (Args.LabelSmoothingFactor != 0 && inputs.TryGet("labels", out var labels))
        {
            var unlabelled = model.Forward(inputs.Without("labels"));
            var shifts = model.IsCausalLanguageModel;
            return (unlabelled.Logits.LabelSmoothedLoss(labels, Args.LabelSmoothingFactor, shiftLabels: shifts), unlabelled);
        }
        var outputs = model.Forward(inputs);
        if (outputs.Loss is { } loss) return (loss, outputs);
        throw new InvalidOperationException(
            $"{model.GetType().Name} returned no loss, only {string.Join(", ", outputs.Items().Select(item => item.Name))}; "
            + $"it was given {string.Join(", ", inputs.Names)}. Is a column of labels missing?");
    }

    /// <summary>Forward and backward of a batch.</summary>
    /// <returns>The loss divided by the accumulation steps, detached.</returns>
    public virtual Tensor TrainingStep(PreTrainedModel model, Batch inputs)
    {
        model.Train();
        _watch?.BeginBatch();
        Tensor loss;
        using (ComputeLossContextManager()) (loss, _) = ComputeLoss(model, inputs);
        _watch?.Loss(loss);
        var targets = Args.WarnEmptyLabels || _session?.Tokens is not null ? TargetTokens.Of(inputs, model.IsCausalLanguageModel) : null;
        if (Args.WarnEmptyLabels && targets is { Predicted: 0 }) Warn($"step {State.GlobalStep + 1}: all labels of a batch are -100");
        if (_session?.Tokens is { } tokens && targets is { } counts)
        {
            var weight = tokens.Weight(counts);
            if (weight == 0) return Tensor.Scalar(0f);
            loss = loss * weight;
        }
        else if (Args.GradientAccumulationSteps > 1)
        {
            loss = loss / Args.GradientAccumulationSteps;
        }
        Backward(loss);
        return loss.Detach();
    }

    /// <summary>The backward pass of a loss that is divided by the accumulation steps already; float16's losses are scaled first.</summary>
    protected void Backward(Tensor loss)
    {
        if (_session?.Scaler is { } scaler) loss = scaler.Scale(loss);
        loss.Backward();
    }

    /// <summary>The precision that <see cref="ComputeLoss"/> is called in, to be left by disposing it.</summary>
    public virtual Autocast.Scope ComputeLossContextManager() => AutocastSmartContextManager();

    /// <summary>The mixed precision that the arguments ask for (<c>bf16</c>, <c>fp16</c>), if they do; to be left by disposing it.</summary>
    public virtual Autocast.Scope AutocastSmartContextManager() => Precision.Enter();

    /// <summary>Settles what the training runs on; the constructor calls it first. One process trains on one device without a wrapper, so what
    /// is left to do is to refuse arguments that ask for more.</summary>
    /// <exception cref="InvalidArgumentException">An argument is set that is not supported.</exception>
    public virtual void CreateAcceleratorAndPostprocess() => SupportedArguments.Check(Args);

    /// <summary>Makes <see cref="Optimizer"/>, unless there is one.</summary>
    public virtual Optimizer CreateOptimizer() =>
        Optimizer ??= Optimizers.Create(
            Args, ParameterGroup.Of(_model, GetDecayParameterNames(_model), Args.LearningRate, Args.WeightDecay), _model);

    /// <summary>What makes the optimizer that <c>args.Optim</c> names, and the settings that it takes from the arguments.</summary>
    /// <returns>The maker, which is given parameter groups; <c>lr</c>, then <c>betas</c> and <c>eps</c> where the optimizer has them, then
    /// <c>optim_args</c> as text.</returns>
    /// <exception cref="InvalidArgumentException">The optimizer is not for this machine, or optim_args is malformed.</exception>
    public static (Func<IReadOnlyList<ParameterGroup>, Optimizer> OptimizerCls, IReadOnlyDictionary<string, object?> OptimizerKwargs)
        GetOptimizerClsAndKwargs(TrainingArguments args) => (groups => Optimizers.Create(args, groups), Optimizers.Settings(args));

    /// <summary>Makes <see cref="Scheduler"/>, unless there is one.</summary>
    public virtual LearningRateScheduler CreateScheduler(int numTrainingSteps, Optimizer optimizer)
    {
        if (Scheduler is { } given) return given;
        _ownsScheduler = true;
        return Scheduler = LearningRateSchedules.Create(
            Args.LrSchedulerType, optimizer.Groups, Args.GetWarmupSteps(numTrainingSteps), numTrainingSteps, Args.LrSchedulerKwargs);
    }

    /// <summary>Makes both.</summary>
    public virtual void CreateOptimizerAndScheduler(int numTrainingSteps) => CreateScheduler(numTrainingSteps, CreateOptimizer());

    /// <summary>The parameters that weight decay applies to.</summary>
    public virtual IReadOnlySet<string> GetDecayParameterNames(PreTrainedModel model) => ParameterGroup.DecayParameterNames(model);

    /// <summary>Floating point operations of a forward and backward pass, as the model counts them.</summary>
    public virtual double FloatingPointOps(Batch inputs) => _model.FloatingPointOps(inputs);

    /// <summary>Makes the model of a constructor's <c>modelInit</c>.</summary>
    public virtual PreTrainedModel CallModelInit() =>
        _modelInit?.Invoke() ?? throw new InvalidOperationException("modelInit returned no model");

    /// <summary>Logs, evaluates and saves, each if its flag is up; in this order.</summary>
    internal void LogSaveEvaluate(TrainingSession session)
    {
        if (Control.ShouldLog && State.GlobalStep > session.Loss.LastLoggedStep)
        {
            var logs = new Metrics { ["loss"] = PythonText.Round(session.Loss.TakeAverage(State.GlobalStep), 4) };
            if (Args.LogGradNorm) logs["grad_norm"] = Optimizer!.LastGradientNorm;
            logs["learning_rate"] = Scheduler!.LastLearningRate;
            StoreFlos();
            Log(logs);
        }
        Metrics? metrics = null;
        if (Control.ShouldEvaluate)
        {
            metrics = EvaluateAll(session.IgnoreKeysForEval);
            if (Scheduler is ReduceLearningRateOnPlateau plateau) plateau.Step(metrics[BestMetric.Key(Args)]);
        }
        if (Control.ShouldSave)
        {
            SaveCheckpoint(metrics);
            Callbacks.OnSave(Args, State, Control);
        }
    }

    // auto_find_batch_size: a training that runs out of memory begins again with half the batch.
    private TrainOutput FindBatchSize(Func<TrainOutput> train)
    {
        if (!Args.AutoFindBatchSize) return train();
        var (start, optimizer, limit) = (new StartingPoint(_model), Optimizer, HostMemoryUse.LimitBytes);
        HostMemoryUse.LimitBytes ??= Math.Max(1, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes); // refused, not killed
        try
        {
            while (true)
            {
                try
                {
                    return train();
                }
                catch (OutOfMemoryException e)
                {
                    _session?.Dispose();
                    _session = null;
                    if (_trainBatchSize == 1) throw new OutOfMemoryException("auto_find_batch_size: a batch of one row does not fit either", e);
                    Warn($"a batch of {_trainBatchSize} does not fit in memory; training begins again with {_trainBatchSize / 2}");
                    _trainBatchSize /= 2;
                    Optimizer = optimizer;
                    start.Restore();
                }
            }
        }
        finally
        {
            HostMemoryUse.LimitBytes = limit;
        }
    }

    internal PrecisionPolicy Precision => _precision ??= new PrecisionPolicy(Args);

    internal void CountTokens(Batch batch)
    {
        if (!Args.IncludeNumInputTokensSeen) return;
        if (batch.TryGet(_model.MainInputName, out var input)) State.NumInputTokensSeen += input.ElementCount;
    }

    internal void Warn(string message) => _logger.LogWarning("{Message}", message);
}
