using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels.Cpu;

public sealed unsafe partial class CpuBackend
{
    /// <inheritdoc/>
    public override long CountTrue(Tensor mask)
    {
        var (shape, count) = (mask.Shape, 0L);
        var address = (byte*)mask.Address;
        var walk = new LayoutWalk(shape.Sizes, mask.Layout.Strides);
        for (var i = shape.ElementCount; i > 0; i--, walk.Advance()) count += address[walk.Place] != 0 ? 1 : 0;
        return count;
    }

    /// <inheritdoc/>
    public override void NonZero(Tensor mask, Tensor coordinates)
    {
        if (coordinates.ElementCount == 0) return;
        var (shape, count) = (mask.Shape, coordinates.Size(1));
        byte* address = (byte*)mask.Address;
        var places = (long*)coordinates.Address;
        var walk = new LayoutWalk(shape.Sizes, mask.Layout.Strides);
        for (long i = 0, found = 0; found < count; i++, walk.Advance())
        {
            if (address[walk.Place] == 0) continue;
            var rest = i;
            for (var axis = shape.Rank - 1; axis >= 0; axis--) (rest, places[(axis * count) + found]) = Math.DivRem(rest, shape[axis]);
            found++;
        }
    }
}
