using System.Numerics;
using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels.Cpu;

/// <summary>What an elementwise operation does with contiguous pieces of rows; inputs that it does not have are null.</summary>
internal unsafe interface IRowKernel<T>
    where T : unmanaged
{
    void Invoke(T* destination, T* x, T* y, T* z, nint count);
}

/// <summary>Runs an elementwise operation over tensors of any layout and dtype, on all threads where the work is large.</summary>
internal static unsafe class ElementwiseLoop
{
    /// <summary>
    /// Calls <paramref name="kernel"/> for pieces that together are the whole of <paramref name="destination"/>; inputs have its shape.
    /// </summary>
    /// <param name="kernel">The operation.</param>
    /// <param name="cost">One element's work, in units of reading and writing one.</param>
    /// <param name="destination">Takes the results, converted to its dtype; may be one of the inputs.</param>
    /// <param name="inputs">Up to three, converted to <typeparamref name="T"/>.</param>
    public static void Run<T, TKernel>(TKernel kernel, int cost, Tensor destination, params ReadOnlySpan<Tensor> inputs)
        where T : unmanaged, INumber<T>
        where TKernel : struct, IRowKernel<T>
    {
        var plan = new LoopPlan(destination, inputs);
        CpuThreadPool.For((nint)plan.Count, CpuThreadPool.GrainFor(cost), new Job<T, TKernel> { Plan = &plan, Kernel = kernel });
    }

    private struct Job<T, TKernel> : IParallelJob
        where T : unmanaged, INumber<T>
        where TKernel : struct, IRowKernel<T>
    {
        public LoopPlan* Plan;
        public TKernel Kernel;

        public readonly void Execute(nint begin, nint end)
        {
            var isDirect = true;
            for (var k = 0; k < Plan->Operands; k++) isDirect &= RowReader<T>.IsDirect(Plan->DType(k), Plan->RowStep(k));
            if (isDirect) ExecuteDirect(begin, end);
            else ExecuteBuffered(begin, end);
        }

        private readonly void ExecuteDirect(nint begin, nint end)
        {
            var (cursor, kernel, operands) = (new LoopCursor(Plan, begin), Kernel, Plan->Operands);
            for (var place = begin; place < end;)
            {
                var count = Math.Min(cursor.Left, end - place);
                var x = operands > 1 ? (T*)cursor.Address(1) : null;
                var y = operands > 2 ? (T*)cursor.Address(2) : null;
                var z = operands > 3 ? (T*)cursor.Address(3) : null;
                kernel.Invoke((T*)cursor.Address(0), x, y, z, count);
                cursor.Advance(count);
                place += count;
            }
        }

        private readonly void ExecuteBuffered(nint begin, nint end)
        {
            var (cursor, kernel, operands) = (new LoopCursor(Plan, begin), Kernel, Plan->Operands);
            using var scratch = Scratch.Rent<byte>(operands * RowReader<T>.ScratchBytes);
            var writer = new RowWriter<T>(Plan->DType(0), Plan->RowStep(0), scratch.Pointer);
            RowReader<T> first = Reader(1, scratch.Pointer), second = Reader(2, scratch.Pointer), third = Reader(3, scratch.Pointer);
            for (var place = begin; place < end;)
            {
                var count = Math.Min(Math.Min(cursor.Left, end - place), RowReader<T>.Block);
                var x = operands > 1 ? first.Read(cursor.Address(1), count) : null;
                var y = operands > 2 ? second.Read(cursor.Address(2), count) : null;
                var z = operands > 3 ? third.Read(cursor.Address(3), count) : null;
                var room = writer.Room(cursor.Address(0));
                kernel.Invoke(room, x, y, z, count);
                writer.Write(room, cursor.Address(0), count);
                cursor.Advance(count);
                place += count;
            }
        }

        private readonly RowReader<T> Reader(int operand, byte* scratch) => operand < Plan->Operands
            ? new RowReader<T>(Plan->DType(operand), Plan->RowStep(operand), scratch + (operand * RowReader<T>.ScratchBytes))
            : default;
    }
}
