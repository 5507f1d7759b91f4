using NativeTrainer.Autograd;
using NativeTrainer.Data;
using NativeTrainer.Models;
using NativeTrainer.Optimization;
using NativeTrainer.Tensors;

namespace NativeTrainer.Tests.Training;

/// <summary>What users change: steps overridden in a class of their own, and parts given to the constructor.</summary>
public sealed class OverridingTests
{
    [Test]
    public void Overridden_steps_are_called_in_training_and_evaluation()
    {
        using var folder = new TemporaryFolder();
        var trainer = new Own(Arguments(
            folder, ("max_steps", 3L), ("logging_steps", 1L), ("evaluation_strategy", "steps"), ("eval_steps", 3L),
            ("include_num_input_tokens_seen", true)));
        trainer.Train();

        // Twice the loss, of the first two rows alone, at a rate of its own; operations are counted as it says.
        var model = Tiny.Model();
        model.Train();
        var rows = new PaddingCollator(0).Collate(Tiny.Train, [0, 1]);
        var twice = 2 * model.Forward(rows).Loss!.Value.Item<float>();
        Assert.That(trainer.State.Logged("loss").First().Value, Is.EqualTo(PythonText.Round(twice, 4)).Within(1.001e-4));
        Assert.That(trainer.Optimizer!.Groups, Has.Count.EqualTo(1));
        Assert.That(trainer.State.Logged("learning_rate").Select(entry => entry.Value), Is.All.EqualTo(0.5));
        Assert.That(trainer.State.Logged("of_my_own").Count(), Is.EqualTo(5)); // three losses, an evaluation, the end
        Assert.That((double)trainer.State.TotalFlos, Is.EqualTo(21));
        Assert.That(trainer.State.NumInputTokensSeen, Is.EqualTo(3 * 2 * 32));
    }

    [Test]
    public void A_model_is_made_anew_for_each_training()
    {
        using var folder = new TemporaryFolder();
        var made = 0;
        var trainer = new Trainer(
            args: Arguments(folder, ("max_steps", 2L)), trainDataset: Tiny.Train.Take(20), modelInit: () =>
            {
                made++;
                return new Gpt2LMHeadModel(Gpt2Config.FromPretrained(Golden.Path("gpt2-tiny")));
            });
        var (first, model) = (trainer.Train(), Tiny.Weights(trainer.Model));
        var second = trainer.Train();
        Assert.That(made, Is.EqualTo(3)); // once in the constructor
        Assert.That(second.TrainingLoss, Is.EqualTo(first.TrainingLoss));
        Assert.That(Tiny.Distance(Tiny.Weights(trainer.Model), model), Is.Zero);
    }

    [Test]
    public void An_optimizer_and_a_schedule_of_ones_own_are_used()
    {
        using var folder = new TemporaryFolder();
        var model = Tiny.Model();
        var optimizer = new Descent([new ParameterGroup([.. model.Parameters()], 0.1, 0)]);
        var schedule = new ShapedLearningRate(optimizer.Groups, step => 1 / (1.0 + step));
        var trainer = new Trainer(model, Arguments(folder, ("max_steps", 3L), ("logging_steps", 1L), ("max_grad_norm", 0.0)),
            trainDataset: Tiny.Train.Take(20), optimizer: optimizer, scheduler: schedule);
        trainer.Train();
        Assert.That(trainer.Optimizer, Is.SameAs(optimizer));
        var rates = trainer.State.Logged("learning_rate").Select(entry => entry.Value);
        Assert.That(rates, Is.EqualTo(new[] { 0.1 / 2, 0.1 / 3, 0.1 / 4 }).Within(1e-15));
        Assert.That(optimizer.StepCount, Is.EqualTo(3));
        var losses = trainer.State.Logged("loss").Select(entry => entry.Value).ToList();
        Assert.That(losses[^1], Is.LessThan(losses[0]));
    }

    [Test]
    public async Task A_trainer_may_go_from_thread_to_thread()
    {
        using var folder = new TemporaryFolder();
        var here = new Trainer(Tiny.ModelWithDropout(0.1), Arguments(folder, ("max_steps", 3L)), trainDataset: Tiny.Train);
        here.Evaluate(Tiny.Eval.Take(4));
        here.Train();
        var there = new Trainer(Tiny.ModelWithDropout(0.1), Arguments(folder, ("max_steps", 3L)), trainDataset: Tiny.Train);
        TorchGenerator.Default.Seed(7); // what happens on this thread is no longer the trainer's business
        await OnAnotherThread(() => there.Evaluate(Tiny.Eval.Take(4)));
        await OnAnotherThread(() => there.Train());
        Assert.That(Tiny.Distance(Tiny.Weights(there.Model), Tiny.Weights(here.Model)), Is.Zero);

        static Task OnAnotherThread(Action action) =>
            Task.Factory.StartNew(action, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    [Test]
    public void Gradient_checkpointing_trains_to_the_same_bits()
    {
        using var folder = new TemporaryFolder();
        Assert.That(Tiny.Distance(Trained(true), Trained(false)), Is.Zero);

        Dictionary<string, float[]> Trained(bool checkpointing)
        {
            var args = Arguments(folder, ("max_steps", 3L), ("gradient_checkpointing", checkpointing));
            var trainer = new Trainer(Tiny.ModelWithDropout(0.1), args, trainDataset: Tiny.Train);
            trainer.Train();
            Assert.That(trainer.Model.GradientCheckpointing, Is.EqualTo(checkpointing));
            return Tiny.Weights(trainer.Model);
        }
    }

    [Test]
    public void Lengths_may_stand_in_a_column()
    {
        using var folder = new TemporaryFolder();
        var (seen, ids) = (new List<int>(), new BlocksColumn([.. Enumerable.Range(1, 64)], 8));
        var rows = new ColumnDataset(
            8, ("input_ids", ids), ("labels", ids), ("size", new NumbersColumn([1, 2, 3, 4, 5, 6, 7, 8], areWhole: true)));
        var args = Arguments(
            folder, ("num_train_epochs", 1L), ("per_device_train_batch_size", 8L), ("group_by_length", true),
            ("length_column_name", "size"));
        new Trainer(Tiny.Model(), args, Collate, rows).Train();
        Assert.That(seen, Is.EqualTo(new[] { 7, 6, 5, 4, 3, 2, 1, 0 })); // one group of all rows, the longest first

        Batch Collate(IDataset dataset, ReadOnlySpan<int> places)
        {
            seen.AddRange(places);
            return new PaddingCollator(0).Collate(dataset, places);
        }
    }

    [Test]
    public void A_data_seed_fixes_the_order_of_data_whatever_the_seed()
    {
        var expected = new long[8];
        new TorchGenerator(3).RandPerm(expected);
        Assert.That(Order(("seed", 1L), ("data_seed", 3L)), Is.EqualTo(expected));
        Assert.That(Order(("seed", 2L), ("data_seed", 3L)), Is.EqualTo(expected));
        Assert.That(Order(("seed", 1L)), Is.Not.EqualTo(Order(("seed", 2L))));

        static long[] Order(params (string, object?)[] settings)
        {
            using var folder = new TemporaryFolder();
            var trainer = new Trainer(Tiny.Model(), Arguments(folder, settings), trainDataset: Tiny.Train.Take(8));
            return [.. trainer.GetTrainDataloader().Batches().SelectMany(rows => rows.ToArray()).Select(row => (long)row)];
        }
    }

    [Test]
    public void Wrong_ways_to_make_a_trainer_are_refused()
    {
        using var folder = new TemporaryFolder();
        var args = Arguments(folder);
        Assert.That(() => new Trainer(args: args), Throws.ArgumentException.With.Message.Contains("either model or modelInit"));
        Assert.That(
            () => new Trainer(Tiny.Model(), args, modelInit: Tiny.Model),
            Throws.ArgumentException.With.Message.Contains("either model or modelInit"));
        var model = Tiny.Model();
        var optimizer = new Descent([new ParameterGroup([.. model.Parameters()], 0.1, 0)]);
        Assert.That(
            () => new Trainer(args: args, modelInit: Tiny.Model, optimizer: optimizer),
            Throws.ArgumentException.With.Message.Contains("modelInit"));
        Assert.That(() => new Trainer(Tiny.Model(), args).Train(), Throws.InvalidOperationException.With.Message.Contains("trainDataset"));
        Assert.That(
            () => new Trainer(Tiny.Model(), args).Evaluate(), Throws.InvalidOperationException.With.Message.Contains("evalDataset"));
        Assert.That(
            () => new Trainer(Tiny.Model(), args, trainDataset: Tiny.Train.Take(0)).Train(),
            Throws.ArgumentException.With.Message.Contains("no rows"));
    }

    [Test]
    public void Values_that_cannot_train_are_refused_by_name()
    {
        using var folder = new TemporaryFolder();
        var trainer = new Trainer(Tiny.Model(), Arguments(folder, ("learning_rate", -1.0)), trainDataset: Tiny.Train.Take(4));
        Assert.That(() => trainer.Train(), Throws.TypeOf<InvalidArgumentException>().With.Message.Contains("learning_rate"));
    }

    [Test]
    public void Columns_that_the_model_does_not_take_never_reach_it()
    {
        using var folder = new TemporaryFolder();
        var ids = new BlocksColumn([.. Enumerable.Range(1, 64)], 8);
        var rows = new ColumnDataset(8, ("input_ids", ids), ("labels", ids), ("source", ids));
        Assert.That(() => new Trainer(Tiny.Model(), Arguments(folder, ("max_steps", 1L)), trainDataset: rows).Train(), Throws.Nothing);
        var keeping = Arguments(folder, ("max_steps", 1L), ("remove_unused_columns", false));
        Assert.That(
            () => new Trainer(Tiny.Model(), keeping, trainDataset: rows).Train(),
            Throws.ArgumentException.With.Message.Contains("source"));
        var others = new ColumnDataset(8, ("source", ids));
        Assert.That(
            () => new Trainer(Tiny.Model(), Arguments(folder), trainDataset: others).Train(),
            Throws.ArgumentException.With.Message.Contains("source").And.Message.Contains("input_ids")
                .And.Message.Contains("remove_unused_columns"));
    }

    [Test]
    public void Without_labels_there_is_nothing_to_learn_from()
    {
        using var folder = new TemporaryFolder();
        var rows = new ColumnDataset(8, ("input_ids", new BlocksColumn([.. Enumerable.Range(1, 64)], 8)));
        var trainer = new Trainer(Tiny.Model(), Arguments(folder), trainDataset: rows);
        Assert.That(
            () => trainer.Train(), Throws.InvalidOperationException.With.Message.Contains("no loss").And.Message.Contains("labels"));

        // The trainer is not left in the middle of a training.
        Assert.That(trainer.IsInTrain, Is.False);
        Assert.That(trainer.Evaluate(Tiny.Eval.Take(4)).ContainsKey("eval_loss"), Is.True);
    }

    private static TrainingArguments Arguments(TemporaryFolder folder, params (string, object?)[] given) =>
        Tiny.Arguments(folder["out"], [("per_device_train_batch_size", 4L), ("save_strategy", "no"), .. given]);

    private sealed class Own(TrainingArguments args) : Trainer(Tiny.Model(), args, trainDataset: Tiny.Train, evalDataset: Tiny.Eval.Take(4))
    {
        public override (Tensor Loss, ModelOutput Outputs) ComputeLoss(PreTrainedModel model, Batch inputs)
        {
            var (loss, outputs) = base.ComputeLoss(model, inputs);
            return (loss * 2, outputs);
        }

        public override Optimizer CreateOptimizer() => Optimizer ??= new Descent([new ParameterGroup([.. Model.Parameters()], 0.5, 0)]);

        public override LearningRateScheduler CreateScheduler(int numTrainingSteps, Optimizer optimizer) =>
            Scheduler ??= new ShapedLearningRate(optimizer.Groups, _ => 1);

        public override DataLoader GetTrainDataloader() => new(TrainDataset!, 2, new SequentialSampler(6), DataCollator);

        public override double FloatingPointOps(Batch inputs) => 7;

        public override void Log(Metrics logs)
        {
            logs["of_my_own"] = 1;
            base.Log(logs);
        }
    }

    /// <summary>Plain gradient descent, as a user might write it.</summary>
    private sealed class Descent(IReadOnlyList<ParameterGroup> groups) : Optimizer(groups)
    {
        protected override void Update(in ParameterRange range)
        {
            var values = range.Values.AsSpan<float>();
            var gradients = range.Gradients.Values.AsSpan<float>();
            var rate = (float)(range.Group.LearningRate * range.GradientScale);
            for (var i = 0; i < values.Length; i++) values[i] -= rate * gradients[i];
            gradients.Clear();
        }
    }
}
