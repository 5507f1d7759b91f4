using System.Runtime.InteropServices;
using NativeTrainer.Models.Tokenizers;

namespace NativeTrainer.Data;

/// <summary>Texts as token ids, a row each: ids end to end, and where each row begins.</summary>
/// <param name="tokenizer">Makes the ids.</param>
/// <param name="vocabSize">The model's vocabulary; ids beyond it are refused. Null: any id.</param>
internal sealed class TokenRows(ITokenizer tokenizer, int? vocabSize)
{
    private readonly List<int> _ids = [];
    private readonly List<int> _starts = [0];

    public int Count => _starts.Count - 1;

    /// <summary>The ids of consecutive rows.</summary>
    public ReadOnlySpan<int> Ids(int firstRow, int endRow) => CollectionsMarshal.AsSpan(_ids)[_starts[firstRow].._starts[endRow]];

    /// <summary>Adds texts that come from a file.</summary>
    /// <exception cref="InvalidDataException">A token is beyond the model's vocabulary.</exception>
    public void Add(string file, IEnumerable<string> texts)
    {
        var row = 0;
        foreach (var text in texts)
        {
            var start = _ids.Count;
            tokenizer.Encode(text, _ids);
            foreach (var id in CollectionsMarshal.AsSpan(_ids)[start..])
            {
                if (id >= vocabSize)
                    throw new InvalidDataException(
                        $"{file}: row {row} has the token {id} ('{tokenizer.IdToToken(id)}'), expected ids below vocab_size {vocabSize}");
            }
            _starts.Add(_ids.Count);
            row++;
        }
    }
}
