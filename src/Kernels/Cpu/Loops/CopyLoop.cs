using System.Numerics;
using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels.Cpu;

/// <summary>Copies between layouts and dtypes without more moves than the two need.</summary>
internal static unsafe class CopyLoop
{
    public static void Run(Tensor source, Tensor destination)
    {
        var plan = new LoopPlan(destination, source);
        if (source.DType == destination.DType)
        {
            var size = source.DType.ByteSize;
            if (TransposeLoop.Fits(&plan, size)) TransposeLoop.Run(&plan, size);
            else Start(&plan, &CopyRows);
        }
        else if (source.DType == DType.Float64) Start(&plan, &ConvertRows<double>);
        else if (source.DType.IsFloatingPoint || IsByteToFloat(source, destination)) Start(&plan, &ConvertRows<float>);
        else Start(&plan, &ConvertRows<long>);
    }

    // Bytes are exact in float, too, and masks take this way in vectors.
    private static bool IsByteToFloat(Tensor source, Tensor destination) => source.DType.ByteSize == 1 && destination.DType.IsFloatingPoint;

    private static void Start(LoopPlan* plan, delegate*<void*, nint, nint, void> body) =>
        CpuThreadPool.For((nint)plan->Count, CpuThreadPool.GrainFor(1), body, plan);

    private static void CopyRows(void* context, nint begin, nint end)
    {
        var plan = (LoopPlan*)context;
        var cursor = new LoopCursor(plan, begin);
        var size = plan->DType(0).ByteSize;
        for (var place = begin; place < end;)
        {
            var count = Math.Min(cursor.Left, end - place);
            Strides.Copy(cursor.Address(1), plan->RowStep(1), cursor.Address(0), plan->RowStep(0), count, size);
            cursor.Advance(count);
            place += count;
        }
    }

    private static void ConvertRows<T>(void* context, nint begin, nint end)
        where T : unmanaged, INumber<T>
    {
        var plan = (LoopPlan*)context;
        var cursor = new LoopCursor(plan, begin);
        using var scratch = Scratch.Rent<byte>(2 * RowReader<T>.ScratchBytes);
        var reader = new RowReader<T>(plan->DType(1), plan->RowStep(1), scratch.Pointer);
        var writer = new RowWriter<T>(plan->DType(0), plan->RowStep(0), scratch.Pointer + RowReader<T>.ScratchBytes);
        for (var place = begin; place < end;)
        {
            var count = Math.Min(Math.Min(cursor.Left, end - place), RowReader<T>.Block);
            if (Conversion.IsNative<T>(plan->DType(1)))
            {
                writer.Write(reader.Read(cursor.Address(1), count), cursor.Address(0), count);
            }
            else
            {
                var room = writer.Room(cursor.Address(0));
                reader.ReadTo(cursor.Address(1), count, room);
                writer.Write(room, cursor.Address(0), count);
            }
            cursor.Advance(count);
            place += count;
        }
    }
}
