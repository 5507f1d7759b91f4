using System.Runtime.Intrinsics.X86;

namespace NativeTrainer.Kernels.Cpu;

/// <summary>Sizes of the caches of one core in bytes, read from the processor; cautious values where it does not tell.</summary>
internal static class CacheSizes
{
    /// <summary>First-level data cache.</summary>
    public static readonly int Level1 = Find(1) ?? 32 * 1024;

    /// <summary>Second-level cache.</summary>
    public static readonly int Level2 = Find(2) ?? 512 * 1024;

    private static int? Find(int level)
    {
        if (!X86Base.IsSupported) return null;

        // Intel lists caches in leaf 4, AMD in leaf 8000001D in the same format; the other's leaf is empty.
        return FindIn(4, level) ?? FindIn(unchecked((int)0x8000001D), level);
    }

    private static int? FindIn(int leaf, int level)
    {
        (int highest, _, _, _) = X86Base.CpuId(leaf & unchecked((int)0x80000000), 0);
        if ((uint)highest < (uint)leaf) return null;
        for (int i = 0; i < 16; i++)
        {
            (int kind, int shape, int sets, _) = X86Base.CpuId(leaf, i);
            int type = kind & 31;
            if (type == 0) return null;
            const int instructions = 2;
            if (type == instructions || (kind >> 5 & 7) != level) continue;
            return ((shape >>> 22) + 1) * ((shape >> 12 & 1023) + 1) * ((shape & 4095) + 1) * (sets + 1);
        }

        return null;
    }
}
