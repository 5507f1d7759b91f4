namespace NativeTrainer.Tests.Training;

/// <summary>Raises flags at chosen (event, global step).</summary>
internal sealed class FlagRaiser(Dictionary<(string Event, int Step), string> plan) : TrainerCallback
{
    public override void OnTrainBegin(TrainingArguments args, TrainerState state, TrainerControl control, CallbackContext context) =>
        Raise("train_begin", state, control);

    public override void OnEpochBegin(TrainingArguments args, TrainerState state, TrainerControl control, CallbackContext context) =>
        Raise("epoch_begin", state, control);

    public override void OnEpochEnd(TrainingArguments args, TrainerState state, TrainerControl control, CallbackContext context) =>
        Raise("epoch_end", state, control);

    public override void OnStepBegin(TrainingArguments args, TrainerState state, TrainerControl control, CallbackContext context) =>
        Raise("step_begin", state, control);

    public override void OnSubstepEnd(TrainingArguments args, TrainerState state, TrainerControl control, CallbackContext context) =>
        Raise("substep_end", state, control);

    public override void OnStepEnd(TrainingArguments args, TrainerState state, TrainerControl control, CallbackContext context) =>
        Raise("step_end", state, control);

    private void Raise(string name, TrainerState state, TrainerControl control)
    {
        foreach (var flag in plan.GetValueOrDefault((name, state.GlobalStep), ""))
        {
            _ = flag switch
            {
                'T' => control.ShouldTrainingStop = true,
                'E' => control.ShouldEpochStop = true,
                'S' => control.ShouldSave = true,
                'V' => control.ShouldEvaluate = true,
                'L' => control.ShouldLog = true,
                _ => throw new InvalidOperationException($"the flag {flag} is new"),
            };
        }
    }
}
