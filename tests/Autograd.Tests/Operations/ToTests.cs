using System.Runtime.InteropServices;
using NativeTrainer.Autograd.Tests.Support;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd.Tests.Operations;

/// <summary>Conversions between dtypes.</summary>
public sealed class ToTests
{
    private static IEnumerable<string> Cases() =>
        GoldenFile.Of("cast16").Cases.EnumerateArray().Select(golden => golden.GetProperty("name").GetString()!);

    [TestCaseSource(nameof(Cases))]
    public void Sixteen_bits_agree_with_torch_bit_for_bit(string name)
    {
        var file = GoldenFile.Of("cast16");
        var dtype = name.StartsWith("bf16", StringComparison.Ordinal) ? DType.BFloat16 : DType.Float16;
        var input = file.Get($"{name}.in.x");
        var narrow = input.DType == DType.Int16 ? Reinterpret(input, dtype) : Reinterpret(input, DType.Float32).To(dtype);
        var wide = narrow.To(DType.Float32);
        var narrowBits = MemoryMarshal.Cast<byte, short>(Bytes(narrow)).ToArray();
        var wideBits = MemoryMarshal.Cast<byte, int>(Bytes(wide)).ToArray();
        var (wantedNarrow, wantedWide) = (file.Get($"{name}.out.0").ToArray<short>(), file.Get($"{name}.out.1").ToArray<int>());
        for (var i = 0; i < wantedNarrow.Length; i++)
        {
            // Which nan it is does not matter.
            if (IsNan(wantedWide[i])) Assert.That(IsNan(wideBits[i]), $"{name} at {i}");
            else Assert.That((narrowBits[i], wideBits[i]), Is.EqualTo((wantedNarrow[i], wantedWide[i])), $"{name} at {i}");
        }
    }

    [Test]
    public void Gradients_are_converted_back()
    {
        var x = Tensor.From([1.25, -2.5], [2]).WithGrad();
        (x.To(DType.Float32) * 3).Sum().To(DType.BFloat16).Backward();
        Assert.That(x.Grad!.Value.ToArray<double>(), Is.EqualTo(new double[] { 3, 3 }));
    }

    [Test]
    public void Whole_numbers_truncate_and_bool_asks_for_zero()
    {
        var x = Tensor.From([-1.7f, 0f, 0.5f, 3.9f], [4]).WithGrad();
        Assert.That(x.To(DType.Int64).ToArray<long>(), Is.EqualTo(new long[] { -1, 0, 0, 3 }));
        Assert.That(x.To(DType.Bool).ToArray<bool>(), Is.EqualTo(new[] { true, false, true, true }));
        Assert.That(x.To(DType.Int64).RequiresGrad, Is.False);
        Assert.That(x.To(DType.Float32), Is.EqualTo(x));
    }

    [Test]
    public void Allocates_nothing() => AllocationCheck.Of(x => x[0].To(DType.Float32).To(DType.Float16), GradientCheck.Normal([3, 5], 2));

    private static bool IsNan(int bits) => float.IsNaN(BitConverter.Int32BitsToSingle(bits));

    private static unsafe Tensor Reinterpret(Tensor bits, DType dtype)
    {
        var tensor = Tensor.Empty(bits.Shape, dtype);
        var bytes = Bytes(bits);
        bytes.CopyTo(new Span<byte>((void*)tensor.Address, bytes.Length));
        return tensor;
    }

    private static unsafe Span<byte> Bytes(Tensor tensor) => new((void*)tensor.Address, (int)tensor.ElementCount * tensor.DType.ByteSize);
}
