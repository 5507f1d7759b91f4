using NativeTrainer.Kernels;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd;

/// <summary>What becomes of the losses of single elements.</summary>
public enum LossReduction
{
    /// <summary>They stay as they are.</summary>
    None,

    /// <summary>Their mean (for classes with weights: divided by the sum of the targets' weights).</summary>
    Mean,

    /// <summary>Their sum.</summary>
    Sum,
}

/// <summary>
/// The negative log likelihood of classes under the logits' softmax (torch.nn.functional.cross_entropy). Neither pass stores probabilities:
/// forward keeps two numbers for each row, backward writes the logits' gradient in one pass.
/// </summary>
public static class CrossEntropyOperation
{
    extension(Tensor logits)
    {
        /// <summary>The loss of logits [rows, classes, …] (or [classes]) against <paramref name="targets"/>.</summary>
        /// <param name="targets">Classes as int64 or int32 [rows, …]; or probabilities, of the logits' shape and dtype.</param>
        /// <param name="weight">A weight for each class [classes]; no gradient flows to it.</param>
        /// <param name="ignoreIndex">Rows of this target do not count; a mean over no row at all is nan.</param>
        /// <param name="labelSmoothing">The part of the target that is spread over all classes, from 0 to 1.</param>
        /// <param name="reduction">A scalar, or the rows' losses in the shape of the targets.</param>
        /// <exception cref="ArgumentException">Shapes or dtypes do not fit, or a target is no class.</exception>
        public Tensor CrossEntropy(
            Tensor targets, Tensor? weight = null, long ignoreIndex = -100, double labelSmoothing = 0,
            LossReduction reduction = LossReduction.Mean)
        {
            (logits, weight) = (Autocast.Raise(logits), Autocast.Raise(weight));
            if (targets.DType.IsFloatingPoint) targets = Autocast.Raise(targets);
            Check.Floating("CrossEntropy", logits);
            if (!(labelSmoothing is >= 0 and <= 1))
            {
                throw new ArgumentOutOfRangeException(nameof(labelSmoothing), labelSmoothing, "CrossEntropy: smoothing is from 0 to 1");
            }
            if (logits.Rank == 0) throw new ArgumentException($"CrossEntropy: logits are [classes] or [rows, classes, …], found {logits}");
            var classAxis = logits.Rank == 1 ? 0 : 1;
            if (weight is { } weights)
            {
                Check.SameKind("CrossEntropy", logits, weights);
                if (weights.Shape != [logits.Size(classAxis)])
                {
                    throw new ArgumentException(
                        $"CrossEntropy: logits {logits.Shape} need one weight for each class, found {weights.Shape}");
                }
            }
            if (targets.DType.IsFloatingPoint) return Likelihood(logits, targets, weight, labelSmoothing, classAxis, reduction);
            Check.WholeNumbers("CrossEntropy", "targets", targets);
            if (targets.Device != logits.Device || targets.Shape != logits.Shape.Without(classAxis))
            {
                throw new ArgumentException(
                    $"CrossEntropy: logits {logits} want targets {logits.Shape.Without(classAxis)} beside them, found {targets}");
            }

            var rows = ClassesLast(logits);
            var classes = Views.Contiguous(Views.Reshape(targets, [rows.Size(0)]));
            var scale = weight is { } given ? Views.Contiguous(given) : default;
            var (losses, targetWeights) = (NormRows.Statistics(rows), NormRows.Statistics(rows));
            var statistics = Tensor.Empty([rows.Size(0), 2], losses.DType, logits.Device);
            var backend = Backend.For(logits);
            backend.CrossEntropy(rows, classes, scale, ignoreIndex, labelSmoothing, losses, targetWeights, statistics);

            var (loss, divisor) = Reduce(losses, targetWeights, reduction);
            var output = loss.To(logits.DType).WithLayout(Layout.Contiguous(reduction == LossReduction.None ? targets.Shape : []));
            if (Tape.Record<CrossEntropyBackward>(output, logits) is { } node)
            {
                (node.Logits, node.IgnoreIndex, node.LabelSmoothing) = (logits.Shape, ignoreIndex, labelSmoothing);
                node.Save(rows, classes, scale, statistics, divisor);
            }
            return output;
        }
    }

    extension(Tensor losses)
    {
        /// <summary>Single losses as the reduction wants them.</summary>
        internal Tensor Reduced(LossReduction reduction) => reduction switch
        {
            LossReduction.None => losses,
            LossReduction.Sum => losses.Sum(),
            _ => losses.Mean(),
        };
    }

    /// <summary>[rows, classes], contiguous.</summary>
    internal static Tensor ClassesLast(Tensor tensor)
    {
        if (tensor.Rank == 1) return Views.Contiguous(tensor.WithLayout(tensor.Layout.Unsqueeze(0)));
        Span<int> axes = stackalloc int[tensor.Rank];
        for (var i = 0; i < axes.Length; i++) axes[i] = i == 0 ? 0 : i == axes.Length - 1 ? 1 : i + 1;
        return Views.Contiguous(FlatRows.Of(tensor.WithLayout(tensor.Layout.Permute(axes))));
    }

    // Targets that are probabilities: gradients flow to them too.
    private static Tensor Likelihood(
        Tensor logits, Tensor targets, Tensor? weight, double smoothing, int classAxis, LossReduction reduction)
    {
        Check.SameKind("CrossEntropy", logits, targets);
        if (targets.Shape != logits.Shape)
        {
            throw new ArgumentException($"CrossEntropy: probabilities have the shape of the logits, {logits.Shape}, found {targets.Shape}");
        }
        var expected = smoothing > 0 ? (targets * (1 - smoothing)) + (smoothing / logits.Size(classAxis)) : targets;
        var terms = expected * logits.LogSoftmax(classAxis);
        if (weight is { } weights)
        {
            var aligned = weights.Shape;
            while (aligned.Rank < logits.Rank - classAxis) aligned = aligned.Insert(aligned.Rank, 1);
            terms *= Views.Reshape(weights.Detach(), aligned);
        }
        return terms.Sum(classAxis).Neg().Reduced(reduction);
    }

    // The loss, and what a mean has divided by.
    private static (Tensor Loss, Tensor Divisor) Reduce(Tensor losses, Tensor targetWeights, LossReduction reduction)
    {
        if (reduction == LossReduction.None) return (losses, default);
        var backend = Backend.For(losses);
        var loss = Tensor.Empty([1], losses.DType, losses.Device);
        backend.Sum(losses, loss);
        if (reduction == LossReduction.Sum) return (loss, default);
        var divisor = Tensor.Empty([1], losses.DType, losses.Device);
        backend.Sum(targetWeights, divisor);
        backend.Div(loss, divisor, loss);
        return (loss, divisor);
    }
}

internal sealed class CrossEntropyBackward : Node
{
    public Shape Logits;
    public long IgnoreIndex;
    public double LabelSmoothing;

    protected internal override void Backward()
    {
        Tensor rows = Saved(0), statistics = Saved(3), divisor = Saved(4);
        var backend = Backend.For(rows);
        var gradient = Views.Reshape(Gradient, [Gradient.ElementCount]).To(statistics.DType);
        if (divisor.IsAlive)
        {
            var each = Tensor.Empty([1], gradient.DType, gradient.Device);
            backend.Div(gradient, divisor, each);
            gradient = each;
        }
        var given = Tensor.Empty(rows.Shape, rows.DType, rows.Device);
        backend.CrossEntropyBackward(
            Broadcast.To(gradient, [rows.Size(0)]), rows, Saved(1), Saved(2), IgnoreIndex, LabelSmoothing, statistics, given);
        Give(0, AsLogits(given));
    }

    // [rows, classes] back to [rows, classes, …].
    private Tensor AsLogits(Tensor given)
    {
        if (Logits.Rank <= 2) return Views.Reshape(given, Logits);
        Span<int> axes = stackalloc int[Logits.Rank];
        for (var i = 0; i < axes.Length; i++) axes[i] = i == 0 ? 0 : i == 1 ? axes.Length - 1 : i - 1;
        var classesLast = Logits.Without(1).Insert(Logits.Rank - 1, Logits[1]);
        return given.WithLayout(Layout.Contiguous(classesLast).Permute(axes));
    }
}
