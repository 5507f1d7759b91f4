using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd;

/// <summary>A tensor written several times: Repeat, Tile, RepeatInterleave. Gradient: summed over the copies.</summary>
public static class RepeatOperation
{
    extension(Tensor input)
    {
        /// <summary>The whole tensor <paramref name="counts"/>[i] times along axis i; counts in front of its axes make new ones.</summary>
        public Tensor Repeat(params ReadOnlySpan<long> counts)
        {
            if (counts.Length < input.Rank)
            {
                throw new ArgumentException($"Repeat: {input} has {input.Rank} axes, found only {counts.Length} counts");
            }
            if (counts.Length > Shape.MaxRank) throw new ArgumentException($"Repeat: at most {Shape.MaxRank} axes, found {counts.Length}");
            var output = input;
            while (output.Rank < counts.Length) output = output.Unsqueeze(0);
            for (var axis = counts.Length - 1; axis >= 0; axis--)
            {
                if (counts[axis] != 1) output = RepeatAxis("Repeat", output, axis, counts[axis], interleave: false);
            }
            return output.Equals(input) ? input.Clone() : output;
        }

        /// <summary>As <c>Repeat</c>, for the last axes where there are fewer counts than axes.</summary>
        public Tensor Tile(params ReadOnlySpan<long> counts)
        {
            if (counts.Length >= input.Rank) return input.Repeat(counts);
            Span<long> all = stackalloc long[input.Rank];
            all.Fill(1);
            counts.CopyTo(all[^counts.Length..]);
            return input.Repeat(all);
        }

        /// <summary>Each place of an axis <paramref name="repeats"/> times, one copy beside the other; all elements in a row where no axis
        /// is named.</summary>
        public Tensor RepeatInterleave(long repeats, int? dim = null) => dim is { } axis
            ? RepeatAxis("RepeatInterleave", input, input.Shape.Axis(axis), repeats, interleave: true)
            : RepeatAxis("RepeatInterleave", input.Flatten(), 0, repeats, interleave: true);
    }

    // The copies are a new axis before (or behind) the repeated one, expanded and then joined with it.
    private static Tensor RepeatAxis(string operation, Tensor input, int axis, long count, bool interleave)
    {
        if (count < 0) throw new ArgumentOutOfRangeException(nameof(count), count, $"{operation}: counts are 0 or more");
        var shape = input.Shape;
        long before = 1, after = 1, size = shape[axis];
        for (var i = 0; i < axis; i++) before *= shape[i];
        for (var i = axis + 1; i < shape.Rank; i++) after *= shape[i];
        var copies = interleave
            ? input.Reshape(before, size, 1, after).Expand(before, size, count, after)
            : input.Reshape(before, 1, size, after).Expand(before, count, size, after);
        return copies.Reshape(shape.With(axis, size * count).Sizes);
    }
}
