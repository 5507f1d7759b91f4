using NativeTrainer.Tensors;

namespace NativeTrainer.Models.Tests.Support;

/// <summary>The tiny T5s of the goldens, whose weights are those that seed 42 draws.</summary>
internal static class T5Models
{
    public static T5ForConditionalGeneration Make(string name, DType dtype = DType.Float32, Action<T5Config>? change = null)
    {
        var config = T5Config.FromPretrained(ModelGoldens.Model(name));
        change?.Invoke(config);
        TorchGenerator.Default.Seed(42);
        var model = new T5ForConditionalGeneration(config);
        model.To(dtype);
        model.Eval();
        return model;
    }
}
