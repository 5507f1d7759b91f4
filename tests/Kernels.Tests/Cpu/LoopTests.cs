using NativeTrainer.Kernels.Cpu;
using NativeTrainer.Tensors;
using NUnit.Framework.Constraints;

namespace NativeTrainer.Kernels.Tests.Cpu;

/// <summary>
/// The drivers of elementwise kernels, copies and reductions, over layouts and dtypes drawn at random. All values are small whole numbers:
/// results are exact.
/// </summary>
public sealed class LoopTests
{
    private const int Draws = 60;

    private static readonly CpuBackend _cpu = CpuBackend.Instance;

    private static readonly DType[] _dtypes =
    [
        DType.Float32, DType.Float64, DType.Float16, DType.BFloat16,
        DType.Int64, DType.Int32, DType.Int16, DType.Int8, DType.UInt8, DType.Bool,
    ];

    [TestCaseSource(nameof(_dtypes))]
    public void Sums_of_two(DType dtype) => ForDraws(random =>
    {
        var shape = random.Shape();
        Tensor left = random.Tensor(shape, dtype, true), right = random.Tensor(shape, dtype, true);
        var sum = random.Tensor(shape, dtype, false);
        _cpu.Add(left, right, sum);
        Expect(sum, index => dtype == DType.Bool
            ? Math.Max(RandomTensors.At(left, index), RandomTensors.At(right, index))
            : RandomTensors.At(left, index) + RandomTensors.At(right, index), $"{left.Layout.Shape} {dtype}");
    });

    [TestCaseSource(nameof(_dtypes))]
    public void Choices_of_two(DType dtype) => ForDraws(random =>
    {
        var shape = random.Shape();
        var condition = random.Tensor(shape, DType.Bool, true);
        Tensor left = random.Tensor(shape, dtype, true), right = random.Tensor(shape, dtype, true);
        var chosen = random.Tensor(shape, dtype, false);
        _cpu.Where(condition, left, right, chosen);
        Expect(chosen, index => RandomTensors.At(RandomTensors.At(condition, index) != 0 ? left : right, index), $"{shape} {dtype}");
    });

    [TestCaseSource(nameof(_dtypes))]
    public void In_place(DType dtype) => ForDraws(random =>
    {
        var shape = random.Shape();
        Tensor left = random.Tensor(shape, dtype, false), right = random.Tensor(shape, dtype, true);
        var before = RandomTensors.Places(shape).Select(index => RandomTensors.At(left, index)).ToArray();
        _cpu.Mul(left, right, left);
        var i = 0;
        Expect(left, index => Wrapped(before[i++] * RandomTensors.At(right, index), dtype), $"{shape} {dtype}");
    });

    [Test]
    public void Copies_between_all_dtypes(
        [ValueSource(nameof(_dtypes))] DType from, [ValueSource(nameof(_dtypes))] DType to) => ForDraws(random =>
    {
        var shape = random.Shape();
        Tensor source = random.Tensor(shape, from, true), copy = random.Tensor(shape, to, false);
        _cpu.Copy(source, copy);
        Expect(copy, index => to == DType.UInt8 && RandomTensors.At(source, index) < 0 && from.IsFloatingPoint
            ? RandomTensors.At(copy, index) // no one says what a negative float is there
            : Wrapped(RandomTensors.At(source, index), to), $"{shape} {from} to {to}");
    }, draws: 12);

    [TestCaseSource(nameof(_dtypes))]
    public void Fills(DType dtype) => ForDraws(random =>
    {
        var filled = random.Tensor(random.Shape(), dtype, false);
        _cpu.Fill(filled, 3);
        Expect(filled, _ => dtype == DType.Bool ? 1 : 3, $"{filled.Shape} {dtype}");
    });

    [TestCaseSource(nameof(_dtypes))]
    public void Sums_over_axes(DType dtype) => ForDraws(random =>
    {
        var shape = random.Shape();
        var kept = shape;
        for (var axis = 0; axis < shape.Rank; axis++) kept = random.Next(2) == 0 ? kept.With(axis, 1) : kept;
        var source = random.Tensor(shape, dtype, true);
        var result = dtype.IsFloatingPoint ? dtype : DType.Int64;
        var sum = random.Tensor(kept, dtype is DType.Float16 or DType.BFloat16 ? DType.Float32 : result, false);
        _cpu.Sum(source, sum);
        var expected = RandomTensors.Places(kept).ToDictionary(Key, _ => 0.0);
        foreach (var index in RandomTensors.Places(shape))
        {
            expected[Key([.. index.Select((place, axis) => kept[axis] == 1 ? 0 : place)])] += RandomTensors.At(source, index);
        }
        Expect(sum, index => expected[Key(index)], $"{shape} to {kept} {dtype}");

        static string Key(long[] index) => string.Join(',', index);
    }, draws: 150);

    [TestCaseSource(nameof(_dtypes))]
    public void Extremes_and_their_first_places(DType dtype) => ForDraws(random =>
    {
        var shape = random.Shape();
        if (shape.Rank == 0 || shape.ElementCount == 0) return;
        var axis = random.Next(shape.Rank);
        var kept = shape.With(axis, 1);
        var source = random.Tensor(shape, dtype, true);
        Tensor values = random.Tensor(kept, dtype, false), places = random.Tensor(kept, DType.Int64, false);
        _cpu.Max(source, values);
        _cpu.FirstIndex(source, axis, values, places);
        var what = $"{shape} along {axis}, {dtype}";
        Expect(values, index => Line(source, axis, index).Max(), $"largest of {what}");
        Expect(places, index => First(Line(source, axis, index)), $"its place, {what}");
        _cpu.Min(source, values);
        Expect(values, index => Line(source, axis, index).Min(), $"smallest of {what}");

        static double First(double[] line) => Array.IndexOf(line, line.Max());
    });

    [TestCaseSource(nameof(_dtypes))]
    public void Running_sums(DType dtype) => ForDraws(random =>
    {
        var shape = random.Shape();
        if (shape.Rank == 0 || shape.ElementCount == 0) return;
        var (axis, reverse) = (random.Next(shape.Rank), random.Next(2) == 0);
        var source = random.Tensor(shape, dtype, true);
        var sums = random.Tensor(shape, dtype.IsFloatingPoint ? DType.Float32 : DType.Int64, false);
        _cpu.Cumsum(source, axis, reverse, sums);
        Expect(sums, index =>
        {
            var (line, place) = (Line(source, axis, index), (int)index[axis]);
            return reverse ? line[place..].Sum() : line[..(place + 1)].Sum();
        }, $"{shape} along {axis}, {dtype}, reverse {reverse}");
    });

    [Test]
    public void Transposed_copies(
        [Values(1, 15, 16, 17, 100)] int rows,
        [Values(1, 16, 33, 70)] int columns,
        [Values(DType.UInt8, DType.Float16, DType.Float32, DType.Int64)] DType dtype)
    {
        var random = new RandomTensors(rows + columns);
        var source = random.Tensor([2, columns, rows], dtype, false);
        source = source.WithLayout(source.Layout.Transpose(1, 2));
        var copy = Tensor.Empty(source.Shape, dtype);
        _cpu.Copy(source, copy);
        Expect(copy, index => RandomTensors.At(source, index), $"{source.Shape}");
    }

    [Test]
    public void Long_sums_are_precise_and_the_same_for_any_number_of_threads([Values("all", "rows", "columns")] string over)
    {
        var random = new Random(5);
        var source = Tensor.Empty([1000, 1003]);
        foreach (ref var value in source.AsSpan<float>()) value = random.NextSingle();
        var sum = Tensor.Empty(over switch { "all" => [1, 1], "rows" => [1000, 1], _ => [1, 1003] });
        _cpu.Sum(source, sum);
        var expected = new double[sum.ElementCount];
        var values = source.ToArray<float>();
        for (var i = 0; i < values.Length; i++) expected[over switch { "all" => 0, "rows" => i / 1003, _ => i % 1003 }] += values[i];
        var first = sum.ToArray<float>();
        for (var i = 0; i < expected.Length; i++) Assert.That(first[i], Is.EqualTo(expected[i]).Within(4e-7 * expected[i]), $"result {i}");

        var threads = CpuThreadPool.ThreadCount;
        try
        {
            CpuThreadPool.ThreadCount = 1;
            _cpu.Sum(source, sum);
            Assert.That(sum.ToArray<float>(), Is.EqualTo(first), "one thread");
            CpuThreadPool.ThreadCount = 5;
            _cpu.Sum(source, sum);
            Assert.That(sum.ToArray<float>(), Is.EqualTo(first), "five threads");
        }
        finally
        {
            CpuThreadPool.ThreadCount = threads;
        }
    }

    [Test]
    public void Long_rows_with_gaps_are_packed_piece_by_piece([Values(DType.Float32, DType.BFloat16, DType.Int32)] DType dtype)
    {
        var wide = new RandomTensors(6).Tensor([5, 6100], dtype, false);
        var source = wide.WithLayout(wide.Layout.Slice(1, 0, 3001, 2));
        var expected = RandomTensors.Places(source.Shape).Sum(index => RandomTensors.At(source, index));
        var sum = Tensor.Empty([1, 1], dtype.IsFloatingPoint ? DType.Float32 : DType.Int64);
        _cpu.Sum(source, sum);
        Expect(sum, _ => expected, dtype.TorchName);
    }

    [Test]
    public void Long_rows_are_shared_by_threads()
    {
        var values = Tensor.Empty([3, 100_003]);
        foreach (ref var value in values.AsSpan<float>()) value = 2;
        var column = Tensor.From([1f, 2f, 3f], [3, 1]);
        _cpu.Mul(values, column.WithLayout(column.Layout.Expand(values.Shape)), values);
        Assert.That(values.ToArray<float>().Select((value, i) => value == 2 * (1 + (i / 100_003))), Is.All.True);
    }

    [Test]
    public void Float8_is_refused_by_name()
    {
        var stored = Tensor.Zeros([3], DType.Float8E4M3);
        Assert.That(() => _cpu.Add(stored, stored, stored), Refusal("Add", "float8_e4m3fn"));
        Assert.That(() => _cpu.Exp(Tensor.Zeros([3], DType.Int64), stored), Refusal("Exp", "int64"));

        static IConstraint Refusal(string kernel, string dtype) =>
            Throws.InstanceOf<NotSupportedException>().With.Message.Contains(kernel).And.Message.Contains(dtype);
    }

    private static double[] Line(Tensor tensor, int axis, long[] index)
    {
        var values = new double[tensor.Size(axis)];
        long[] place = [.. index];
        for (var i = 0; i < values.Length; i++)
        {
            place[axis] = i;
            values[i] = RandomTensors.At(tensor, place);
        }
        return values;
    }

    private static double Wrapped(double value, DType dtype) => dtype switch
    {
        DType.Bool => value != 0 ? 1 : 0,
        DType.UInt8 => (byte)(long)value,
        DType.Int8 => (sbyte)(long)value,
        DType.BFloat16 => (float)(BFloat16)(float)value,
        _ => value,
    };

    private static void Expect(Tensor actual, Func<long[], double> expected, string what)
    {
        foreach (var index in RandomTensors.Places(actual.Shape))
        {
            var wanted = expected(index);
            var found = RandomTensors.At(actual, index);
            if (found != wanted) Assert.Fail($"{what} at [{string.Join(", ", index)}]: found {found}, expected {wanted}");
        }
    }

    private static void ForDraws(Action<RandomTensors> check, int draws = Draws)
    {
        for (var seed = 0; seed < draws; seed++)
        {
            try
            {
                check(new RandomTensors(seed));
            }
            catch (AssertionException error)
            {
                throw new AssertionException($"seed {seed}: {error.Message}", error);
            }
        }
    }
}
