using System.Buffers.Binary;
using System.Text;

namespace NativeTrainer.Models.Tokenizers;

/// <summary>
/// Sentencepiece's model file (a protobuf message, sentencepiece_model.proto): pieces with scores and types, the kind of model, the unknown
/// piece and the table of the normalizer. Fields that are not needed are passed over.
/// </summary>
internal sealed class SentencePieceModel
{
    /// <summary>The types of pieces that are looked for in the text themselves.</summary>
    public const int Control = 3, UserDefined = 4;

    private SentencePieceModel(string path) => Path = path;

    public string Path { get; }

    public List<(string Piece, float Score, int Type)> Pieces { get; } = [];

    /// <summary>Whether it is a BPE (2), not a unigram model (1).</summary>
    public bool IsBpe { get; private set; }

    public int UnkId { get; private set; }

    public bool ByteFallback { get; private set; }

    public byte[] PrecompiledCharsmap { get; private set; } = [];

    /// <summary>Reads a file.</summary>
    /// <exception cref="InvalidDataException">It is no such message.</exception>
    /// <exception cref="NotSupportedException">It is neither unigram nor BPE.</exception>
    public static SentencePieceModel Read(string path)
    {
        var model = new SentencePieceModel(path);
        var kind = 1UL;
        foreach (var (field, _, bytes) in Fields(path, File.ReadAllBytes(path)))
        {
            switch (field)
            {
                case 1: model.AddPiece(bytes); break;
                case 2:
                    foreach (var (option, value, _) in Fields(path, bytes))
                    {
                        if (option == 3) kind = value;
                        else if (option == 35) model.ByteFallback = value != 0;
                        else if (option == 40) model.UnkId = (int)value;
                    }
                    break;
                case 3:
                    foreach (var (option, _, table) in Fields(path, bytes))
                    {
                        if (option == 2) model.PrecompiledCharsmap = table.ToArray();
                    }
                    break;
            }
        }
        if (model.Pieces.Count == 0) throw Wrong(path);
        if (kind is not (1 or 2)) throw new NotSupportedException($"{path}: is a model of kind {kind}, expected unigram (1) or BPE (2)");
        model.IsBpe = kind == 2;
        return model;
    }

    private void AddPiece(ReadOnlyMemory<byte> bytes)
    {
        var (piece, score, type) = ("", 0f, 1);
        foreach (var (field, value, text) in Fields(Path, bytes))
        {
            if (field == 1) piece = Encoding.UTF8.GetString(text.Span);
            else if (field == 2) score = BitConverter.UInt32BitsToSingle((uint)value);
            else if (field == 3) type = (int)value;
        }
        Pieces.Add((piece, score, type));
    }

    // Field number, value of numbers, bytes of texts and messages.
    private static List<(int Field, ulong Value, ReadOnlyMemory<byte> Bytes)> Fields(string path, ReadOnlyMemory<byte> message)
    {
        var fields = new List<(int, ulong, ReadOnlyMemory<byte>)>();
        var at = 0;
        while (at < message.Length)
        {
            var tag = Number();
            var field = (int)(tag >> 3);
            switch (tag & 7)
            {
                case 0: fields.Add((field, Number(), default)); break;
                case 1: fields.Add((field, BinaryPrimitives.ReadUInt64LittleEndian(Take(8).Span), default)); break;
                case 2: fields.Add((field, 0, Take(Number()))); break;
                case 5: fields.Add((field, BinaryPrimitives.ReadUInt32LittleEndian(Take(4).Span), default)); break;
                default: throw Wrong(path);
            }
        }
        return fields;

        ReadOnlyMemory<byte> Take(ulong length)
        {
            if (length > (ulong)(message.Length - at)) throw Wrong(path);
            at += (int)length;
            return message.Slice(at - (int)length, (int)length);
        }

        ulong Number()
        {
            var value = 0UL;
            for (var shift = 0; shift < 64; shift += 7)
            {
                var b = Take(1).Span[0];
                value |= (ulong)(b & 127) << shift;
                if (b < 128) return value;
            }
            throw Wrong(path);
        }
    }

    private static InvalidDataException Wrong(string path) => new($"{path}: is no sentencepiece model");
}
