using NativeTrainer.Kernels;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd;

/// <summary>Whole numbers written as rows of zeros with a 1 at their place. No gradient.</summary>
public static class OneHotOperation
{
    extension(Tensor input)
    {
        /// <summary>int64, with a new last axis of <paramref name="numClasses"/>; -1 takes one more than the largest number (and waits for
        /// the device).</summary>
        /// <exception cref="ArgumentException">A number is negative or not below <paramref name="numClasses"/>.</exception>
        public Tensor OneHot(long numClasses = -1)
        {
            Check.WholeNumbers("OneHot", "input", input);
            if (numClasses is < 1 and not -1)
            {
                throw new ArgumentOutOfRangeException(nameof(numClasses), numClasses, "OneHot: at least 1 class, or -1 to count them");
            }
            if (numClasses == -1 && input.ElementCount == 0)
            {
                throw new ArgumentException($"OneHot: {input} has no number to tell how many classes there are");
            }
            var index = Views.Contiguous(input);
            var classes = numClasses == -1 ? Math.Max(Backend.For(input).Extent(index).Largest + 1, 1) : numClasses;
            var output = Tensor.Empty(input.Shape.Insert(input.Rank, classes), DType.Int64, input.Device);
            Backend.For(output).OneHot(index, output);
            return output;
        }
    }
}
