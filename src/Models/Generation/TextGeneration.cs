using System.Runtime.CompilerServices;
using NativeTrainer.Tensors;

namespace NativeTrainer.Models;

/// <summary>Text from models that predict the next token: greedy, or sampled with temperature, top-k and top-p.</summary>
/// <example><code>
/// var config = model.GenerationConfig!.Clone();
/// (config.MaxNewTokens, config.DoSample) = (100, true);
/// foreach (var token in model.GenerateStream(prompt, config)) Console.Write(tokenizer.Decode([token]));
/// </code></example>
public static class TextGeneration
{
    extension(PreTrainedModel model)
    {
        /// <summary>Continues prompts.</summary>
        /// <param name="inputIds">[batch, length]; shorter prompts are padded on the left.</param>
        /// <param name="attentionMask">[batch, length], 0 for padding. Where null, ids that are the padding id are padding, unless that
        /// also ends texts.</param>
        /// <param name="config">Instead of the model's own, whole.</param>
        /// <param name="warn">Is told of options without effect, and of prompts that are too long or padded on the wrong side.</param>
        /// <param name="cancellation">Ends the call with an exception, between two tokens.</param>
        /// <returns>[batch, length] of int64: the prompts and what follows; rows that ended early are padded.</returns>
        /// <exception cref="ConfigurationException">An option that does not hold or is not supported.</exception>
        public Tensor Generate(
            Tensor inputIds, Tensor? attentionMask = null, GenerationConfig? config = null, Action<string>? warn = null,
            CancellationToken cancellation = default)
        {
            using var loop = new GenerationLoop(model, inputIds, attentionMask, config, warn);
            while (!loop.IsDone)
            {
                cancellation.ThrowIfCancellationRequested();
                loop.Step();
            }
            return loop.Sequences();
        }

        /// <summary>The tokens that continue one prompt, each as soon as it is known; the one that ends the text is the last.</summary>
        /// <param name="prompt">At least one id.</param>
        /// <param name="config">Instead of the model's own, whole.</param>
        /// <param name="warn">As in <see cref="Generate"/>.</param>
        /// <param name="cancellation">Ends the sequence, between two tokens.</param>
        public IEnumerable<int> GenerateStream(
            IReadOnlyList<int> prompt, GenerationConfig? config = null, Action<string>? warn = null,
            CancellationToken cancellation = default) =>
            Stream(Start(model, prompt, config, warn), cancellation);

        /// <summary>As <see cref="GenerateStream"/>; each token is worked out on another thread.</summary>
        public IAsyncEnumerable<int> GenerateStreamAsync(
            IReadOnlyList<int> prompt, GenerationConfig? config = null, Action<string>? warn = null,
            CancellationToken cancellation = default) =>
            StreamAsync(Start(model, prompt, config, warn), cancellation);
    }

    private static GenerationLoop Start(PreTrainedModel model, IReadOnlyList<int> prompt, GenerationConfig? config, Action<string>? warn)
    {
        using var outside = TensorPool.Suspend();
        return new GenerationLoop(model, Tensor.From([.. prompt], [1, prompt.Count]), null, config, warn);
    }

    private static IEnumerable<int> Stream(GenerationLoop loop, CancellationToken cancellation)
    {
        using (loop)
        {
            while (!loop.IsDone && !cancellation.IsCancellationRequested)
            {
                loop.Step();
                yield return (int)loop.Tokens[0];
            }
        }
    }

    private static async IAsyncEnumerable<int> StreamAsync(
        GenerationLoop loop, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        using (loop)
        {
            while (!loop.IsDone && !cancellation.IsCancellationRequested)
            {
                await Task.Run(loop.Step, CancellationToken.None).ConfigureAwait(false);
                yield return (int)loop.Tokens[0];
            }
        }
    }
}
