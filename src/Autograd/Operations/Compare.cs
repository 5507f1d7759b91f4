using NativeTrainer.Kernels;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd;

/// <summary>
/// Comparisons, element by element, to bool; shapes broadcast. nan equals nothing, is below nothing and above nothing. No gradient.
/// </summary>
public static class CompareOperations
{
    extension(Tensor input)
    {
        /// <summary>input = other.</summary>
        public Tensor Equal(Tensor other) => Compare(Comparison.Equal, input, other);

        /// <summary>input = value.</summary>
        public Tensor Equal(double value) => Compare(Comparison.Equal, input, value);

        /// <summary>input ≠ other.</summary>
        public Tensor NotEqual(Tensor other) => Compare(Comparison.NotEqual, input, other);

        /// <summary>input ≠ value.</summary>
        public Tensor NotEqual(double value) => Compare(Comparison.NotEqual, input, value);

        /// <summary>input &lt; other.</summary>
        public Tensor Less(Tensor other) => Compare(Comparison.Less, input, other);

        /// <summary>input &lt; value.</summary>
        public Tensor Less(double value) => Compare(Comparison.Less, input, value);

        /// <summary>input ≤ other.</summary>
        public Tensor LessEqual(Tensor other) => Compare(Comparison.LessEqual, input, other);

        /// <summary>input ≤ value.</summary>
        public Tensor LessEqual(double value) => Compare(Comparison.LessEqual, input, value);

        /// <summary>input &gt; other.</summary>
        public Tensor Greater(Tensor other) => Compare(Comparison.Greater, input, other);

        /// <summary>input &gt; value.</summary>
        public Tensor Greater(double value) => Compare(Comparison.Greater, input, value);

        /// <summary>input ≥ other.</summary>
        public Tensor GreaterEqual(Tensor other) => Compare(Comparison.GreaterEqual, input, other);

        /// <summary>input ≥ value.</summary>
        public Tensor GreaterEqual(double value) => Compare(Comparison.GreaterEqual, input, value);
    }

    private static Tensor Compare(Comparison comparison, Tensor left, Tensor right)
    {
        Autocast.Promote(ref left, ref right);
        var shape = Broadcast.Of(comparison.Name, left, right);
        var output = Tensor.Empty(shape, DType.Bool, left.Device);
        Backend.For(output).Compare(comparison, Broadcast.To(left, shape), Broadcast.To(right, shape), output);
        return output;
    }

    private static Tensor Compare(Comparison comparison, Tensor input, double value)
    {
        var output = Result.Like(input, DType.Bool);
        Backend.For(output).CompareScalar(comparison, input, value, output);
        return output;
    }

    // Enum.ToString would allocate at each call.
    extension(Comparison comparison)
    {
        private string Name => comparison switch
        {
            Comparison.Equal => nameof(Comparison.Equal),
            Comparison.NotEqual => nameof(Comparison.NotEqual),
            Comparison.Less => nameof(Comparison.Less),
            Comparison.LessEqual => nameof(Comparison.LessEqual),
            Comparison.Greater => nameof(Comparison.Greater),
            _ => nameof(Comparison.GreaterEqual),
        };
    }
}
