using NativeTrainer.Autograd;
using NativeTrainer.Kernels;
using NativeTrainer.Tensors;

namespace NativeTrainer.Models;

/// <summary>What a model gives that finds answers in texts.</summary>
public sealed class QuestionAnsweringOutput : ModelOutput
{
    /// <summary>[batch, length]: the score of each token as an answer's first.</summary>
    public Tensor StartLogits { get; private init; }

    /// <summary>[batch, length]: the score of each token as an answer's last.</summary>
    public Tensor EndLogits { get; private init; }

    /// <inheritdoc/>
    public override IEnumerable<(string Name, Tensor Tensor)> Items()
    {
        if (Loss is { } loss) yield return ("loss", loss);
        yield return ("start_logits", StartLogits);
        yield return ("end_logits", EndLogits);
        foreach (var state in HiddenStates ?? []) yield return ("hidden_states", state);
        foreach (var weights in Attentions ?? []) yield return ("attentions", weights);
    }

    /// <summary>Logits [batch, length, 2] split, and half the sum of both cross entropies where both places are given.</summary>
    internal static QuestionAnsweringOutput Of(
        Tensor logits, Tensor? startPositions, Tensor? endPositions, List<Tensor>? states, List<Tensor>? weights)
    {
        if (logits.Size(-1) != 2) throw new ArgumentException($"expected logits of an answer's first and last token, found {logits}");
        Tensor starts = logits.Select(-1, 0), ends = logits.Select(-1, 1);
        Tensor? loss = startPositions is { } first && endPositions is { } last
            ? (PositionLoss(starts, first, "start_positions") + PositionLoss(ends, last, "end_positions")) / 2
            : null;
        return new QuestionAnsweringOutput
        {
            Loss = loss, StartLogits = starts, EndLogits = ends, HiddenStates = states, Attentions = weights,
        };
    }

    private static Tensor PositionLoss(Tensor logits, Tensor positions, string name)
    {
        var (rows, length) = (logits.Size(0), logits.Size(1));
        if (positions.ElementCount != rows || positions.Rank is not (1 or 2) || positions.DType.IsFloatingPoint)
        {
            throw new ArgumentException($"{name} is whole numbers [batch], here [{rows}], found {positions}", name);
        }
        var given = Tensor.Empty([rows], DType.Int64);
        Backend.For(given).Copy(positions.Reshape(rows), given);
        return logits.CrossEntropy(given.Clamp(min: 0, max: length), ignoreIndex: length); // places outside the text do not count
    }
}
