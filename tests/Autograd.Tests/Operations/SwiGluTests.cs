using NativeTrainer.Autograd.Tests.Support;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd.Tests.Operations;

/// <summary>silu(gate) · up.</summary>
public sealed class SwiGluTests
{
    /// <summary>With up = 1 it is silu, in value and gradient.</summary>
    [TestCaseSource(typeof(GoldenCases), nameof(GoldenCases.Of), ["silu"])]
    public void Agrees_with_torch(GoldenCase golden) =>
        golden.Check(() => golden["x"].SwiGlu(Tensor.Ones(golden["x"].Shape, golden["x"].DType)));

    [Test]
    public void Gradients_agree_with_differences([Values(1, 7, 40)] int size) => GradientCheck.Of(
        x => x[0].SwiGlu(x[1]), GradientCheck.Normal([3, size], seed: 2), GradientCheck.Normal([3, size], seed: 3));

    [Test]
    public void Gradients_flow_through_views() => GradientCheck.Of(
        x => x[0].Permute(1, 0).SwiGlu(x[1].Slice(1, 0, 3)), GradientCheck.Normal([3, 5], seed: 2), GradientCheck.Normal([5, 6], seed: 3));

    [Test]
    public void Half_precision_is_computed_in_single([Values(DType.Float16, DType.BFloat16)] DType dtype)
    {
        Tensor gate = GradientCheck.Normal([4, 33], seed: 2).To(dtype), up = GradientCheck.Normal([4, 33], seed: 3).To(dtype);
        gate.WithGrad();
        up.WithGrad();
        gate.SwiGlu(up).Backward(Tensor.Ones([4, 33], dtype));
        Tensor wideGate = gate.Detach().To(DType.Float64), wideUp = up.Detach().To(DType.Float64);
        wideGate.WithGrad();
        wideUp.WithGrad();
        wideGate.SwiGlu(wideUp).Backward(Tensor.Ones([4, 33], DType.Float64));
        Compare.Near(gate.Grad!.Value.To(DType.Float64), wideGate.Grad!.Value, 1e-2, "gradient of gate");
        Compare.Near(up.Grad!.Value.To(DType.Float64), wideUp.Grad!.Value, 1e-2, "gradient of up");
    }

    [Test]
    public void Shapes_that_differ_are_named() => Assert.That(
        () => Tensor.Ones([2, 3]).SwiGlu(Tensor.Ones([3])), Throws.ArgumentException.With.Message.Contains("[2, 3]").And.Message.Contains("[3]"));

    [Test]
    public void Allocates_nothing() => AllocationCheck.Of(
        x => x[0].SwiGlu(x[1]), GradientCheck.Normal([3, 5], seed: 2), GradientCheck.Normal([3, 5], seed: 3));
}
