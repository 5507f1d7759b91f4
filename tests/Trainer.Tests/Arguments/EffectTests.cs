using NativeTrainer.Tensors;
using NativeTrainer.Tests.Training;

namespace NativeTrainer.Tests.Arguments;

/// <summary>None is accepted and ignored: every argument changes a run, or has a test of its effect, or is refused by name.</summary>
public sealed class EffectTests
{
    /// <summary>Arguments with which a short run leaves something else behind: weights, logs, files; and what must be set with them.</summary>
    private static readonly Dictionary<string, (string, object?)[]> Changing = new()
    {
        ["output_dir"] = [("output_dir", "elsewhere")],
        ["evaluation_strategy"] = [("evaluation_strategy", "steps"), ("eval_steps", 2L)],
        ["eval_steps"] = [("evaluation_strategy", "steps"), ("eval_steps", 3L)],
        ["eval_delay"] = [("evaluation_strategy", "steps"), ("eval_steps", 2L), ("eval_delay", 3L)],
        ["load_best_model_at_end"] = [("evaluation_strategy", "steps"), ("eval_steps", 2L), ("save_steps", 2L), ("load_best_model_at_end", true)],
        ["metric_for_best_model"] = [("evaluation_strategy", "steps"), ("eval_steps", 2L), ("save_steps", 2L), ("metric_for_best_model", "loss")],
        ["greater_is_better"] = [("evaluation_strategy", "steps"), ("eval_steps", 2L), ("save_steps", 2L), ("metric_for_best_model", "loss"),
            ("greater_is_better", true)],
        ["per_device_train_batch_size"] = [("per_device_train_batch_size", 2L)],
        ["per_gpu_train_batch_size"] = [("per_gpu_train_batch_size", 2L)],
        ["gradient_accumulation_steps"] = [("gradient_accumulation_steps", 2L)],
        ["num_train_epochs"] = [("num_train_epochs", 2.0), ("max_steps", -1L), ("per_device_train_batch_size", 64L)],
        ["max_steps"] = [("max_steps", 3L)],
        ["optim"] = [("optim", "sgd")],
        ["optim_args"] = [("optim", "adamw_anyprecision"), ("optim_args", "use_kahan_summation=True")],
        ["adafactor"] = [("adafactor", true)],
        ["learning_rate"] = [("learning_rate", 1e-3)],
        ["weight_decay"] = [("weight_decay", 0.5)],
        ["adam_beta1"] = [("adam_beta1", 0.5)],
        ["adam_beta2"] = [("adam_beta2", 0.5)],
        ["adam_epsilon"] = [("adam_epsilon", 0.1)],
        ["max_grad_norm"] = [("max_grad_norm", 0.01)],
        ["label_smoothing_factor"] = [("label_smoothing_factor", 0.1)],
        ["neftune_noise_alpha"] = [("neftune_noise_alpha", 5L)],
        ["bf16"] = [("bf16", true)],
        ["fp16"] = [("fp16", true), ("half_precision_backend", "cpu_amp")],
        ["half_precision_backend"] = [("fp16", true), ("half_precision_backend", "apex")],
        ["fp16_backend"] = [("fp16", true), ("fp16_backend", "apex")],
        ["fp16_opt_level"] = [("fp16", true), ("half_precision_backend", "apex"), ("fp16_opt_level", "O2")],
        ["lr_scheduler_type"] = [("lr_scheduler_type", "constant")],
        ["lr_scheduler_kwargs"] = [("lr_scheduler_type", "cosine_with_restarts"), ("lr_scheduler_kwargs", new Dictionary<string, object?> { ["num_cycles"] = 3L })],
        ["warmup_ratio"] = [("warmup_ratio", 0.5)],
        ["warmup_steps"] = [("warmup_steps", 2L)],
        ["logging_strategy"] = [("logging_strategy", "no")],
        ["logging_first_step"] = [("logging_steps", 2L), ("logging_first_step", true)],
        ["logging_steps"] = [("logging_steps", 3L)],
        ["skip_memory_metrics"] = [("skip_memory_metrics", false)],
        ["include_tokens_per_second"] = [("include_tokens_per_second", true)],
        ["include_num_input_tokens_seen"] = [("include_num_input_tokens_seen", true)],
        ["save_strategy"] = [("save_strategy", "no")],
        ["save_steps"] = [("save_steps", 2L)],
        ["save_total_limit"] = [("save_steps", 2L), ("save_total_limit", 1L)],
        ["save_only_model"] = [("save_only_model", true)],
        ["save_safetensors"] = [("save_safetensors", false)],
        ["seed"] = [("seed", 7L)],
        ["data_seed"] = [("data_seed", 7L)],
        ["group_by_length"] = [("group_by_length", true)],
    };

    /// <summary>Arguments whose effect is no number of a run: where it is tested.</summary>
    private static readonly Dictionary<string, string> Elsewhere = new()
    {
        ["overwrite_output_dir"] = "the command: BadInputTests, TrainTests",
        ["do_train"] = "the command: TrainTests",
        ["do_eval"] = "the command: TrainTests",
        ["do_predict"] = "the command: TrainTests",
        ["resume_from_checkpoint"] = "the command: TrainTests",
        ["ignore_data_skip"] = "ResumeTests",
        ["run_name"] = "read by integrations alone, which report_to refuses; SerializingTests",
        ["prediction_loss_only"] = "EvaluationTests",
        ["per_device_eval_batch_size"] = "EvaluationTests",
        ["per_gpu_eval_batch_size"] = "ValidationTests",
        ["eval_accumulation_steps"] = "when predictions leave the device: the processor is where they are; EvaluationTests",
        ["label_names"] = "EvaluationTests",
        ["include_inputs_for_metrics"] = "EvaluationTests",
        ["use_legacy_prediction_loop"] = "EvaluationTests",
        ["auto_find_batch_size"] = "MemoryLimitTests",
        ["gradient_checkpointing"] = "the same numbers in less memory: MemoryLimitTests",
        ["gradient_checkpointing_kwargs"] = "SupportedArgumentsTests",
        ["bf16_full_eval"] = "PrecisionTests",
        ["fp16_full_eval"] = "PrecisionTests",
        ["tf32"] = "SupportedArgumentsTests",
        ["log_level"] = "the command: what is told",
        ["log_level_replica"] = "one process is no replica; MethodsTests",
        ["log_on_each_node"] = "MethodsTests",
        ["logging_dir"] = "read by integrations alone, which report_to refuses; SerializingTests",
        ["report_to"] = "SupportedArgumentsTests",
        ["logging_nan_inf_filter"] = "LossTracker: StoryTests",
        ["disable_tqdm"] = "PrinterCallbackTests",
        ["save_on_each_node"] = "one node; MethodsTests",
        ["full_determinism"] = "every run is bit-equal: DeterminismTests",
        ["no_cuda"] = "ValidationTests",
        ["use_cpu"] = "ValidationTests",
        ["local_rank"] = "ValidationTests",
        ["debug"] = "ValueWatchTests",
        ["dataloader_drop_last"] = "CountsTests",
        ["dataloader_num_workers"] = "the tests of the data loader",
        ["dataloader_persistent_workers"] = "the tests of the data loader",
        ["dataloader_pin_memory"] = "memory is pinned for a GPU; ValidationTests",
        ["remove_unused_columns"] = "OverridingTests",
        ["length_column_name"] = "DataOrderTests",
        ["sortish_sampler"] = "the tests of Seq2SeqTrainer",
        ["predict_with_generate"] = "the tests of Seq2SeqTrainer",
        ["generation_max_length"] = "the tests of Seq2SeqTrainer",
        ["generation_num_beams"] = "the tests of Seq2SeqTrainer",
        ["generation_config"] = "the tests of Seq2SeqTrainer",
    };

    private static readonly (string, object?)[] Plain =
        [("max_steps", 6L), ("per_device_train_batch_size", 4L), ("logging_steps", 1L), ("save_steps", 4L)];


    public static IEnumerable<string> ChangingNames() => Changing.Keys;

    [Test]
    public void Every_argument_of_the_specification_is_in_one_list()
    {
        foreach (var name in SupportedArgumentsTests.Names())
        {
            var lists = (Changing.ContainsKey(name) ? 1 : 0) + (Elsewhere.ContainsKey(name) ? 1 : 0)
                + (SupportedArguments.NotYet.ContainsKey(name) ? 1 : 0);
            Assert.That(lists, Is.EqualTo(1), $"{name} must change a run, have its effect tested elsewhere, or be refused by name");
        }
    }

    [TestCaseSource(nameof(ChangingNames))]
    public void Argument_changes_a_run(string name)
    {
        var with = Changing[name];
        Assert.That(with.Select(entry => entry.Item1), Does.Contain(name));
        var without = Run(with.Where(entry => entry.Item1 != name && (entry.Item1 != "fp16" || name is not ("half_precision_backend" or "fp16_backend"))));
        Assert.That(Run(with), Is.Not.EqualTo(without));
    }

    // Weights, logs without times, and the files of the output folder, as text.
    private static string Run(IEnumerable<(string Name, object? Value)> given)
    {
        using var folder = new TemporaryFolder();
        var settings = Plain.Where(entry => given.All(other => other.Name != entry.Item1)).Concat(given.Where(entry => entry.Name != "output_dir"));
        var output = given.Any(entry => entry.Name == "output_dir") ? "elsewhere" : "out";
        var rows = given.Any(entry => entry.Name == "group_by_length") ? "lm-varlen-train" : "lm-train";
        var trainer = new Trainer(Tiny.Model(), Tiny.Arguments(folder[output], settings), trainDataset: Tiny.Rows(rows), evalDataset: Tiny.Eval);
        trainer.Train();
        var weights = Tiny.Weights(trainer.Model).Sum(entry => entry.Value.Sum(value => (double)value * value));
        var logs = trainer.State.LogHistory.Select(log => PythonJson.Write(
            log.Where(entry => !entry.Key.Contains("runtime") && !entry.Key.Contains("per_second")).ToDictionary(entry => entry.Key, entry => entry.Value)));
        var keys = trainer.State.LogHistory.SelectMany(log => log.Keys).Distinct();
        var files = Directory.GetFileSystemEntries(folder.Root, "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(folder.Root, path)).Order(StringComparer.Ordinal);
        return string.Join('\n', [$"{weights:R} {trainer.State.BestModelCheckpoint is null} {trainer.State.BestMetric}", .. logs, .. keys, .. files]);
    }
}
