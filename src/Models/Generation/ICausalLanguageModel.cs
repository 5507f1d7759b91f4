using NativeTrainer.Tensors;

namespace NativeTrainer.Models;

/// <summary>What generation asks of a model that predicts the next token of a row.</summary>
public interface ICausalLanguageModel
{
    /// <summary>The scores [batch, vocabulary] of what follows the last position.</summary>
    /// <param name="inputIds">[batch, length]: all ids, or those that are new where the cache has the others.</param>
    /// <param name="attentionMask">[batch, past + length], 1 for tokens and 0 for padding; all tokens where null.</param>
    /// <param name="positionIds">[batch, length]; counted from the past on where null.</param>
    /// <param name="cache">Keys and values of the past, which the new positions join; null where there is none.</param>
    Tensor NextTokenLogits(Tensor inputIds, Tensor? attentionMask, Tensor? positionIds, KeyValueCache? cache);
}
