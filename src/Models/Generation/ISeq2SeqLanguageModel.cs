using NativeTrainer.Autograd;
using NativeTrainer.Tensors;

namespace NativeTrainer.Models;

/// <summary>What generation asks of a model whose encoder reads a text and whose decoder writes another.</summary>
public interface ISeq2SeqLanguageModel
{
    /// <summary>The encoder's last states [batch, length, hidden].</summary>
    /// <param name="inputIds">[batch, length].</param>
    /// <param name="attentionMask">[batch, length], 1 for tokens and 0 for padding; all tokens where null.</param>
    Tensor Encode(Tensor inputIds, Tensor? attentionMask);

    /// <summary>The decoder's states [batch, length, hidden], after the last layer and its norm: what the head sees.</summary>
    /// <param name="decoderInputIds">[batch, length]: all ids so far, or those that are new where the cache has the others.</param>
    /// <param name="encoderStates">What <see cref="Encode"/> gave, a row for each row of the ids.</param>
    /// <param name="encoderMask">The mask that <see cref="Encode"/> was given, a row for each row of the ids.</param>
    /// <param name="cache">Keys and values of the past, and in <see cref="KeyValueCache.CrossAttention"/> those of the encoder's states, which
    /// the first call fills; null where there is none.</param>
    Tensor LastHiddenStates(Tensor decoderInputIds, Tensor encoderStates, Tensor? encoderMask, KeyValueCache? cache);

    /// <summary>The head: states [batch, hidden] → scores [batch, vocabulary] of what follows them.</summary>
    Tensor LogitsOf(Tensor states);

    /// <summary>The scores [batch, vocabulary] of what follows the decoder's last position; the head sees no other.</summary>
    Tensor NextTokenLogits(Tensor decoderInputIds, Tensor encoderStates, Tensor? encoderMask, KeyValueCache? cache) =>
        LogitsOf(LastHiddenStates(decoderInputIds, encoderStates, encoderMask, cache).Select(1, -1));

    /// <summary>
    /// Labels [batch, length] one place to the right behind the start token, -100 as padding: what the decoder reads while it learns to
    /// write them.
    /// </summary>
    Tensor PrepareDecoderInputIdsFromLabels(Tensor labels);
}
