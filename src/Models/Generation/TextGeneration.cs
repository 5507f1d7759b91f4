using System.Runtime.CompilerServices;
using NativeTrainer.Tensors;

namespace NativeTrainer.Models;

/// <summary>
/// Text from models that predict the next token, and from encoder-decoder models: greedy, sampled, with beams or contrastive, as
/// <see cref="GenerationConfig.Mode"/> says (Hugging Face's <c>generate()</c>).
/// </summary>
/// <example><code>
/// var config = model.GenerationConfig!.Clone();
/// (config.MaxNewTokens, config.DoSample) = (100, true);
/// foreach (var token in model.GenerateStream(prompt, config)) Console.Write(tokenizer.Decode([token]));
/// </code></example>
public static class TextGeneration
{
    extension(PreTrainedModel model)
    {
        /// <summary>Continues prompts, or has a decoder write about what its encoder reads.</summary>
        /// <param name="inputIds">[batch, length]; see <see cref="GenerateInputs.InputIds"/>.</param>
        /// <param name="attentionMask">[batch, length]; see <see cref="GenerateInputs.AttentionMask"/>.</param>
        /// <param name="config">Instead of the model's own, whole.</param>
        /// <param name="warn">Is told of options without effect, and of prompts that are too long or padded on the wrong side.</param>
        /// <param name="cancellation">Ends the call with an exception, between two tokens.</param>
        /// <returns>[batch × num_return_sequences, length] of int64: the prompts and what follows, or what the decoder wrote; rows that ended
        /// early are padded.</returns>
        /// <exception cref="ConfigurationException">An option that does not hold or is not supported.</exception>
        public Tensor Generate(
            Tensor inputIds, Tensor? attentionMask = null, GenerationConfig? config = null, Action<string>? warn = null,
            CancellationToken cancellation = default) =>
            model.Generate(new GenerateInputs(inputIds) { AttentionMask = attentionMask, Warn = warn }, config, cancellation).Sequences;

        /// <summary>As above, with everything that can be given and that comes back.</summary>
        /// <param name="inputs">What is continued, and processors and stopping criteria of your own.</param>
        /// <param name="config">Instead of the model's own, whole.</param>
        /// <param name="cancellation">Ends the call with an exception, between two tokens.</param>
        /// <exception cref="ConfigurationException">An option that does not hold or is not supported.</exception>
        /// <exception cref="ArgumentException">Inputs that do not fit the model.</exception>
        public GenerateOutput Generate(GenerateInputs inputs, GenerationConfig? config = null, CancellationToken cancellation = default)
        {
            using var loop = GenerationLoop.For(model, inputs, config);
            while (!loop.IsDone)
            {
                cancellation.ThrowIfCancellationRequested();
                loop.Step();
            }
            return loop.Result();
        }

        /// <summary>The tokens that continue one prompt, each as soon as it is known; the one that ends the text is the last.</summary>
        /// <param name="prompt">At least one id.</param>
        /// <param name="config">Instead of the model's own, whole.</param>
        /// <param name="warn">Is told of options without effect, and of a prompt that is too long.</param>
        /// <param name="cancellation">Ends the sequence, between two tokens.</param>
        public IEnumerable<int> GenerateStream(
            IReadOnlyList<int> prompt, GenerationConfig? config = null, Action<string>? warn = null,
            CancellationToken cancellation = default) =>
            Stream(StartOne(model, prompt, config, warn), cancellation).Select(token => token.Id);

        /// <summary>As <see cref="GenerateStream"/>; each token is worked out on another thread.</summary>
        public IAsyncEnumerable<int> GenerateStreamAsync(
            IReadOnlyList<int> prompt, GenerationConfig? config = null, Action<string>? warn = null,
            CancellationToken cancellation = default) =>
            StreamAsync(StartOne(model, prompt, config, warn), cancellation).Select(token => token.Id);

        /// <summary>
        /// The tokens of several rows, each as soon as it is known: one step's tokens come row by row, and none of a row behind its end. Each
        /// step is worked out on another thread.
        /// </summary>
        /// <param name="inputs">What is continued.</param>
        /// <param name="config">Instead of the model's own, whole; without beams.</param>
        /// <param name="cancellation">Ends the sequence, between two steps.</param>
        public IAsyncEnumerable<GeneratedToken> GenerateStreamAsync(
            GenerateInputs inputs, GenerationConfig? config = null, CancellationToken cancellation = default) =>
            StreamAsync(Start(model, inputs, config), cancellation);
    }

    private static GenerationLoop StartOne(PreTrainedModel model, IReadOnlyList<int> prompt, GenerationConfig? config, Action<string>? warn)
    {
        using var outside = TensorPool.Suspend();
        var loop = Start(model, new GenerateInputs(Tensor.From([.. prompt], [1, prompt.Count])) { Warn = warn }, config);
        if (((IStreamedLoop)loop).Ended.Length == 1) return loop;
        loop.Dispose();
        throw new ConfigurationException(
            nameof(GenerationConfig), "num_return_sequences is more than 1, expected 1 for a stream of one row; give GenerateInputs for several");
    }

    private static GenerationLoop Start(PreTrainedModel model, GenerateInputs inputs, GenerationConfig? config)
    {
        using var outside = TensorPool.Suspend();
        var loop = GenerationLoop.For(model, inputs, config);
        if (loop is IStreamedLoop) return loop;
        loop.Dispose();
        throw new ConfigurationException(
            nameof(GenerationConfig), "num_beams is more than 1, expected 1 for a stream: beams are known at their end");
    }

    private static IEnumerable<GeneratedToken> Stream(GenerationLoop loop, CancellationToken cancellation)
    {
        using (loop)
        {
            while (!loop.IsDone && !cancellation.IsCancellationRequested)
            {
                var before = ((IStreamedLoop)loop).Ended.ToArray();
                loop.Step();
                for (var row = 0; row < before.Length; row++)
                {
                    if (!before[row]) yield return Token(loop, row);
                }
            }
        }
    }

    private static async IAsyncEnumerable<GeneratedToken> StreamAsync(
        GenerationLoop loop, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        using (loop)
        {
            while (!loop.IsDone && !cancellation.IsCancellationRequested)
            {
                var before = ((IStreamedLoop)loop).Ended.ToArray();
                await Task.Run(loop.Step, CancellationToken.None).ConfigureAwait(false);
                for (var row = 0; row < before.Length; row++)
                {
                    if (!before[row]) yield return Token(loop, row);
                }
            }
        }
    }

    private static GeneratedToken Token(GenerationLoop loop, int row)
    {
        var streamed = (IStreamedLoop)loop;
        return new GeneratedToken(row, (int)streamed.TokenOf(row), loop.IsDone || streamed.Ended[row]);
    }
}

/// <summary>A token of a stream.</summary>
/// <param name="Row">The row: prompt × num_return_sequences.</param>
/// <param name="Id">The token.</param>
/// <param name="IsLast">Whether the row has ended with it.</param>
public readonly record struct GeneratedToken(int Row, int Id, bool IsLast);
