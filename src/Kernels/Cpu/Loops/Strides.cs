namespace NativeTrainer.Kernels.Cpu;

/// <summary>
/// Moves elements between rows with steps: gather, scatter, repeat. Sizes and steps are in bytes; what an element means does not matter.
/// </summary>
internal static unsafe class Strides
{
    /// <summary>destination[i] = source[i] for <paramref name="count"/> elements of <paramref name="size"/> (1, 2, 4 or 8) bytes.</summary>
    public static void Copy(byte* source, nint sourceStep, byte* destination, nint destinationStep, nint count, int size)
    {
        if (sourceStep == size && destinationStep == size)
        {
            if (source != destination) Buffer.MemoryCopy(source, destination, count * size, count * size);
            return;
        }
        switch (size)
        {
            case 1: Copy<byte>(source, sourceStep, destination, destinationStep, count); break;
            case 2: Copy<ushort>(source, sourceStep, destination, destinationStep, count); break;
            case 4: Copy<uint>(source, sourceStep, destination, destinationStep, count); break;
            default: Copy<ulong>(source, sourceStep, destination, destinationStep, count); break;
        }
    }

    private static void Copy<T>(byte* source, nint sourceStep, byte* destination, nint destinationStep, nint count)
        where T : unmanaged
    {
        if (sourceStep == 0 && destinationStep == sizeof(T))
        {
            const int Longest = 1 << 28; // a span's length is an int
            var value = *(T*)source;
            for (nint i = 0; i < count; i += Longest)
            {
                new Span<T>(destination + (i * sizeof(T)), (int)Math.Min(count - i, Longest)).Fill(value);
            }
            return;
        }
        for (; count >= 4; count -= 4)
        {
            T a = *(T*)source, b = *(T*)(source + sourceStep), c = *(T*)(source + (2 * sourceStep)), d = *(T*)(source + (3 * sourceStep));
            *(T*)destination = a;
            *(T*)(destination + destinationStep) = b;
            *(T*)(destination + (2 * destinationStep)) = c;
            *(T*)(destination + (3 * destinationStep)) = d;
            source += 4 * sourceStep;
            destination += 4 * destinationStep;
        }
        for (; count > 0; count--)
        {
            *(T*)destination = *(T*)source;
            source += sourceStep;
            destination += destinationStep;
        }
    }
}
