using NativeTrainer.Autograd;
using NativeTrainer.Tensors;

namespace NativeTrainer.Models;

/// <summary>What generation asks of a model that predicts the next token of a row.</summary>
public interface ICausalLanguageModel
{
    /// <summary>The states [batch, length, hidden] of the given positions, after the last layer and its norm: what the head sees.</summary>
    /// <param name="inputIds">[batch, length]: all ids, or those that are new where the cache has the others.</param>
    /// <param name="attentionMask">[batch, past + length], 1 for tokens and 0 for padding; all tokens where null.</param>
    /// <param name="positionIds">[batch, length]; counted from the past on where null.</param>
    /// <param name="cache">Keys and values of the past, which the new positions join; null where there is none.</param>
    Tensor LastHiddenStates(Tensor inputIds, Tensor? attentionMask, Tensor? positionIds, KeyValueCache? cache);

    /// <summary>The head: states [batch, hidden] → scores [batch, vocabulary] of what follows them.</summary>
    Tensor LogitsOf(Tensor states);

    /// <summary>The scores [batch, vocabulary] of what follows the last position; the head sees no other.</summary>
    Tensor NextTokenLogits(Tensor inputIds, Tensor? attentionMask, Tensor? positionIds, KeyValueCache? cache) =>
        LogitsOf(LastHiddenStates(inputIds, attentionMask, positionIds, cache).Select(1, -1));
}
