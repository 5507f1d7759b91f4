namespace NativeTrainer;

/// <summary>
/// Something that looks on at certain points of a training, and may raise flags of the <see cref="TrainerControl"/> to steer it. Override
/// the events that matter; the others do nothing.
/// </summary>
/// <example><code>
/// sealed class StopAt(double loss) : TrainerCallback
/// {
///     public override void OnLog(TrainingArguments args, TrainerState state, TrainerControl control, CallbackContext context)
///         =&gt; control.ShouldTrainingStop |= context.Logs!.TryGetValue("loss", out var last) &amp;&amp; last &lt; loss;
/// }
/// </code></example>
public abstract class TrainerCallback
{
    /// <summary>The Trainer has been made.</summary>
    public virtual void OnInitEnd(TrainingArguments args, TrainerState state, TrainerControl control, CallbackContext context)
    {
    }

    /// <summary>Training begins.</summary>
    public virtual void OnTrainBegin(TrainingArguments args, TrainerState state, TrainerControl control, CallbackContext context)
    {
    }

    /// <summary>Training has ended.</summary>
    public virtual void OnTrainEnd(TrainingArguments args, TrainerState state, TrainerControl control, CallbackContext context)
    {
    }

    /// <summary>An epoch begins.</summary>
    public virtual void OnEpochBegin(TrainingArguments args, TrainerState state, TrainerControl control, CallbackContext context)
    {
    }

    /// <summary>An epoch has ended.</summary>
    public virtual void OnEpochEnd(TrainingArguments args, TrainerState state, TrainerControl control, CallbackContext context)
    {
    }

    /// <summary>A step begins: with accumulation, the first of its batches.</summary>
    public virtual void OnStepBegin(TrainingArguments args, TrainerState state, TrainerControl control, CallbackContext context)
    {
    }

    /// <summary>A batch of an accumulation is done, but not the last one.</summary>
    public virtual void OnSubstepEnd(TrainingArguments args, TrainerState state, TrainerControl control, CallbackContext context)
    {
    }

    /// <summary>A step has been made, update included.</summary>
    public virtual void OnStepEnd(TrainingArguments args, TrainerState state, TrainerControl control, CallbackContext context)
    {
    }

    /// <summary>An evaluation is done; its metrics are in the context.</summary>
    public virtual void OnEvaluate(TrainingArguments args, TrainerState state, TrainerControl control, CallbackContext context)
    {
    }

    /// <summary>A prediction is done; its metrics are in the context.</summary>
    public virtual void OnPredict(TrainingArguments args, TrainerState state, TrainerControl control, CallbackContext context)
    {
    }

    /// <summary>A checkpoint has been written.</summary>
    public virtual void OnSave(TrainingArguments args, TrainerState state, TrainerControl control, CallbackContext context)
    {
    }

    /// <summary>Something is logged; it is in the context.</summary>
    public virtual void OnLog(TrainingArguments args, TrainerState state, TrainerControl control, CallbackContext context)
    {
    }

    /// <summary>A batch of an evaluation or a prediction is done.</summary>
    public virtual void OnPredictionStep(TrainingArguments args, TrainerState state, TrainerControl control, CallbackContext context)
    {
    }
}
