namespace NativeTrainer.Loop;

/// <summary>The training itself: epochs, batches, updates, and after each what is due.</summary>
/// <remarks>Follows <c>Trainer._inner_training_loop</c> of Transformers 4.37.2, in
/// the order of its events and of its random draws.</remarks>
internal sealed class TrainingLoop(Trainer trainer, TrainingSession session)
{
    /// <summary>Runs until the plan is done or a callback asks to stop.</summary>
    public void Run()
    {
        var (args, state, control, plan, callbacks) = (trainer.Args, trainer.State, trainer.Control, session.Plan, trainer.Callbacks);
        var exact = session.Resume.Exact;
        var batches = exact?.Position.Batches ?? 0; // over all epochs: an update that an epoch leaves unfinished goes on in the next

        session.SkipTrainedEpochs();
        control.ShouldTrainingStop |= session.Resume.IsFinished;
        for (var epoch = session.Resume.Epochs; epoch < plan.NumTrainEpochs; epoch++)
        {
            callbacks.OnEpochBegin(args, state, control);
            session.BeginEpoch(epoch);
            // Hugging Face counts a resumed epoch's batches from its first new one; exactly resumed, from the epoch's first.
            var uncounted = exact is null ? session.SkippedBatches : 0;
            var step = session.SkippedBatches - uncounted - 1;
            foreach (var rows in session.Batches())
            {
                step++;
                batches++;
                using var scope = session.Pool.Enter();
                var batch = session.Load(rows);
                trainer.CountTokens(batch);
                if (step % plan.GradientAccumulationSteps == 0) callbacks.OnStepBegin(args, state, control);

                trainer.Optimizer!.Train();
                session.AddLoss(trainer.TrainingStep(trainer.Model, batch), state.GlobalStep);
                session.FloatingPointOps += trainer.FloatingPointOps(batch);

                session.Position = new(epoch, step + 1 + uncounted, batches, EpochIsOver: false, EpochHasEnded: false);
                session.IsBetweenUpdates = !plan.UpdatesAfter(batches, step + 1);
                if (!session.IsBetweenUpdates)
                {
                    session.Update(state.GlobalStep);
                    state.GlobalStep++;
                    state.Epoch = plan.EpochAfter(epoch, step + 1 + uncounted);
                    callbacks.OnStepEnd(args, state, control);
                    trainer.LogSaveEvaluate(session);
                }
                else
                {
                    callbacks.OnSubstepEnd(args, state, control);
                }
                if (control.ShouldEpochStop || control.ShouldTrainingStop) break;
            }
            var stopsWithin = control.ShouldTrainingStop && session.Position.BatchesOfEpoch < plan.BatchesPerEpoch;
            session.Position = session.Position with { Epoch = epoch, EpochIsOver = !stopsWithin, EpochHasEnded = true };
            if (step < 0)
            {
                trainer.Warn(
                    $"the data loader gave no batch in epoch {epoch}; training stops at step {state.GlobalStep} of {plan.MaxSteps}");
                control.ShouldTrainingStop = true;
            }
            callbacks.OnEpochEnd(args, state, control);
            trainer.LogSaveEvaluate(session);
            if (control.ShouldTrainingStop) break;
        }
    }
}
