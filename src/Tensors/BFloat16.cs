using System.Globalization;
using System.Runtime.CompilerServices;

namespace NativeTrainer.Tensors;

/// <summary>The upper 16 bits of a float32: its range, with 8 bits of precision. Conversions round to nearest, ties to even.</summary>
public readonly struct BFloat16(ushort bits) : IEquatable<BFloat16>
{
    /// <summary>The stored bits: sign, 8 of exponent, 7 of mantissa.</summary>
    public ushort Bits { get; } = bits;

    /// <summary>Rounds to nearest, ties to even; a nan stays a (quiet) nan.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static explicit operator BFloat16(float value)
    {
        var raw = BitConverter.SingleToUInt32Bits(value);
        if (float.IsNaN(value)) return new BFloat16((ushort)((raw >> 16) | 0x40));
        return new BFloat16((ushort)((raw + 0x7FFF + ((raw >> 16) & 1)) >> 16));
    }

    /// <summary>Exact.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static explicit operator float(BFloat16 value) => BitConverter.UInt32BitsToSingle((uint)value.Bits << 16);

    /// <summary>Equal as numbers, and a nan equals a nan, as collections need it.</summary>
    public bool Equals(BFloat16 other) => ((float)this).Equals((float)other);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is BFloat16 other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => ((float)this).GetHashCode();

    /// <inheritdoc/>
    public override string ToString() => ((float)this).ToString(CultureInfo.InvariantCulture);

    /// <summary>Equal as numbers; a nan equals nothing.</summary>
    public static bool operator ==(BFloat16 left, BFloat16 right) => (float)left == (float)right;

    /// <summary>Different as numbers.</summary>
    public static bool operator !=(BFloat16 left, BFloat16 right) => (float)left != (float)right;
}
