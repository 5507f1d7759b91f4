namespace NativeTrainer.Models;

/// <summary>How the next tokens are chosen; <see cref="GenerationConfig.Mode"/> tells which of them the options ask for.</summary>
public enum GenerationMode
{
    /// <summary>The likeliest token.</summary>
    GreedySearch,

    /// <summary>A token drawn by its probability (Hugging Face's multinomial sampling).</summary>
    Sample,

    /// <summary>Several continuations at once, of which the likeliest as a whole is kept.</summary>
    BeamSearch,

    /// <summary>Beams whose tokens are drawn.</summary>
    BeamSample,

    /// <summary>Groups of beams that are kept different (https://arxiv.org/abs/1610.02424).</summary>
    GroupBeamSearch,

    /// <summary>Likely tokens whose state is least like those before (https://arxiv.org/abs/2202.06417).</summary>
    ContrastiveSearch,
}
