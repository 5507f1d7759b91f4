using System.Buffers;
using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;

namespace NativeTrainer.Tensors;

/// <summary>Writes a zip file as PyTorch lays it out: nothing compressed, and each entry's bytes aligned, so
/// that a reader can map them.</summary>
/// <remarks>PKWARE's APPNOTE 6.3.9: sizes and checksum stand after the data (flag bit 3); from 4 GiB on,
/// sizes and places stand in a zip64 field.</remarks>
internal sealed class ZipWriter(Stream stream, string folder)
{
    /// <summary>Entries begin at a multiple of this many bytes.</summary>
    public const int Alignment = 64;

    private const ushort Flags = 0x0808; // sizes after the data, names in UTF-8
    private const ushort Zip64 = 1, Padding = 0x4246; // "FB"
    private const int Chunk = 1 << 20;

    private readonly List<Entry> _entries = [];

    /// <summary>Hashes of the names, and of the checksums, of what was written so far.</summary>
    public (ulong Names, ulong Checksums) Identity
    {
        get
        {
            var (names, checksums) = (new XxHash3(), new XxHash3());
            Span<byte> crc = stackalloc byte[4];
            foreach (var entry in _entries)
            {
                names.Append(entry.Name);
                BinaryPrimitives.WriteUInt32LittleEndian(crc, entry.Crc);
                checksums.Append(crc);
            }
            return (names.GetCurrentHashAsUInt64(), checksums.GetCurrentHashAsUInt64());
        }
    }

    /// <summary>Adds an entry.</summary>
    public void Add(string name, ReadOnlySpan<byte> bytes)
    {
        var entry = Begin(name, bytes.Length);
        stream.Write(bytes);
        End(entry with { Crc = Crc32.HashToUInt32(bytes) });
    }

    /// <summary>Adds an entry of a length that is known before.</summary>
    public void Add(string name, Stream source, long length)
    {
        var entry = Begin(name, length);
        var crc = new Crc32();
        var buffer = ArrayPool<byte>.Shared.Rent(Chunk);
        for (var left = length; left > 0;)
        {
            var bytes = buffer.AsSpan(0, (int)Math.Min(left, buffer.Length));
            source.ReadExactly(bytes);
            crc.Append(bytes);
            stream.Write(bytes);
            left -= bytes.Length;
        }
        ArrayPool<byte>.Shared.Return(buffer);
        End(entry with { Crc = crc.GetCurrentHashAsUInt32() });
    }

    /// <summary>Writes the directory; nothing can be added afterwards.</summary>
    public void Finish()
    {
        var start = stream.Position;
        foreach (var entry in _entries) Directory(entry);
        var (end, record) = (stream.Position, new Record(22));

        var wide = new Record(56);
        wide.UInt32(0x06064B50).UInt64(44).UInt16(0x031E).UInt16(45).UInt32(0).UInt32(0);
        wide.UInt64((ulong)_entries.Count).UInt64((ulong)_entries.Count);
        stream.Write(wide.UInt64((ulong)(end - start)).UInt64((ulong)start).Bytes);
        stream.Write(new Record(20).UInt32(0x07064B50).UInt32(0).UInt64((ulong)end).UInt32(1).Bytes);
        var count = (ushort)Math.Min(_entries.Count, ushort.MaxValue);
        record.UInt32(0x06054B50).UInt16(0).UInt16(0).UInt16(count).UInt16(count);
        stream.Write(record.UInt32(Narrow(end - start)).UInt32(Narrow(start)).UInt16(0).Bytes);
    }

    private Entry Begin(string name, long length)
    {
        var entry = new Entry(Encoding.UTF8.GetBytes($"{folder}/{name}"), stream.Position, length, 0);
        var wide = entry.IsWide ? 20 : 0;
        var header = stream.Position + 30 + entry.Name.Length + wide;
        var padding = (int)((Alignment - ((header + 4) % Alignment)) % Alignment);
        var record = new Record(30).UInt32(0x04034B50).UInt16(entry.Version).UInt16(Flags).UInt16(0).UInt32(0).UInt32(0);
        record.UInt32(entry.IsWide ? uint.MaxValue : 0).UInt32(entry.IsWide ? uint.MaxValue : 0);
        stream.Write(record.UInt16((ushort)entry.Name.Length).UInt16((ushort)(wide + 4 + padding)).Bytes);
        stream.Write(entry.Name);
        if (entry.IsWide) stream.Write(new Record(20).UInt16(Zip64).UInt16(16).UInt64(0).UInt64(0).Bytes);
        stream.Write(new Record(4).UInt16(Padding).UInt16((ushort)padding).Bytes);
        stream.Write(Encoding.ASCII.GetBytes(new string('Z', padding)));
        return entry;
    }

    private void End(Entry entry)
    {
        var record = new Record(entry.IsWide ? 24 : 16).UInt32(0x08074B50).UInt32(entry.Crc);
        if (entry.IsWide) record.UInt64((ulong)entry.Length).UInt64((ulong)entry.Length);
        else record.UInt32((uint)entry.Length).UInt32((uint)entry.Length);
        stream.Write(record.Bytes);
        _entries.Add(entry);
    }

    private void Directory(Entry entry)
    {
        var wide = entry.IsWide || entry.Start >= uint.MaxValue;
        var record = new Record(46).UInt32(0x02014B50).UInt16(0).UInt16(wide ? (ushort)45 : (ushort)0).UInt16(Flags);
        record.UInt16(0).UInt32(0).UInt32(entry.Crc);
        var size = wide ? uint.MaxValue : (uint)entry.Length;
        record.UInt32(size).UInt32(size).UInt16((ushort)entry.Name.Length).UInt16(wide ? (ushort)28 : (ushort)0);
        stream.Write(record.UInt16(0).UInt16(0).UInt16(0).UInt32(0).UInt32(wide ? uint.MaxValue : (uint)entry.Start).Bytes);
        stream.Write(entry.Name);
        if (!wide) return;
        var field = new Record(28).UInt16(Zip64).UInt16(24).UInt64((ulong)entry.Length).UInt64((ulong)entry.Length);
        stream.Write(field.UInt64((ulong)entry.Start).Bytes);
    }

    private static uint Narrow(long value) => (uint)Math.Min(value, uint.MaxValue);

    private readonly record struct Entry(byte[] Name, long Start, long Length, uint Crc)
    {
        public bool IsWide => Length >= uint.MaxValue;

        public ushort Version => IsWide ? (ushort)45 : (ushort)0;
    }

    /// <summary>A fixed run of little-endian fields.</summary>
    private sealed class Record(int length)
    {
        private readonly byte[] _bytes = new byte[length];
        private int _at;

        public ReadOnlySpan<byte> Bytes =>
            _at == _bytes.Length ? _bytes : throw new InvalidOperationException($"{_at} of {_bytes.Length} bytes are set");

        public Record UInt16(ushort value)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(_bytes.AsSpan(_at), value);
            _at += 2;
            return this;
        }

        public Record UInt32(uint value)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(_bytes.AsSpan(_at), value);
            _at += 4;
            return this;
        }

        public Record UInt64(ulong value)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(_bytes.AsSpan(_at), value);
            _at += 8;
            return this;
        }
    }
}
