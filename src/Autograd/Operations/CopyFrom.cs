using NativeTrainer.Kernels;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd;

/// <summary>
/// Changes in place: CopyFrom and Fill. They are not recorded, so they are refused where a gradient would be lost, and a backward pass that
/// needs the old content is refused when it comes.
/// </summary>
public static class CopyFromOperation
{
    extension(Tensor destination)
    {
        /// <summary>Overwrites this tensor, of any layout, with another that broadcasts to its shape; the dtype is converted.</summary>
        /// <returns>This tensor.</returns>
        /// <exception cref="InvalidOperationException">Recording is on and one of the two requires a gradient.</exception>
        public Tensor CopyFrom(Tensor source)
        {
            CheckUnrecorded("CopyFrom", destination, "written to");
            CheckUnrecorded("CopyFrom", source, "copied in place");
            if (source.Device != destination.Device)
            {
                throw new ArgumentException($"CopyFrom: {source} is not on the device of {destination}");
            }
            Backend.For(destination).Copy(Broadcast.To(source, destination.Shape), destination);
            destination.MarkChanged();
            return destination;
        }

        /// <summary>Sets every element to a value, converted to the dtype.</summary>
        /// <inheritdoc cref="CopyFrom"/>
        public Tensor Fill(double value)
        {
            CheckUnrecorded("Fill", destination, "written to");
            Backend.For(destination).Fill(destination, value);
            destination.MarkChanged();
            return destination;
        }
    }

    private static void CheckUnrecorded(string operation, Tensor tensor, string what)
    {
        if (!GradientMode.IsEnabled || !tensor.RequiresGrad) return;
        throw new InvalidOperationException(
            $"{operation}: {tensor} requires a gradient and cannot be {what} while operations are recorded; "
            + "use NoGrad.Enter() or Detach()");
    }
}
