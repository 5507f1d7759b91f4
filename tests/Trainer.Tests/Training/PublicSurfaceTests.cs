using System.Reflection;
using NativeTrainer.Autograd;
using NativeTrainer.Optimization;
using NativeTrainer.Tensors;

namespace NativeTrainer.Tests.Training;

/// <summary>Everything that Transformers 4.37.2 offers around the Trainer has the same name here, in PascalCase.</summary>
public sealed class PublicSurfaceTests
{
    private const string TrainerMembers = """
        add_callback autocast_smart_context_manager call_model_init compute_loss compute_loss_context_manager create_accelerator_and_postprocess
        create_model_card create_optimizer create_optimizer_and_scheduler create_scheduler evaluate evaluation_loop floating_point_ops
        get_decay_parameter_names get_eval_dataloader get_optimizer_cls_and_kwargs get_test_dataloader get_train_dataloader hyperparameter_search
        init_hf_repo ipex_optimize_model is_local_process_zero is_world_process_zero log log_metrics metrics_format num_examples num_tokens
        pop_callback predict prediction_loop prediction_step propagate_args_to_deepspeed push_to_hub remove_callback save_metrics save_model
        save_state store_flos torch_jit_model_eval train training_step model model_wrapped is_model_parallel place_model_on_device is_in_train
        """;

    private const string ArgumentsMembers = """
        get_process_log_level get_warmup_steps main_process_first set_dataloader set_evaluate set_logging set_lr_scheduler set_optimizer
        set_push_to_hub set_save set_testing set_training to_dict to_json_string to_sanitized_dict eval_batch_size train_batch_size
        local_process_index process_index world_size parallel_mode place_model_on_device should_log should_save device n_gpu ddp_timeout_delta
        """;

    private const string CallbackMembers = """
        on_epoch_begin on_epoch_end on_evaluate on_init_end on_log on_predict on_prediction_step on_save on_step_begin on_step_end on_substep_end
        on_train_begin on_train_end
        """;

    [TestCase(typeof(Trainer), TrainerMembers)]
    [TestCase(typeof(TrainingArguments), ArgumentsMembers)]
    [TestCase(typeof(TrainerCallback), CallbackMembers)]
    [TestCase(typeof(CallbackHandler), CallbackMembers + " add_callback pop_callback remove_callback callback_list")]
    [TestCase(typeof(TrainerState), "load_from_json save_to_json epoch global_step max_steps log_history best_metric best_model_checkpoint")]
    public void Every_member_is_there(Type type, string members)
    {
        var found = type.GetMembers(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static).Select(member => member.Name).ToHashSet();
        var missing = members.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Where(name => !found.Contains(Pascal(name)));
        Assert.That(missing, Is.Empty);
    }

    [Test]
    public void An_optimizer_can_be_made_from_arguments_alone()
    {
        var args = new TrainingArguments("out") { LearningRate = 0.5, Optim = OptimizerNames.Sgd, OptimArgs = "momentum=0.9" };
        var (make, settings) = Trainer.GetOptimizerClsAndKwargs(args);
        Assert.That(PythonJson.Write(settings), Is.EqualTo("{\"lr\": 0.5, \"momentum\": \"0.9\"}"));
        Assert.That(make([new ParameterGroup([new Parameter(Tensor.Zeros([2]))], 0.5, 0)]), Is.InstanceOf<Sgd>());
    }

    private static string Pascal(string name) => string.Concat(name.Split('_').Select(word => char.ToUpperInvariant(word[0]) + word[1..]));
}
