using System.Buffers;
using NativeTrainer.Models;
using NativeTrainer.Models.Tokenizers;
using NativeTrainer.Tensors;

namespace NativeTrainer.Data;

/// <summary>
/// Pads rows and makes their labels: for masked language modelling the tokens that are hidden (BERT, https://arxiv.org/abs/1810.04805: of
/// 15 % of the tokens 80 % become the mask, 10 % a random token, 10 % stay), else the ids themselves.
/// </summary>
/// <remarks>
/// Labels of other tokens are -100. In causal rows every padding id becomes -100, real ones too where padding and end of text are the same
/// token, as in transformers. Masks are drawn from <see cref="TorchGenerator.Default"/> as torch draws them, on the thread that trains.
/// </remarks>
public sealed class DataCollatorForLanguageModeling : Collator, IFinishingCollator
{
    private const string Labels = "labels";
    private const long Ignored = -100;

    private readonly CollatorTokens _tokens;

    /// <summary>For a tokenizer.</summary>
    /// <param name="tokenizer">Padding token and side, mask token, special tokens.</param>
    /// <param name="mlm">Whether to mask; else labels are the ids.</param>
    /// <param name="mlmProbability">The share of tokens to predict.</param>
    /// <exception cref="ArgumentException">The tokenizer has no mask token, or the probability is none.</exception>
    public DataCollatorForLanguageModeling(ITokenizer tokenizer, bool mlm = true, double mlmProbability = 0.15)
        : this(CollatorTokens.Of(tokenizer), mlm, mlmProbability)
    {
    }

    /// <inheritdoc cref="DataCollatorForLanguageModeling(ITokenizer, bool, double)"/>
    public DataCollatorForLanguageModeling(CollatorTokens tokens, bool mlm = true, double mlmProbability = 0.15)
    {
        if (mlm && tokens.MaskTokenId is null)
        {
            throw new ArgumentException(
                "masked language modelling hides tokens behind the mask_token, and the tokenizer has none; set mlm to false", nameof(mlm));
        }
        if (!(mlmProbability >= 0 && mlmProbability <= 1))
            throw new ArgumentException($"mlm_probability is {mlmProbability}, expected a number from 0 to 1", nameof(mlmProbability));
        (_tokens, Mlm, MlmProbability) = (tokens, mlm, mlmProbability);
    }

    /// <summary>Whether tokens are masked.</summary>
    public bool Mlm { get; }

    /// <summary>The share of tokens to predict.</summary>
    public double MlmProbability { get; }

    /// <summary>Rounds the length up; null: not at all.</summary>
    public int? PadToMultipleOf { get; init; }

    /// <inheritdoc/>
    public override Batch Collate(IDataset dataset, ReadOnlySpan<int> rows) => Finish(Prepare(dataset, rows));

    /// <inheritdoc/>
    public Batch Prepare(IDataset dataset, ReadOnlySpan<int> rows) =>
        new TokenPadding(_tokens, PaddingStrategy.Longest, null, PadToMultipleOf).Pad(dataset, rows);

    /// <inheritdoc/>
    public Batch Finish(Batch batch)
    {
        var special = batch.Find(TokenPadding.Special);
        if (special is not null) batch = batch.Without(TokenPadding.Special);
        var ids = batch[TokenPadding.Ids];
        var labels = Tensor.Empty(ids.Shape, DType.Int64);
        if (Mlm) Mask(ids.AsSpan<long>(), labels.AsSpan<long>(), special);
        else Copy(ids.AsSpan<long>(), labels.AsSpan<long>());
        batch[Labels] = labels;
        return batch;
    }

    private void Copy(ReadOnlySpan<long> ids, Span<long> labels)
    {
        for (var i = 0; i < ids.Length; i++) labels[i] = ids[i] == _tokens.PadTokenId ? Ignored : ids[i];
    }

    // Four draws over the whole batch one after another: which tokens, which of them hidden, which replaced, by what.
    private void Mask(Span<long> ids, Span<long> labels, Tensor? special)
    {
        var (random, count) = (TorchGenerator.Default, ids.Length);
        var chances = ArrayPool<float>.Shared.Rent(4 * count);
        var words = ArrayPool<long>.Shared.Rent(count);
        Span<float> probability = chances.AsSpan(0, count), chosen = chances.AsSpan(count, count);
        Span<float> hidden = chances.AsSpan(2 * count, count), replaced = chances.AsSpan(3 * count, count);
        for (var i = 0; i < count; i++) probability[i] = IsSpecial(ids[i], i, special) ? 0 : (float)MlmProbability;
        random.Bernoulli(chosen, probability);
        probability.Fill(0.8f);
        random.Bernoulli(hidden, probability);
        probability.Fill(0.5f);
        random.Bernoulli(replaced, probability);
        random.RandInt(words.AsSpan(0, count), 0, _tokens.Length);
        for (var i = 0; i < count; i++)
        {
            labels[i] = chosen[i] == 1 ? ids[i] : Ignored;
            if (chosen[i] != 1) continue;
            if (hidden[i] == 1) ids[i] = _tokens.MaskTokenId!.Value;
            else if (replaced[i] == 1) ids[i] = words[i];
        }
        ArrayPool<float>.Shared.Return(chances);
        ArrayPool<long>.Shared.Return(words);
    }

    private bool IsSpecial(long id, int place, Tensor? given)
    {
        if (given is { } flags) return flags.AsSpan<long>()[place] != 0;
        var special = _tokens.AllSpecialIds;
        for (var i = 0; i < special.Count; i++)
        {
            if (special[i] == id) return true;
        }
        return false;
    }
}
