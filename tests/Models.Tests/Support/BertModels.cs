using NativeTrainer.Tensors;

namespace NativeTrainer.Models.Tests.Support;

/// <summary>The tiny BERTs of the goldens, whose weights are those that seed 42 draws.</summary>
internal static class BertModels
{
    public static readonly Dictionary<string, string> Tasks = new()
    {
        ["bert-tiny"] = AutoModel.SequenceClassification,
        ["bert-regression-tiny"] = AutoModel.SequenceClassification,
        ["bert-tok-tiny"] = AutoModel.TokenClassification,
        ["bert-mlm-tiny"] = AutoModel.MaskedLanguageModel,
    };

    public static PreTrainedModel Make(string name, DType dtype = DType.Float32, Action<BertConfig>? change = null, string? task = null)
    {
        var config = BertConfig.FromPretrained(ModelGoldens.Model(name));
        change?.Invoke(config);
        TorchGenerator.Default.Seed(42);
        var model = AutoModel.FromConfig(config, task ?? Tasks[name]);
        model.To(dtype);
        model.Eval();
        return model;
    }
}
