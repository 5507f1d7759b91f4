using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd;

/// <summary>Axes of size 1 taken away or put in, as a view. Gradient: reshaped back.</summary>
public static class SqueezeOperation
{
    extension(Tensor input)
    {
        /// <summary>Without any axis of size 1.</summary>
        public Tensor Squeeze()
        {
            var layout = input.Layout;
            for (var axis = layout.Shape.Rank - 1; axis >= 0; axis--)
            {
                if (layout.Shape[axis] == 1) layout = layout.Squeeze(axis);
            }
            return ReshapeOperation.Record(input, input.WithLayout(layout));
        }

        /// <summary>Without one axis if its size is 1, else as it is.</summary>
        public Tensor Squeeze(int dim) =>
            input.Size(dim) == 1 ? ReshapeOperation.Record(input, input.WithLayout(input.Layout.Squeeze(dim))) : input;

        /// <summary>With an axis of size 1 put in before axis <paramref name="dim"/>; -1 puts it last.</summary>
        public Tensor Unsqueeze(int dim) => ReshapeOperation.Record(input, input.WithLayout(input.Layout.Unsqueeze(dim)));
    }
}
