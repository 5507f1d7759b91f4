using NativeTrainer.Autograd;

namespace NativeTrainer.Models;

/// <summary>T5's encoder alone (Hugging Face's <c>T5EncoderModel</c>).</summary>
public sealed class T5EncoderModel : T5PreTrainedModel
{
    private readonly Embedding _shared;

    /// <summary>Draws initial weights as Hugging Face does.</summary>
    public T5EncoderModel(T5Config config)
        : base(config)
    {
        _shared = AddModule("shared", new Embedding(config.VocabSize, config.ModelSize));
        Encoder = AddModule("encoder", new T5Stack(config, _shared, isDecoder: false));
        PostInit();
    }

    /// <summary>The stack of layers.</summary>
    public T5Stack Encoder { get; }

    /// <inheritdoc/>
    public override string Architecture => "T5EncoderModel";

    /// <inheritdoc/>
    public override IReadOnlyList<string> ForwardArguments => Encoder.ForwardArguments;

    /// <inheritdoc/>
    public override Embedding InputEmbeddings => _shared;

    /// <summary>The encoder's states as <see cref="ModelOutput.LastHiddenState"/>.</summary>
    public override ModelOutput Forward(Batch batch) => Encoder.Forward(batch);

    /// <inheritdoc/>
    protected override bool IsBuffer(string name) => name.Contains("decoder", StringComparison.Ordinal);
}
