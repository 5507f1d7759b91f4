using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace NativeTrainer;

/// <summary>
/// Stops training when <c>metric_for_best_model</c> has not beaten the best saved value in several evaluations. It needs
/// <c>load_best_model_at_end</c>, <c>metric_for_best_model</c> and an evaluation strategy.
/// </summary>
/// <param name="earlyStoppingPatience">Evaluations without improvement after which to stop.</param>
/// <param name="earlyStoppingThreshold">An improvement must be larger than this.</param>
/// <param name="logger">Gets a warning when the metric is missing.</param>
public class EarlyStoppingCallback(int earlyStoppingPatience = 1, double earlyStoppingThreshold = 0.0, ILogger? logger = null)
    : TrainerCallback, IExportableState
{
    private const string CounterName = "early_stopping_patience_counter";

    private readonly ILogger _logger = logger ?? NullLogger.Instance;

    /// <summary>Evaluations without improvement after which to stop.</summary>
    public int EarlyStoppingPatience { get; } = earlyStoppingPatience;

    /// <summary>An improvement must be larger than this.</summary>
    public double EarlyStoppingThreshold { get; } = earlyStoppingThreshold;

    /// <summary>Evaluations without improvement so far; a training that resumes a checkpoint of ours goes on counting.</summary>
    public int EarlyStoppingPatienceCounter { get; private set; }

    /// <inheritdoc/>
    /// <exception cref="InvalidArgumentException">One of the three arguments that it needs is not set.</exception>
    public override void OnTrainBegin(TrainingArguments args, TrainerState state, TrainerControl control, CallbackContext context)
    {
        Require(args.LoadBestModelAtEnd, "load_best_model_at_end", args.LoadBestModelAtEnd, "true");
        Require(args.MetricForBestModel is not null, "metric_for_best_model", null, "a metric");
        Require(args.EvaluationStrategy != IntervalStrategy.No, "evaluation_strategy", "no", "steps or epoch");
    }

    /// <inheritdoc/>
    public override void OnEvaluate(TrainingArguments args, TrainerState state, TrainerControl control, CallbackContext context)
    {
        var name = BestMetric.Key(args);
        if (context.Metrics is null || !context.Metrics.TryGetValue(name, out var value))
        {
            _logger.LogWarning("early stopping needs the metric {Name}, which the evaluation does not have", name);
            return;
        }
        // The checkpoint comes after the evaluation, so the best value here is one of an earlier evaluation.
        var improved = state.BestMetric is not { } best
            || (BestMetric.IsBetter(args, value, best) && Math.Abs(value - best) > EarlyStoppingThreshold);
        EarlyStoppingPatienceCounter = improved ? 0 : EarlyStoppingPatienceCounter + 1;
        if (EarlyStoppingPatienceCounter >= EarlyStoppingPatience) control.ShouldTrainingStop = true;
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, object?> ExportState() =>
        new Dictionary<string, object?> { [CounterName] = (long)EarlyStoppingPatienceCounter };

    /// <inheritdoc/>
    public void ImportState(IReadOnlyDictionary<string, object?> state)
    {
        if (state.GetValueOrDefault(CounterName) is long counter) EarlyStoppingPatienceCounter = (int)counter;
    }

    private static void Require(bool condition, string name, object? found, string expected)
    {
        if (!condition) throw InvalidArgumentException.Value(name, found, expected + " with EarlyStoppingCallback");
    }
}
