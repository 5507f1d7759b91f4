using System.Numerics;
using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels.Cpu;

public sealed unsafe partial class CpuBackend
{
    /// <inheritdoc/>
    public override void ScaledDotProductAttention(
        Tensor query, Tensor key, Tensor value, Tensor mask, in AttentionMasking masking, double scale, Tensor output, Tensor statistics)
    {
        if (output.ElementCount == 0 || key.ElementCount == 0)
        {
            Fill(output, 0);
            return;
        }
        var operands = new AttentionOperands
        {
            Query = query, Key = key, Value = value, Mask = mask, Output = output, Statistics = statistics, Masking = masking,
            Scale = scale,
        };
        switch (query.DType)
        {
            case DType.Float32: Attention.Forward(operands.Problem<float>()); break;
            case DType.Float64: Attention.Forward(operands.Problem<double>()); break;
            default: throw Unsupported("ScaledDotProductAttention", query, "float32 or float64");
        }
    }

    /// <inheritdoc/>
    public override void ScaledDotProductAttentionBackward(
        Tensor gradient, Tensor query, Tensor key, Tensor value, Tensor mask, in AttentionMasking masking, double scale, Tensor output,
        Tensor statistics, Tensor queryGradient, Tensor keyGradient, Tensor valueGradient, Tensor maskGradient)
    {
        if (output.ElementCount == 0 || key.ElementCount == 0)
        {
            Fill(queryGradient, 0);
            Fill(keyGradient, 0);
            Fill(valueGradient, 0);
            return;
        }
        var operands = new AttentionOperands
        {
            Query = query, Key = key, Value = value, Mask = mask, Output = output, Statistics = statistics, Masking = masking,
            Scale = scale,
        };
        switch (query.DType)
        {
            case DType.Float32: Run<float>(); break;
            case DType.Float64: Run<double>(); break;
            default: throw Unsupported("ScaledDotProductAttentionBackward", query, "float32 or float64");
        }

        void Run<T>()
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            var gradients = new AttentionGradients<T>
            {
                Output = AttentionOperands.Heads<T>(gradient), Query = AttentionOperands.Heads<T>(queryGradient),
                Key = AttentionOperands.Heads<T>(keyGradient), Value = AttentionOperands.Heads<T>(valueGradient),
                Mask = AttentionOperands.Scores<T>(maskGradient),
            };
            Attention.Backward(operands.Problem<T>(), gradients);
        }
    }

    /// <summary>Tensors as the tiled attention wants them.</summary>
    private struct AttentionOperands
    {
        public Tensor Query, Key, Value, Mask, Output, Statistics;
        public AttentionMasking Masking;
        public double Scale;

        public readonly AttentionProblem<T> Problem<T>()
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            var rows = Output.ElementCount / Output.Size(3);
            var maxima = Statistics.IsAlive ? (T*)Statistics.Address : null;
            return new AttentionProblem<T>
            {
                Batch = (nint)Query.Size(0), Heads = (nint)Query.Size(1), KeyHeads = (nint)Key.Size(1), Queries = (nint)Query.Size(2),
                Keys = (nint)Key.Size(2), HeadSize = (nint)Query.Size(3), Query = Heads<T>(Query), Key = Heads<T>(Key),
                Value = Heads<T>(Value),
                Output = Heads<T>(Output), Mask = Scores<T>(Mask), Causality = Causality, Scale = T.CreateTruncating(Scale),
                RowMax = maxima, RowSum = maxima == null ? null : maxima + rows,
            };
        }

        public static HeadView<T> Heads<T>(Tensor tensor)
            where T : unmanaged
        {
            ref readonly var layout = ref tensor.Layout;
            return new HeadView<T>
            {
                Pointer = (T*)tensor.Address, Batch = (nint)layout.Stride(0), Head = (nint)layout.Stride(1), Row = (nint)layout.Stride(2),
            };
        }

        public static ScoreView<T> Scores<T>(Tensor tensor)
            where T : unmanaged
        {
            if (!tensor.IsAlive) return default;
            ref readonly var layout = ref tensor.Layout;
            return new ScoreView<T>
            {
                Pointer = (T*)tensor.Address, Batch = (nint)layout.Stride(0), Head = (nint)layout.Stride(1), Row = (nint)layout.Stride(2),
                Column = (nint)layout.Stride(3),
            };
        }

        private readonly Causality Causality => !Masking.Causal ? Causality.None
            : Masking.Offset == 0 ? Causality.FromStart
            : Masking.Offset == Key.Size(2) - Query.Size(2) ? Causality.FromEnd
            : throw new NotSupportedException(
                $"ScaledDotProductAttention takes a causal offset of 0 or keys - queries; found {Masking.Offset}");
    }
}
