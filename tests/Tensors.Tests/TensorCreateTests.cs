namespace NativeTrainer.Tensors.Tests;

public sealed class TensorCreateTests
{
    [Test]
    public void From_keeps_row_major_order_and_the_dtype_of_its_values()
    {
        var tensor = Tensor.From([1f, 2f, 3f, 4f, 5f, 6f], [2, 3]);
        Assert.That((tensor.DType, tensor.Shape, tensor.Rank, tensor.ElementCount), Is.EqualTo((DType.Float32, new Shape(2, 3), 2, 6L)));
        Assert.That(tensor.AsSpan<float>().ToArray(), Is.EqualTo(new float[] { 1, 2, 3, 4, 5, 6 }));
        Assert.That(tensor.ToString(), Is.EqualTo("float32 [2, 3] on cpu"));
        Assert.That(tensor.Address % DeviceMemory.Alignment, Is.EqualTo((nint)0));
        Assert.That(() => Tensor.From([1f, 2f], [3]), Throws.ArgumentException.With.Message.Contains("[3] needs 3 values, found 2"));
    }

    [Test]
    public void Every_element_type_travels_there_and_back()
    {
        Check(1.5f, -2f);
        Check(1.5, -2.0);
        Check((Half)1.5f, Half.NaN);
        Check((BFloat16)1.5f, (BFloat16)(-2f));
        Check(long.MinValue, 7L);
        Check(int.MinValue, 7);
        Check(short.MinValue, (short)7);
        Check(sbyte.MinValue, (sbyte)7);
        Check(byte.MaxValue, (byte)7);
        Check(true, false);

        static void Check<T>(params T[] values)
            where T : unmanaged
        {
            var tensor = Tensor.From(values, [2]);
            Assert.That(tensor.ToArray<T>(), Is.EqualTo(values), tensor.ToString());
            Assert.That(Tensor.Scalar(values[1]).Item<T>(), Is.EqualTo(values[1]), tensor.ToString());
        }
    }

    [Test]
    public void Zeros_are_zeros_even_where_something_was_before()
    {
        using var pool = new TensorPool();
        for (var round = 0; round < 2; round++)
        {
            using var scope = pool.Enter();
            var zeros = Tensor.Zeros([3, 5], DType.Int32);
            Assert.That(zeros.ToArray<int>(), Is.All.Zero);
            zeros.AsSpan<int>().Fill(-1);
        }
    }

    [Test]
    public void Strided_tensors_are_copied_in_row_major_order()
    {
        var tensor = Tensor.From(Enumerable.Range(0, 24).Select(i => (double)i).ToArray(), [2, 3, 4]);
        var views = new[]
        {
            tensor.Layout.Permute(2, 0, 1), tensor.Layout.Slice(2, 1, 2, 2), tensor.Layout.Select(1, 2).Transpose(0, 1), tensor.Layout.Select(0, 1).Unsqueeze(1).Expand([3, 2, 4]),
        };
        foreach (var layout in views)
        {
            var view = tensor.WithLayout(layout);
            var expected = LayoutTests.Places(layout).Select(place => (double)place).ToArray();
            Assert.That(view.ToArray<double>(), Is.EqualTo(expected), layout.ToString());
            var part = new double[expected.Length];
            view.CopyTo<double>(part);
            Assert.That(part, Is.EqualTo(expected), layout.ToString());
        }
    }

    [Test]
    public void Empty_tensors_and_scalars_are_tensors()
    {
        Assert.That(Tensor.From(Array.Empty<float>(), [0, 3]).ToArray<float>(), Is.Empty);
        Assert.That(Tensor.Zeros([2, 0]).AsSpan<float>().Length, Is.Zero);
        Assert.That(Tensor.Empty([]).ElementCount, Is.EqualTo(1));
        Assert.That(() => Tensor.Zeros([2, 0]).Item<float>(), Throws.InvalidOperationException.With.Message.Contains("has 0 elements"));
    }

    [Test]
    public void CopyFrom_overwrites_and_counts_the_change_for_all_views()
    {
        var tensor = Tensor.Zeros([4]);
        var row = tensor.WithLayout(tensor.Layout.Slice(0, 2, 2));
        row.CopyFrom<float>([5, 6]);
        Assert.That(tensor.ToArray<float>(), Is.EqualTo(new float[] { 0, 0, 5, 6 }));
        Assert.That((tensor.Version, row.Version), Is.EqualTo((1, 1)));
        Assert.That(() => row.CopyFrom<float>([1]), Throws.ArgumentException.With.Message.Contains("has 2 elements, found 1"));
        Assert.That(() => row.CopyFrom<int>([1, 2]), Throws.InvalidOperationException.With.Message.Contains("asked for elements of int32"));
    }

    [Test]
    public void Spans_are_for_contiguous_tensors_of_the_right_type()
    {
        var tensor = Tensor.Zeros([2, 3]);
        Assert.That(() => tensor.WithLayout(tensor.Layout.Transpose(0, 1)).AsSpan<float>().Length, Throws.InvalidOperationException.With.Message.Contains("not contiguous"));
        Assert.That(() => tensor.AsSpan<double>().Length, Throws.InvalidOperationException.With.Message.Contains("float64"));
        Assert.That(() => tensor.CopyTo(new float[5]), Throws.ArgumentException.With.Message.Contains("room for 6 values, found 5"));
    }

    [Test]
    public void Float8_travels_as_bytes()
    {
        var tensor = Tensor.Empty([2], DType.Float8E4M3);
        tensor.CopyFrom<byte>([0x38, 0x7F]);
        Assert.That(tensor.ToArray<byte>(), Is.EqualTo(new byte[] { 0x38, 0x7F }));
    }

    [Test]
    public unsafe void Wrap_looks_into_memory_of_others_and_keeps_its_owner_alive()
    {
        var owner = GC.AllocateArray<int>(6, pinned: true);
        for (var i = 0; i < 6; i++) owner[i] = i;
        fixed (int* pointer = owner)
        {
            var tensor = Tensor.Wrap((nint)pointer, [2, 3], DType.Int32, Device.Cpu, owner);
            Assert.That(tensor.ToArray<int>(), Is.EqualTo(owner));
            tensor.AsSpan<int>()[4] = 40;
            Assert.That(owner[4], Is.EqualTo(40));

            var huge = Tensor.Wrap((nint)pointer, [3_000_000_000], DType.UInt8, Device.Cpu, owner);
            Assert.That(() => huge.AsSpan<byte>().Length, Throws.InvalidOperationException.With.Message.Contains("longer than a span"));
        }
        Assert.That(() => Tensor.Wrap(0, [1], DType.Int32, Device.Cpu, owner), Throws.ArgumentNullException);
    }

    [Test]
    public void A_handle_is_equal_to_itself_and_its_copies_only()
    {
        var tensor = Tensor.Zeros([2]);
        var copy = tensor;
        Assert.That(tensor, Is.EqualTo(copy));
        Assert.That(tensor.GetHashCode(), Is.EqualTo(copy.GetHashCode()));
        Assert.That(tensor, Is.Not.EqualTo(tensor.WithLayout(tensor.Layout)));
        Assert.That(default(Tensor).IsAlive, Is.False);
        Assert.That(default(Tensor).ToString(), Is.EqualTo("a tensor that is gone"));
        Assert.That(() => default(Tensor).Shape, Throws.InstanceOf<ObjectDisposedException>().With.Message.Contains("never made"));
    }
}
