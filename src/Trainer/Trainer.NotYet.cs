using System.Diagnostics.CodeAnalysis;
using NativeTrainer.Data;
using NativeTrainer.Models;

namespace NativeTrainer;

// Members of Hugging Face's Trainer that this one does not have: each says what to do instead.
public partial class Trainer
{
    /// <summary>Refused: there is no hyperparameter search.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    [DoesNotReturn]
    public virtual void HyperparameterSearch() =>
        throw Missing("hyperparameter_search", "make a Trainer with modelInit for each set of TrainingArguments and compare Evaluate()");

    /// <summary>Refused: nothing is pushed to the Hub.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    [DoesNotReturn]
    public virtual string PushToHub(string commitMessage = "End of training", bool blocking = true) =>
        throw Missing("push_to_hub", "SaveModel() writes a folder that Hugging Face's own tools upload");

    /// <summary>Refused: no repository on the Hub is made.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    [DoesNotReturn]
    public virtual void InitHfRepo() => throw Missing("init_hf_repo", "make the repository with Hugging Face's own tools");

    /// <summary>Refused: no model card is written.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    [DoesNotReturn]
    public virtual void CreateModelCard() => throw Missing("create_model_card", "State.LogHistory and SaveMetrics have what a card tells");

    /// <summary>Refused: the kernels are our own, Intel's extension for PyTorch has nothing to change.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    [DoesNotReturn]
    public virtual PreTrainedModel IpexOptimizeModel(PreTrainedModel model, bool training = false) =>
        throw Missing("ipex_optimize_model", "use the model as it is");

    /// <summary>Refused: there is no DeepSpeed whose configuration could be filled in.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    [DoesNotReturn]
    public virtual void PropagateArgsToDeepspeed(bool autoFindBatchSize = false) =>
        throw Missing("propagate_args_to_deepspeed", "only one process trains");

    /// <summary>Refused: no step of an evaluation is recorded and replayed.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    [DoesNotReturn]
    public virtual PreTrainedModel TorchJitModelEval(PreTrainedModel model, DataLoader dataloader, bool training = false) =>
        throw Missing("torch_jit_model_eval", "use the model as it is");

    private static NotSupportedException Missing(string name, string instead) => new($"{name} is not supported: {instead}");
}
