using System.Runtime.InteropServices;
using NativeTrainer.Models.Tokenizers;

namespace NativeTrainer.Data;

/// <summary>Texts that are tokenized and made into rows for a language model while they are read; see <see cref="TextDataset.Stream"/>.</summary>
internal sealed class TextStream(ITokenizer tokenizer, int blockSize, TextDatasetOptions options)
{
    private const int TextsInGroup = 1000; // as run_clm's: what is left of each group is dropped

    private static readonly string[] Columns = ["input_ids", "attention_mask", "labels"];

    /// <summary>Rows of a stream whose rows have <c>text</c>.</summary>
    public IIterableDataset Of(IIterableDataset texts) => options.Packing
        ? texts.MapMany(Packed, TextPacker.Columns)
        : texts.MapMany(Blocks, Columns);

    private IEnumerable<DataRow> Packed(IEnumerable<DataRow> texts)
    {
        var packer = new TextPacker(blockSize);
        var ids = new List<int>();
        foreach (var text in texts)
        {
            ids.Clear();
            Encode(text, ids);
            foreach (var row in packer.Add([.. ids])) yield return row;
        }
        foreach (var row in packer.Rest()) yield return row;
    }

    private IEnumerable<DataRow> Blocks(IEnumerable<DataRow> texts)
    {
        var (ids, count) = (new List<int>(), 0);
        var ones = new int[blockSize];
        Array.Fill(ones, 1);
        foreach (var text in texts)
        {
            Encode(text, ids);
            if (++count % TextsInGroup > 0) continue;
            foreach (var row in Cut(ids, ones)) yield return row;
            ids.Clear();
        }
        foreach (var row in Cut(ids, ones)) yield return row;
    }

    private IEnumerable<DataRow> Cut(List<int> ids, int[] ones)
    {
        for (var start = 0; start + blockSize <= ids.Count; start += blockSize)
        {
            var block = Feature.Of([.. CollectionsMarshal.AsSpan(ids).Slice(start, blockSize)], 0, blockSize);
            yield return new DataRow(Columns, [block, Feature.Of(ones, 0, blockSize), block]);
        }
    }

    private void Encode(DataRow row, List<int> ids)
    {
        if (row["text"] is not { Kind: FeatureKind.Text } text)
            throw new InvalidDataException($"{row.Origin} has no text, expected one in each row");
        var start = ids.Count;
        tokenizer.Encode(text.Text, ids);
        foreach (var id in CollectionsMarshal.AsSpan(ids)[start..])
        {
            if (id >= options.VocabSize)
            {
                throw new InvalidDataException($"{row.Origin} has the token {id} ('{tokenizer.IdToToken(id)}'), "
                    + $"expected ids below vocab_size {options.VocabSize}");
            }
        }
    }
}
