using NativeTrainer.Data;
using NativeTrainer.Tests.Training;

namespace NativeTrainer.Tests.Callbacks;

public sealed class ProgressCallbackTests
{
    [Test]
    public void Logs_stand_above_a_line_that_moves()
    {
        using var folder = new TemporaryFolder();
        var (log, bar) = (new StringWriter(), new StringWriter());
        var trainer = new WatchedTrainer(
            Tiny.Arguments(folder["out"], ("max_steps", 3L), ("logging_steps", 2L), ("save_strategy", "no")), Tiny.Train.Take(8), Tiny.Eval.Take(4),
            callbacks: [new ProgressCallback(log, bar)]);
        trainer.RemoveCallback<PrinterCallback>();
        var output = trainer.Train();
        trainer.Evaluate();
        var lines = log.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
        Assert.That(lines, Has.Length.EqualTo(2), "the loss at step 2 and the summary; nothing outside the training");
        Assert.That(lines[0], Does.StartWith("{'loss': "));
        Assert.That(bar.ToString(), Does.Contain("3/3 ["));
        Assert.That(output.Metrics.ContainsKey("total_flos"), Is.False);
    }

    [Test]
    public void A_trainer_shows_progress_unless_told_to_print()
    {
        using var folder = new TemporaryFolder();
        Assert.That(Names(false), Is.EqualTo("DefaultFlowCallback\nEarlyStoppingCallback\nProgressCallback"));
        Assert.That(Names(true), Is.EqualTo("DefaultFlowCallback\nEarlyStoppingCallback\nPrinterCallback"));

        string Names(bool disable) => new Trainer(
            Tiny.Model(), Tiny.Arguments(folder["out"], ("disable_tqdm", (object?)disable)), callbacks: [new EarlyStoppingCallback()]).Callbacks.CallbackList;
    }
}
