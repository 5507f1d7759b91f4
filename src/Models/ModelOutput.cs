using NativeTrainer.Autograd;
using NativeTrainer.Tensors;

namespace NativeTrainer.Models;

/// <summary>What a model's forward pass gives; null where it was not asked for or the model has no such thing.</summary>
public class ModelOutput
{
    private Tensor? _logits;

    /// <summary>The mean loss, a scalar; only where labels were given.</summary>
    public Tensor? Loss { get; init; }

    /// <summary>Scores before softmax: [batch, length, vocabulary] of a language model, [batch, labels] of a classifier.</summary>
    /// <remarks>Inside <see cref="Autocast"/> they are converted to float32 when they are first looked at, as accelerate converts what
    /// a model gives.</remarks>
    /// <exception cref="InvalidOperationException">The model has no head that makes logits.</exception>
    public Tensor Logits
    {
        get
        {
            _logits = Autocast.Raise(_logits);
            return _logits ?? throw new InvalidOperationException(
                "this model has no head, so it gives no logits; it has LastHiddenState");
        }

        init => _logits = value;
    }

    /// <summary>Logits of a model that may have no head.</summary>
    internal Tensor? LogitsOrNone { init => _logits = value; }

    /// <summary>Whether there are <see cref="Logits"/>.</summary>
    public bool HasLogits => _logits is not null;

    /// <summary>[batch, length, hidden] after the last layer and its norm; of models without a head.</summary>
    public Tensor? LastHiddenState { get; init; }

    /// <summary>The keys and values of all positions so far.</summary>
    public KeyValueCache? PastKeyValues { get; init; }

    /// <summary>[batch, length, hidden]: the embeddings, then the output of each layer, the last one after the final norm.</summary>
    public IReadOnlyList<Tensor>? HiddenStates { get; init; }

    /// <summary>[batch, heads, queries, keys] of each layer, after softmax and dropout.</summary>
    public IReadOnlyList<Tensor>? Attentions { get; init; }

    /// <summary>
    /// What there is, in Hugging Face's order and under its names; a list (hidden states, say) gives each tensor under the list's name.
    /// </summary>
    /// <remarks>Keys and values come as <c>past_key_values</c>, keys before values, layer by layer.</remarks>
    public virtual IEnumerable<(string Name, Tensor Tensor)> Items()
    {
        if (Loss is { } loss) yield return ("loss", loss);
        if (HasLogits) yield return ("logits", Logits);
        if (LastHiddenState is { } last) yield return ("last_hidden_state", last);
        for (var layer = 0; layer < (PastKeyValues?.LayerCount ?? 0); layer++)
        {
            yield return ("past_key_values", PastKeyValues!.Keys(layer));
            yield return ("past_key_values", PastKeyValues.Values(layer));
        }
        foreach (var state in HiddenStates ?? []) yield return ("hidden_states", state);
        foreach (var weights in Attentions ?? []) yield return ("attentions", weights);
    }
}
