using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace NativeTrainer;

/// <summary>Holds the callbacks and tells them of each event, in the order in which they were added.</summary>
public sealed class CallbackHandler
{
    private readonly List<TrainerCallback> _callbacks = [];
    private readonly ILogger _logger;

    /// <summary>Creates the handler.</summary>
    /// <param name="callbacks">The callbacks; that a <see cref="DefaultFlowCallback"/> is missing is warned of.</param>
    /// <param name="context">What callbacks may look at; the owner keeps it up to date.</param>
    /// <param name="logger">Gets the warnings.</param>
    public CallbackHandler(IEnumerable<TrainerCallback> callbacks, CallbackContext context, ILogger? logger = null)
    {
        Context = context;
        _logger = logger ?? NullLogger.Instance;
        foreach (var callback in callbacks) AddCallback(callback);
        if (!_callbacks.Any(c => c is DefaultFlowCallback))
        {
            _logger.LogWarning("there is no DefaultFlowCallback: other callbacks must ask for logs, evaluations, checkpoints and the end");
        }
    }

    /// <summary>What callbacks may look at.</summary>
    public CallbackContext Context { get; }

    /// <summary>The callbacks, in order.</summary>
    public IReadOnlyList<TrainerCallback> Callbacks => _callbacks;

    /// <summary>The types' names, one a line.</summary>
    public string CallbackList => string.Join('\n', _callbacks.Select(c => c.GetType().Name));

    /// <summary>Adds a callback at the end; a second one of the same type is warned of.</summary>
    public void AddCallback(TrainerCallback callback)
    {
        if (_callbacks.Any(c => c.GetType() == callback.GetType()))
        {
            _logger.LogWarning("a second {Type} is added to the callbacks", callback.GetType().Name);
        }
        _callbacks.Add(callback);
    }

    /// <summary>Adds a new callback of a type.</summary>
    public void AddCallback<T>()
        where T : TrainerCallback, new()
        => AddCallback(new T());

    /// <summary>Takes the first callback of a type (or a type derived from it) out, and returns it; null if there is none.</summary>
    public T? PopCallback<T>()
        where T : TrainerCallback
    {
        var found = _callbacks.OfType<T>().FirstOrDefault();
        if (found is not null) _callbacks.Remove(found);
        return found;
    }

    /// <summary>Takes a callback out, and returns it; null if it is not there.</summary>
    public TrainerCallback? PopCallback(TrainerCallback callback) => _callbacks.Remove(callback) ? callback : null;

    /// <summary>Takes the first callback of a type (or a type derived from it) out; does nothing if there is none.</summary>
    public void RemoveCallback<T>()
        where T : TrainerCallback
        => PopCallback<T>();

    /// <summary>Takes a callback out.</summary>
    /// <exception cref="ArgumentException">It is not there.</exception>
    public void RemoveCallback(TrainerCallback callback)
    {
        if (_callbacks.Remove(callback)) return;
        throw new ArgumentException($"this {callback.GetType().Name} is not among the callbacks", nameof(callback));
    }

    /// <summary>What callbacks keep for a resumed training, by their type's name.</summary>
    internal IReadOnlyDictionary<string, object?> ExportStates()
    {
        var states = new OrderedDictionary<string, object?>();
        foreach (var callback in _callbacks)
        {
            if (callback is IExportableState exportable) states.TryAdd(callback.GetType().Name, exportable.ExportState());
        }
        return states;
    }

    /// <summary>Gives callbacks what they kept.</summary>
    internal void ImportStates(IReadOnlyDictionary<string, object?> states)
    {
        foreach (var (name, state) in states)
        {
            var callback = _callbacks.FirstOrDefault(c => c.GetType().Name == name && c is IExportableState);
            (callback as IExportableState)?.ImportState((IReadOnlyDictionary<string, object?>)state!);
        }
    }

    /// <summary>The Trainer has been made.</summary>
    public void OnInitEnd(TrainingArguments args, TrainerState state, TrainerControl control)
    {
        foreach (var callback in _callbacks) callback.OnInitEnd(args, state, control, Context);
    }

    /// <summary>Training begins.</summary>
    public void OnTrainBegin(TrainingArguments args, TrainerState state, TrainerControl control)
    {
        control.NewTraining();
        foreach (var callback in _callbacks) callback.OnTrainBegin(args, state, control, Context);
    }

    /// <summary>Training has ended.</summary>
    public void OnTrainEnd(TrainingArguments args, TrainerState state, TrainerControl control)
    {
        foreach (var callback in _callbacks) callback.OnTrainEnd(args, state, control, Context);
    }

    /// <summary>An epoch begins.</summary>
    public void OnEpochBegin(TrainingArguments args, TrainerState state, TrainerControl control)
    {
        control.NewEpoch();
        foreach (var callback in _callbacks) callback.OnEpochBegin(args, state, control, Context);
    }

    /// <summary>An epoch has ended.</summary>
    public void OnEpochEnd(TrainingArguments args, TrainerState state, TrainerControl control)
    {
        foreach (var callback in _callbacks) callback.OnEpochEnd(args, state, control, Context);
    }

    /// <summary>A step begins.</summary>
    public void OnStepBegin(TrainingArguments args, TrainerState state, TrainerControl control)
    {
        control.NewStep();
        foreach (var callback in _callbacks) callback.OnStepBegin(args, state, control, Context);
    }

    /// <summary>A batch of an accumulation is done, but not the last one.</summary>
    public void OnSubstepEnd(TrainingArguments args, TrainerState state, TrainerControl control)
    {
        foreach (var callback in _callbacks) callback.OnSubstepEnd(args, state, control, Context);
    }

    /// <summary>A step has been made.</summary>
    public void OnStepEnd(TrainingArguments args, TrainerState state, TrainerControl control)
    {
        foreach (var callback in _callbacks) callback.OnStepEnd(args, state, control, Context);
    }

    /// <summary>An evaluation is done.</summary>
    public void OnEvaluate(TrainingArguments args, TrainerState state, TrainerControl control, Metrics metrics)
    {
        control.ShouldEvaluate = false;
        var context = Context with { Metrics = metrics };
        foreach (var callback in _callbacks) callback.OnEvaluate(args, state, control, context);
    }

    /// <summary>A prediction is done.</summary>
    public void OnPredict(TrainingArguments args, TrainerState state, TrainerControl control, Metrics metrics)
    {
        var context = Context with { Metrics = metrics };
        foreach (var callback in _callbacks) callback.OnPredict(args, state, control, context);
    }

    /// <summary>A checkpoint has been written.</summary>
    public void OnSave(TrainingArguments args, TrainerState state, TrainerControl control)
    {
        control.ShouldSave = false;
        foreach (var callback in _callbacks) callback.OnSave(args, state, control, Context);
    }

    /// <summary>Something is logged.</summary>
    public void OnLog(TrainingArguments args, TrainerState state, TrainerControl control, Metrics logs)
    {
        control.ShouldLog = false;
        var context = Context with { Logs = logs };
        foreach (var callback in _callbacks) callback.OnLog(args, state, control, context);
    }

    /// <summary>A batch of an evaluation or a prediction is done.</summary>
    public void OnPredictionStep(TrainingArguments args, TrainerState state, TrainerControl control)
    {
        foreach (var callback in _callbacks) callback.OnPredictionStep(args, state, control, Context);
    }
}
