using System.Runtime.CompilerServices;

namespace NativeTrainer.Kernels.Cpu;

/// <summary>A key and the place of the element that it stands for.</summary>
internal struct KeyedPlace
{
    public ulong Key;
    public long Place;

    /// <summary>By keys, equal ones by places.</summary>
    public static bool IsAfter(in KeyedPlace a, in KeyedPlace b) => a.Key > b.Key || (a.Key == b.Key && a.Place > b.Place);
}

/// <summary>Puts keys in order without changing the order of equal ones: by insertion where they are few, else byte by byte from the lowest
/// (radix sort).</summary>
internal static unsafe class KeySort
{
    private const int Few = 48;
    private const int Bytes = sizeof(ulong);

    /// <summary>Sorts <paramref name="items"/>; <paramref name="room"/> has as many places to work in.</summary>
    public static void Run(KeyedPlace* items, KeyedPlace* room, nint count)
    {
        if (count <= Few) Insert(items, count);
        else SortByBytes(items, room, count);
    }

    private static void Insert(KeyedPlace* items, nint count)
    {
        for (nint i = 1; i < count; i++)
        {
            var item = items[i];
            var at = i;
            for (; at > 0 && items[at - 1].Key > item.Key; at--) items[at] = items[at - 1];
            items[at] = item;
        }
    }

    [SkipLocalsInit]
    private static void SortByBytes(KeyedPlace* items, KeyedPlace* room, nint count)
    {
        var counts = stackalloc nint[Bytes * 256];
        new Span<nint>(counts, Bytes * 256).Clear();
        for (nint i = 0; i < count; i++)
        {
            var key = items[i].Key;
            for (var b = 0; b < Bytes; b++) counts[(b * 256) + (byte)(key >> (8 * b))]++;
        }
        var (from, to) = ((nint)items, (nint)room);
        for (var b = 0; b < Bytes; b++)
        {
            var starts = counts + (b * 256);
            if (starts[(byte)(items[0].Key >> (8 * b))] == count) continue; // a byte that is the same in all keys
            nint start = 0;
            for (var value = 0; value < 256; value++) (starts[value], start) = (start, start + starts[value]);
            KeyedPlace* source = (KeyedPlace*)from, destination = (KeyedPlace*)to;
            for (nint i = 0; i < count; i++) destination[starts[(byte)(source[i].Key >> (8 * b))]++] = source[i];
            (from, to) = (to, from);
        }
        if (from == (nint)room) Buffer.MemoryCopy(room, items, count * sizeof(KeyedPlace), count * sizeof(KeyedPlace));
    }
}
