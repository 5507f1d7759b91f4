using NativeTrainer.Autograd.Tests.Support;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd.Tests.Operations;

public sealed class TopKTests
{
    [TestCaseSource(typeof(GoldenCases), nameof(GoldenCases.Of), ["topk"])]
    public void Agrees_with_torch(GoldenCase golden) => golden.CheckMany(() =>
    {
        var (values, indices) = golden["x"].TopK(golden.Int("k"), golden.Int("dim", -1), golden.Bool("largest", true));
        return [values, indices];
    });

    [Test]
    public void Gradients_are_the_derivatives() => GradientCheck.Of(x => x[0].Transpose(0, 1).TopK(2, dim: 0).Values, GradientCheck.Normal([3, 5], seed: 3));

    // Few and many of a long line, with ties, nan and both zeros; the reference sorts by value and then by place.
    [Test]
    public void The_first_of_equal_elements_is_taken([Values(1, 2, 37, 124, 126, 999, 1000)] int k, [Values] bool largest)
    {
        var random = new Random(k);
        float[] choices = [0, -0f, 1, -1, 2.5f, float.NaN, float.PositiveInfinity, float.NegativeInfinity, 7, 8, 9];
        var x = Enumerable.Range(0, 3000).Select(i => i % 1000 < 500 ? choices[random.Next(choices.Length)] : random.NextSingle()).ToArray();
        var (values, indices) = Tensor.From(x, [3, 1000]).TopK(k, largest: largest);
        for (var line = 0; line < 3; line++)
        {
            var row = x.AsSpan(line * 1000, 1000).ToArray();
            var expected = Enumerable.Range(0, 1000).OrderBy(i => i, Comparer<int>.Create((a, b) => Order(row[a], row[b], largest))).Take(k).ToArray();
            Assert.That(indices.ToArray<long>().Skip(line * k).Take(k), Is.EqualTo(expected));
            Assert.That(values.ToArray<float>().Skip(line * k).Take(k), Is.EqualTo(expected.Select(i => row[i])));
        }

        static int Order(float a, float b, bool largest)
        {
            var order = float.IsNaN(a) ? (float.IsNaN(b) ? 0 : 1) : float.IsNaN(b) ? -1 : a < b ? -1 : a > b ? 1 : 0;
            return largest ? -order : order;
        }
    }

    [Test]
    public void More_than_there_are_is_refused()
    {
        Assert.That(() => Tensor.Zeros([2, 3]).TopK(4), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("TopK: axis -1").And.Message.Contains("3 places"));
        Assert.That(() => Tensor.Zeros([2, 3]).TopK(-1), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void Steps_allocate_nothing() => AllocationCheck.Of(x => x[0].TopK(2, dim: 0).Values, Tensor.Zeros([30, 4]));
}
