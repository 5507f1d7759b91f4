using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels.Cpu;

/// <summary>
/// One pass of an optimizer over flat buffers: gradients scaled, parameters and states updated, gradients set to 0. Elements do not depend
/// on each other, so the bits are the same for any number of threads.
/// </summary>
internal static unsafe class FlatUpdate
{
    private const int Block = 1024; // elements that are converted at once where dtypes differ

    private const nint LongestStretch = 256 * 1024;

    /// <summary>Updates all elements; <paramref name="cost"/> is one element's work, counted as <see cref="CpuThreadPool"/> does.</summary>
    public static void Run<T, TRule>(in UpdateBuffers buffers, TRule rule, int cost = 8)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TRule : struct, IUpdateRule<T>
    {
        if (buffers.IsSkipped)
        {
            Clear(buffers);
            return;
        }

        // Long stretches where there is much: each begins with pages and streams that the processor does not know yet.
        var grain = Math.Max(CpuThreadPool.GrainFor(cost), Math.Min(buffers.Count / 64, LongestStretch));
        CpuThreadPool.For(buffers.Count, grain, new Job<T, TRule> { Buffers = buffers, Rule = rule });
    }

    /// <summary>Sets the gradients to 0 if that is wanted: all that a skipped update does.</summary>
    public static void Clear(in UpdateBuffers buffers)
    {
        if (!buffers.ZeroGradients) return;
        NativeMemory.Clear(
            buffers.Gradients.At(0), (nuint)buffers.Gradients.At(buffers.Count) - (nuint)buffers.Gradients.At(0));
    }

    private struct Job<T, TRule> : IParallelJob, ISimdKernel<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TRule : struct, IUpdateRule<T>
    {
        public UpdateBuffers Buffers;
        public TRule Rule;
        private nint _begin, _end;

        public readonly void Execute(nint begin, nint end)
        {
            var part = this with { _begin = begin, _end = end };
            Simd.Run<T, Job<T, TRule>>(ref part);
        }

        public readonly void Run<V>() where V : unmanaged, ISimd<V, T>
        {
            var native = typeof(T) == typeof(float) ? DType.Float32 : DType.Float64;
            var buffers = Buffers;
            if (buffers.AreAll(native))
            {
                Pass<V, T, TRule>(
                    Rule, T.CreateTruncating(buffers.Scale), (T*)buffers.Parameters.At(_begin), (T*)buffers.Gradients.At(_begin),
                    At(buffers.A), At(buffers.B), At(buffers.C), _end - _begin, buffers.ZeroGradients);
                return;
            }
            using var memory = Scratch.Rent<T>(5 * Block);
            var m = memory.Pointer;
            for (var start = _begin; start < _end; start += Block)
            {
                var count = Math.Min(Block, _end - start);
                T* p = Load(buffers.Parameters, m), g = Load(buffers.Gradients, m + Block);
                T* a = Load(buffers.A, m + (2 * Block)), b = Load(buffers.B, m + (3 * Block)), c = Load(buffers.C, m + (4 * Block));
                Pass<V, T, TRule>(Rule, T.CreateTruncating(buffers.Scale), p, g, a, b, c, count, buffers.ZeroGradients);
                Store(buffers.Parameters, p);
                Store(buffers.A, a);
                Store(buffers.B, b);
                Store(buffers.C, c);
                if (buffers.ZeroGradients) Store(buffers.Gradients, g);

                T* Load(UpdateBuffer buffer, T* into)
                {
                    if (buffer.Address == 0) return null;
                    Conversion.Load(buffer.DType, buffer.At(start), into, count);
                    return into;
                }

                void Store(UpdateBuffer buffer, T* from)
                {
                    if (from != null) Conversion.Store(from, buffer.DType, buffer.At(start), count);
                }
            }
        }

        private readonly T* At(UpdateBuffer buffer) => buffer.Address == 0 ? null : (T*)buffer.At(_begin);
    }

    /// <summary>The loop over elements that lie in memory as they are computed with; absent states are null.</summary>
    public static void Pass<V, T, TRule>(TRule rule, T scale, T* p, T* g, T* a, T* b, T* c, nint count, bool zero)
        where V : unmanaged, ISimd<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TRule : struct, IUpdateRule<T>
    {
        V factor = V.Broadcast(scale);
        nint i = 0;
        for (var last = count - V.Count; i <= last; i += V.Count)
        {
            V x = V.Load(p + i), first = default, second = default, third = default;
            if (a != null) first = V.Load(a + i);
            if (b != null) second = V.Load(b + i);
            if (c != null) third = V.Load(c + i);
            rule.Step(ref x, V.Load(g + i) * factor, ref first, ref second, ref third);
            x.Store(p + i);
            if (a != null) first.Store(a + i);
            if (b != null) second.Store(b + i);
            if (c != null) third.Store(c + i);
            if (zero) default(V).Store(g + i);
        }
        if (i < count) Rest<V, T, TRule>(rule, factor, p + i, g + i, a + i, b + i, c + i, (a != null, b != null, c != null), (int)(count - i), zero);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Rest<V, T, TRule>(
        TRule rule, V factor, T* p, T* g, T* a, T* b, T* c, (bool A, bool B, bool C) has, int count, bool zero)
        where V : unmanaged, ISimd<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TRule : struct, IUpdateRule<T>
    {
        V x = V.LoadPartial(p, count, default), first = default, second = default, third = default;
        if (has.A) first = V.LoadPartial(a, count, default);
        if (has.B) second = V.LoadPartial(b, count, default);
        if (has.C) third = V.LoadPartial(c, count, default);
        rule.Step(ref x, V.LoadPartial(g, count, default) * factor, ref first, ref second, ref third);
        x.StorePartial(p, count);
        if (has.A) first.StorePartial(a, count);
        if (has.B) second.StorePartial(b, count);
        if (has.C) third.StorePartial(c, count);
        if (zero) default(V).StorePartial(g, count);
    }
}
