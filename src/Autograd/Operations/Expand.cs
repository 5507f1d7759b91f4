using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd;

/// <summary>Axes of size 1 and new ones in front repeated, as a view. Gradient: summed over them.</summary>
public static class ExpandOperation
{
    extension(Tensor input)
    {
        /// <summary>Repeats axes of size 1 to the given sizes, and the whole in new axes in front; -1 leaves a size as it is.</summary>
        public Tensor Expand(params ReadOnlySpan<long> sizes)
        {
            var added = sizes.Length - input.Rank;
            if (added < 0) throw new ArgumentException($"Expand: {input} has {input.Rank} axes, found only {sizes.Length} sizes");
            if (sizes.Length > Shape.MaxRank) throw new ArgumentException($"Expand: at most {Shape.MaxRank} axes, found {sizes.Length}");
            Span<long> found = stackalloc long[sizes.Length];
            for (var i = 0; i < sizes.Length; i++)
            {
                if (sizes[i] == -1 && i < added)
                {
                    throw new ArgumentException($"Expand: size -1 at {i} of {input} names a new axis, whose size must be given");
                }
                found[i] = sizes[i] == -1 ? input.Size(i - added) : sizes[i];
            }
            return input.BroadcastTo(new Shape(found));
        }

        /// <summary>The same for a whole shape.</summary>
        public Tensor BroadcastTo(Shape shape)
        {
            var output = input.WithLayout(input.Layout.Expand(shape));
            if (Tape.Record<ExpandBackward>(output, input) is { } node) node.Input = input.Shape;
            return output;
        }
    }
}

internal sealed class ExpandBackward : Node
{
    public Shape Input;

    protected internal override void Backward() => Give(0, Broadcast.Back(Gradient, Input));
}
