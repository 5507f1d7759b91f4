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
            tokenizer.Encode(text, _ids);
            _starts.Add(_ids.Count);
            Check(file, row++, Count - 1);
        }
    }

    /// <summary>What a cache keeps: <c>input_ids</c> of each row, and which rows come from which file.</summary>
    public ColumnDataset ToDataset() => new(Count, ("input_ids", new IntsColumn([.. _ids], [.. _starts])));

    /// <summary>Takes over what a cache kept.</summary>
    public void Add(IDataset rows)
    {
        for (var row = 0; row < rows.Count; row++)
        {
            _ids.AddRange(rows[row, "input_ids"].Ints);
            _starts.Add(_ids.Count);
            Check("cache", row, row);
        }
    }

    private void Check(string file, int row, int place)
    {
        foreach (var id in Ids(place, place + 1))
        {
            if (id >= vocabSize)
                throw new InvalidDataException(
                    $"{file}: row {row} has the token {id} ('{tokenizer.IdToToken(id)}'), expected ids below vocab_size {vocabSize}");
        }
    }
}
