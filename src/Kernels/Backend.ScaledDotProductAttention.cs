using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels;

public abstract partial class Backend
{
    /// <summary>
    /// output = softmax(scale · query keyᵀ + mask) value for every batch and head, without a matrix of scores in memory
    /// (https://arxiv.org/abs/2205.14135). Neighbouring heads share a key head where there are fewer. A query that may look at no key, or
    /// only at keys whose mask is −∞, has output 0.
    /// </summary>
    /// <param name="query">[batch, heads, queries, size]; the last axis of this and all below with stride 1, others as they please.</param>
    /// <param name="key">[batch, key heads, keys, size].</param>
    /// <param name="value">[batch, key heads, keys, size].</param>
    /// <param name="mask">[batch, heads, queries, keys] with any strides, 0 where repeated, of the same dtype; or <c>default</c>.</param>
    /// <param name="masking">Whether causal, with an offset of 0 or of keys − queries.</param>
    /// <param name="scale">Factor of the scores.</param>
    /// <param name="output">[batch, heads, queries, size].</param>
    /// <param name="statistics">
    /// [2, batch, heads, queries], contiguous, for the backward pass: each row's largest score, and Σ e^(score − largest). float32 where
    /// the others are float16 or bfloat16. <c>default</c> where no backward pass will come.
    /// </param>
    public abstract void ScaledDotProductAttention(
        Tensor query, Tensor key, Tensor value, Tensor mask, in AttentionMasking masking, double scale, Tensor output, Tensor statistics);

    /// <summary>The gradients of <see cref="ScaledDotProductAttention"/>. A query without output passes nothing on.</summary>
    /// <param name="gradient">Of the output, laid out as it.</param>
    /// <param name="query">As in the forward pass, as all up to <paramref name="statistics"/>.</param>
    /// <param name="key">[batch, key heads, keys, size].</param>
    /// <param name="value">[batch, key heads, keys, size].</param>
    /// <param name="mask">As in the forward pass.</param>
    /// <param name="masking">As in the forward pass.</param>
    /// <param name="scale">As in the forward pass.</param>
    /// <param name="output">What the forward pass wrote.</param>
    /// <param name="statistics">What the forward pass wrote.</param>
    /// <param name="queryGradient">As <paramref name="query"/>, overwritten.</param>
    /// <param name="keyGradient">As <paramref name="key"/>, overwritten.</param>
    /// <param name="valueGradient">As <paramref name="value"/>, overwritten.</param>
    /// <param name="maskGradient">As <paramref name="mask"/>, with stride 0 where that has it; added to. Or <c>default</c>.</param>
    public abstract void ScaledDotProductAttentionBackward(
        Tensor gradient, Tensor query, Tensor key, Tensor value, Tensor mask, in AttentionMasking masking, double scale, Tensor output,
        Tensor statistics, Tensor queryGradient, Tensor keyGradient, Tensor valueGradient, Tensor maskGradient);
}
