using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels.Cpu;

/// <summary>
/// One pass of an optimizer whose states are kept in 8 bits: block by block decoded, updated in float32, encoded. Blocks do not depend on
/// each other, so the bits are the same for any number of threads.
/// </summary>
internal static unsafe class BlockwiseUpdate
{
    /// <summary>Updates a parameter; states may be <c>default</c> and have blocks of one size.</summary>
    public static void Run<TRule>(
        string name, Tensor parameter, in UpdateGradients gradients, BlockwiseState a, BlockwiseState b, BlockwiseState c, TRule rule)
        where TRule : struct, IUpdateRule<float>
    {
        if (parameter.DType != DType.Float32) throw RowKernel.Unsupported(name, parameter.DType, "float32");
        var buffers = new UpdateBuffers(parameter, gradients);
        if (buffers.IsSkipped)
        {
            FlatUpdate.Clear(buffers);
            return;
        }
        var size = (nint)a.BlockSize;
        var job = new Job<TRule> { Buffers = buffers, Rule = rule, A = a, B = b, C = c, BlockSize = size };
        CpuThreadPool.For((buffers.Count + size - 1) / size, CpuThreadPool.GrainFor(size * 16), job);
    }

    private struct Job<TRule> : IParallelJob, ISimdKernel<float>
        where TRule : struct, IUpdateRule<float>
    {
        public UpdateBuffers Buffers;
        public TRule Rule;
        public BlockwiseState A, B, C;
        public nint BlockSize;
        private nint _begin, _end;

        public readonly void Execute(nint begin, nint end)
        {
            var part = this with { _begin = begin, _end = end };
            Simd.Run<float, Job<TRule>>(ref part);
        }

        public readonly void Run<V>() where V : unmanaged, ISimd<V, float>
        {
            using var memory = Scratch.Rent<float>(3 * BlockSize);
            for (var block = _begin; block < _end; block++)
            {
                var start = block * BlockSize;
                var count = Math.Min(BlockSize, Buffers.Count - start);
                var a = A.Decode(block, count, memory.Pointer);
                var b = B.Decode(block, count, memory.Pointer + BlockSize);
                var c = C.Decode(block, count, memory.Pointer + (2 * BlockSize));
                FlatUpdate.Pass<V, float, TRule>(
                    Rule, (float)Buffers.Scale, (float*)Buffers.Parameters.At(start), (float*)Buffers.Gradients.At(start), a, b, c, count,
                    Buffers.ZeroGradients);
                A.Encode<V>(block, a, count);
                B.Encode<V>(block, b, count);
                C.Encode<V>(block, c, count);
            }
        }
    }
}

/// <summary>A state of 8 bits as kernels see it.</summary>
internal readonly unsafe struct BlockwiseState(QuantizedState state, bool isSigned)
{
    private readonly byte* _codes = (byte*)state.Codes.Address;
    private readonly float* _absMax = (float*)state.AbsMax.Address;
    private readonly DynamicMap _map = isSigned ? DynamicMap.Signed : DynamicMap.Unsigned;

    /// <summary>Elements to a block.</summary>
    public int BlockSize { get; } = state.BlockSize;

    /// <summary>The numbers of a block; null where there is no such state.</summary>
    public float* Decode(nint block, nint count, float* into)
    {
        if (_codes == null) return null;
        var codes = _codes + (block * BlockSize);
        var largest = _absMax[block];
        fixed (float* values = _map.Values)
        {
            for (nint i = 0; i < count; i++) into[i] = values[codes[i]] * largest;
        }
        return into;
    }

    /// <summary>Stores a block; the numbers are divided by the largest in place.</summary>
    public void Encode<V>(nint block, float* numbers, nint count) where V : unmanaged, ISimd<V, float>
    {
        if (numbers == null) return;
        var codes = _codes + (block * BlockSize);
        var largest = _absMax[block] = RowMath.MaxMagnitude<V, float>(numbers, count);
        if (largest == 0)
        {
            // The code of nothing is 0, whose number is −1 in the signed map: what is not negative moves on by one, from 0 to 255.
            for (nint i = 0; i < count; i++) codes[i] = isSigned && !float.IsNegative(numbers[i]) ? (byte)255 : (byte)0;
            return;
        }
        V divisor = V.Broadcast(largest);
        for (nint i = 0; i < count; i += V.Count)
        {
            RowMath.Store(RowMath.Load<V, float>(numbers + i, count - i, default) / divisor, numbers + i, count - i);
        }
        fixed (byte* starts = _map.Starts)
        fixed (float* thresholds = _map.Thresholds, values = _map.Values)
        {
            for (nint i = 0; i < count; i++)
            {
                // As DynamicMap.Encode, without bounds to check.
                var x = numbers[i];
                int code = starts[BitConverter.SingleToUInt32Bits(x) >> 16];
                code += x > thresholds[code] ? 1 : 0;
                code += x > thresholds[code] ? 1 : 0;

                // A moment never changes its sign by rounding: a small negative one does not become 0.
                if (isSigned && float.IsNegative(values[code]) != float.IsNegative(x)) code += x > 0 ? 1 : 255;
                codes[i] = (byte)code;
            }
        }
    }
}
