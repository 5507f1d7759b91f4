using System.Text;
using NativeTrainer.Cli.Arguments;
using NativeTrainer.Data;
using NativeTrainer.Models.Tokenizers;

namespace NativeTrainer.Cli.Commands;

/// <summary><c>nativetrainer train-tokenizer</c>: learns a tokenizer from texts and writes a folder that Hugging Face loads.</summary>
internal static class TrainTokenizerCommand
{
    /// <summary>Runs the command.</summary>
    /// <param name="words">The words after <c>train-tokenizer</c>.</param>
    public static int Run(string[] words)
    {
        var args = new TrainTokenizerArguments();
        if (!new HfArgumentParser(args).Parse(words))
        {
            Console.Write(Help.TrainTokenizer());
            return 0;
        }
        var files = DataFiles.Find(args.TrainFile!, "train_file");
        try
        {
            var tokenizer = TokenizerTrainer.Train(files.SelectMany(file => Texts(file, args)), args.OutputDir, args.Options);
            if (tokenizer.VocabSize < args.VocabSize)
            {
                CommandLine.Warn($"the texts gave {tokenizer.VocabSize} tokens, fewer than vocab_size {args.VocabSize}: no pair is left"
                    + (args.MinFrequency > 1 ? $" that occurs {args.MinFrequency} times" : ""));
            }
            Console.WriteLine($"{args.OutputDir}: {tokenizer.VocabSize} tokens");
            return 0;
        }
        catch (ArgumentException wrong)
        {
            throw new InvalidDataException(wrong.Message, wrong);
        }
        catch (AggregateException several) when (several.InnerException is { } first && CommandLine.IsBadInput(first))
        {
            throw new InvalidDataException(first.Message, first);
        }
    }

    private static IEnumerable<string> Texts(string file, TrainTokenizerArguments args)
    {
        if (DataFiles.IsText(file))
        {
            foreach (var line in Lines(file)) yield return line;
            yield break;
        }
        foreach (var row in DatasetFiles.Read(file, new() { Columns = [args.TextColumnName], TextColumns = [args.TextColumnName] }))
        {
            var text = row[args.TextColumnName];
            if (text.Kind != FeatureKind.Text)
                throw new InvalidDataException($"{row.Origin} has {text.Kind} as {args.TextColumnName}, expected a text");
            yield return text.Text;
        }
    }

    // As the tokenizers library reads files: lines end at \n and keep it.
    private static IEnumerable<string> Lines(string file)
    {
        using var reader = new StreamReader(file, new UTF8Encoding(false, throwOnInvalidBytes: true), detectEncodingFromByteOrderMarks: false);
        var (buffer, line) = (new char[1 << 16], new StringBuilder());
        while (true)
        {
            int length;
            try
            {
                length = reader.Read(buffer);
            }
            catch (DecoderFallbackException wrong)
            {
                throw new InvalidDataException($"{file}: is not text in UTF-8: {wrong.Message}", wrong);
            }
            if (length == 0) break;
            for (var from = 0; from < length;)
            {
                var end = Array.IndexOf(buffer, '\n', from, length - from);
                line.Append(buffer, from, (end < 0 ? length : end + 1) - from);
                from = end < 0 ? length : end + 1;
                if (end < 0) continue;
                yield return line.ToString();
                line.Clear();
            }
        }
        if (line.Length > 0) yield return line.ToString();
    }
}
