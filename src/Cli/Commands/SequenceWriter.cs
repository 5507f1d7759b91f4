using NativeTrainer.Models;
using NativeTrainer.Models.Tokenizers;
using NativeTrainer.Tensors;

namespace NativeTrainer.Cli.Commands;

/// <summary>Generates for prompts, some rows at a time, and writes a line of JSON for each returned sequence.</summary>
internal sealed class SequenceWriter(PreTrainedModel model, ITokenizer? tokenizer, GenerationConfig config, TextWriter writer)
{
    private readonly HashSet<string> _warned = [];

    private bool HasEncoder => model is ISeq2SeqLanguageModel;

    /// <summary>Generates for prompts that go together.</summary>
    /// <param name="path">The file that they come from, for errors.</param>
    /// <param name="prompts">The prompts; shorter ones are padded, on the left where the model continues them.</param>
    /// <param name="cancellation">Ends it with an exception.</param>
    /// <exception cref="InvalidDataException">The model cannot go on with these rows.</exception>
    public void Write(string path, IReadOnlyList<Prompt> prompts, CancellationToken cancellation)
    {
        var (ids, mask) = Padded([.. prompts.Select(prompt => prompt.Ids)], onTheLeft: !HasEncoder);
        GenerateOutput output;
        try
        {
            var inputs = new GenerateInputs(ids) { AttentionMask = mask, DecoderInputIds = DecoderIds(path, prompts), Warn = WarnOnce };
            output = model.Generate(inputs, config, cancellation);
        }
        catch (ArgumentException e) when (e is not ConfigurationException)
        {
            throw new InvalidDataException($"{path}, rows {prompts[0].Row} to {prompts[^1].Row}: {e.Message}", e);
        }
        WriteLines(output, prompts);
    }

    private void WriteLines(GenerateOutput output, IReadOnlyList<Prompt> prompts)
    {
        var (width, all) = ((int)output.Sequences.Size(1), output.Sequences.ToArray<long>());
        var ends = config.EosTokenIds is { Count: > 0 } own ? own : model.GenerationConfig?.EosTokenIds ?? [];
        var scores = config.OutputScores ? output.TransitionScores() : null;
        var perPrompt = (int)output.Sequences.Size(0) / prompts.Count;
        for (var row = 0; row < output.Sequences.Size(0); row++)
        {
            // Without the padding on both sides: what the row alone would have given.
            var first = HasEncoder ? 0 : output.PromptLength - prompts[row / perPrompt].Ids.Length;
            var end = output.PromptLength;
            while (end < width && !ends.Contains((int)all[(row * width) + end])) end++;
            end = Math.Min(end + 1, width);
            var ids = all[((row * width) + first)..((row * width) + end)];
            Dictionary<string, object?> line = new() { ["output_ids"] = ids.Select(id => (object?)id).ToList() };
            if (tokenizer is not null) line["text"] = tokenizer.Decode([.. ids.Select(id => (int)id)], skipSpecialTokens: true);
            if (output.SequencesScores is { } sums) line["score"] = (double)sums[row];
            if (scores is not null)
            {
                line["transition_scores"] = scores[row].Take(end - output.PromptLength).Select(score => (object?)(double)score).ToList();
            }
            writer.WriteLine(PythonJson.Write(line));
        }
        writer.Flush();
    }

    private Tensor? DecoderIds(string path, IReadOnlyList<Prompt> prompts)
    {
        if (prompts.All(prompt => prompt.DecoderIds is null)) return null;
        var length = prompts[0].DecoderIds?.Length;
        foreach (var prompt in prompts)
        {
            if (!HasEncoder)
            {
                throw new InvalidDataException($"{path}, row {prompt.Row}: has decoder_input_ids, which are for a model with an encoder");
            }
            if (prompt.DecoderIds?.Length != length)
            {
                throw new InvalidDataException(
                    $"{path}, row {prompt.Row}: decoder_input_ids of rows that are generated together have one length; set batch_size 1");
            }
        }
        return Tensor.From([.. prompts.SelectMany(prompt => prompt.DecoderIds!).Select(id => (long)id)], [prompts.Count, length!.Value]);
    }

    private (Tensor Ids, Tensor? Mask) Padded(int[][] rows, bool onTheLeft)
    {
        var width = rows.Max(row => row.Length);
        var (ids, mask) = (new long[rows.Length * width], new long[rows.Length * width]);
        Array.Fill(ids, PromptPadding());
        for (var i = 0; i < rows.Length; i++)
        {
            var start = (i * width) + (onTheLeft ? width - rows[i].Length : 0);
            for (var j = 0; j < rows[i].Length; j++) (ids[start + j], mask[start + j]) = (rows[i][j], 1);
        }
        return (Tensor.From(ids, [rows.Length, width]), Tensor.From(mask, [rows.Length, width]));
    }

    // What a tokenizer would pad prompts with; an option pad_token_id is for what is generated. Some processors see it.
    private long PromptPadding()
    {
        var own = model.GenerationConfig;
        return tokenizer?.SpecialTokens.Pad?.Id ?? own?.PadTokenId ?? own?.EosTokenIds.FirstOrDefault() ?? Math.Max(0, config.PadTokenId ?? 0);
    }

    private void WarnOnce(string message)
    {
        if (_warned.Add(message)) CommandLine.Warn(message);
    }
}
