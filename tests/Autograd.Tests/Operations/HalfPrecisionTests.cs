using NativeTrainer.Autograd.Tests.Support;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd.Tests.Operations;

/// <summary>float16 and bfloat16: kernels compute in float32 and round once.</summary>
public sealed class HalfPrecisionTests
{
    private static readonly Dictionary<string, Func<Tensor, Tensor>> _operations = new()
    {
        ["Abs"] = x => x.Abs(),
        ["Exp"] = x => x.Exp(),
        ["Tanh"] = x => x.Tanh(),
        ["Sigmoid"] = x => x.Sigmoid(),
        ["Silu"] = x => x.Silu(),
        ["Gelu"] = x => x.Gelu(),
        ["GeluNew"] = x => x.GeluNew(),
        ["Add"] = x => x + x,
        ["Mul"] = x => x * 0.3,
        ["Pow"] = x => x.Pow(2),
        ["Sum"] = x => x.Sum(1),
        ["Mean"] = x => x.Mean(0),
        ["Max"] = x => x.Max(1).Values,
        ["Var"] = x => x.Var(1),
        ["Cumsum"] = x => x.Cumsum(0),
    };

    [Test]
    public void Results_are_those_of_float32_rounded_once(
        [ValueSource(nameof(Names))] string name, [Values(DType.Float16, DType.BFloat16)] DType dtype)
    {
        var x = Compare.Convert(GradientCheck.Normal([7, 33], 4), dtype);
        var rounded = Compare.Convert(_operations[name](Compare.Convert(x, DType.Float32)), dtype);
        Compare.Near(_operations[name](x), Compare.Convert(rounded, DType.Float64), 0, $"{name} in {dtype.TorchName}");
    }

    private static IEnumerable<string> Names() => _operations.Keys;
}
