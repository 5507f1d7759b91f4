using System.Numerics;
using System.Runtime.CompilerServices;
using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels.Cpu;

/// <summary>
/// The factors of a dropout, 0 or 1 / (1 − probability), of any stretch of elements: drawn where they are needed, as often as they are
/// needed.
/// </summary>
internal readonly unsafe struct DropoutMask
{
    private const int WordsAtOnce = 1024;

    private readonly ulong _seed, _offset, _below;
    private readonly double _scale;

    public DropoutMask(in DropoutSettings settings)
    {
        (_seed, _offset) = (settings.Seed, settings.Offset);
        _below = (ulong)Math.Round((1 - settings.Probability) * 4294967296.0);
        _scale = settings.Probability < 1 ? 1 / (1 - settings.Probability) : 0;
    }

    /// <summary>Writes the factors of <paramref name="count"/> elements from <paramref name="first"/> on.</summary>
    public void Write<T>(nint first, nint count, T* factors)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var words = stackalloc uint[WordsAtOnce];
        while (count > 0)
        {
            var skipped = (int)(first % 4);
            var length = (int)Math.Min(count, WordsAtOnce - skipped);
            Philox4x32.Fill(new Span<uint>(words, skipped + length), _seed, _offset + (ulong)(first / 4));
            Convert(words + skipped, factors, length);
            factors += length;
            first += length;
            count -= length;
        }
    }

    private void Convert<T>(uint* words, T* factors, nint count)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var scale = T.CreateTruncating(_scale);
        nint i = 0;
        if (typeof(T) == typeof(float) && _below <= uint.MaxValue)
        {
            var limit = new Vector<uint>((uint)_below);
            var bits = new Vector<uint>(Unsafe.BitCast<T, uint>(scale));
            for (var last = count - Vector<uint>.Count; i <= last; i += Vector<uint>.Count)
            {
                Unsafe.WriteUnaligned(factors + i, Vector.LessThan(Unsafe.ReadUnaligned<Vector<uint>>(words + i), limit) & bits);
            }
        }
        for (; i < count; i++) factors[i] = words[i] < _below ? scale : T.Zero;
    }
}
