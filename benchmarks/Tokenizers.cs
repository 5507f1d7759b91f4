using BenchmarkDotNet.Attributes;
using NativeTrainer.Models.Tokenizers;

namespace NativeTrainer.Benchmarks;

/// <summary>
/// Tokenizers on a megabyte of English, one thread. <c>TOKENIZER_TEXT</c> names the text, <c>TOKENIZERS</c> the folders, with <c>:</c> between.
/// </summary>
[MemoryDiagnoser]
public class Tokenizers
{
    private readonly List<int> _ids = new(1 << 21);
    private ITokenizer _tokenizer = null!;
    private string _text = "";

    /// <summary>The folder of the tokenizer.</summary>
    [ParamsSource(nameof(Folders))]
    public string Folder { get; set; } = "";

    public static IEnumerable<string> Folders => Environment.GetEnvironmentVariable("TOKENIZERS")?.Split(':')
        ?? throw new InvalidOperationException("TOKENIZERS is unset, expected folders with tokenizers");

    [GlobalSetup]
    public void Setup()
    {
        _tokenizer = Tokenizer.FromPretrained(Folder);
        _text = File.ReadAllText(Environment.GetEnvironmentVariable("TOKENIZER_TEXT")
            ?? throw new InvalidOperationException("TOKENIZER_TEXT is unset, expected a text file"));
    }

    /// <summary>Ids alone.</summary>
    [Benchmark]
    public int Ids()
    {
        _ids.Clear();
        _tokenizer.Encode(_text, _ids);
        return _ids.Count;
    }

    /// <summary>Ids, tokens, offsets, word ids and masks.</summary>
    [Benchmark]
    public int Offsets() => _tokenizer.Encode(_text, new EncodingOptions()).Length;
}
