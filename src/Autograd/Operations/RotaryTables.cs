using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd;

/// <summary>
/// How rotary position embedding is stretched to longer sequences than a model was trained for: transformers' <c>rope_scaling.type</c>.
/// </summary>
public enum RotaryScaling
{
    /// <summary>Not at all; longer inputs just go on.</summary>
    None,

    /// <summary>Positions are divided by the factor.</summary>
    Linear,

    /// <summary>Beyond the trained length the base grows with the input, and keeps the longest input's value.</summary>
    Dynamic,

    /// <summary>Slow frequencies are divided by the factor, fast ones kept, those between mixed: Llama 3.1's.</summary>
    Llama3,
}

/// <summary>Which frequencies <see cref="RotaryScaling.Llama3"/> stretches (transformers' <c>_compute_llama3_parameters</c>).</summary>
/// <param name="LowFactor">Waves longer than the original length divided by this are slow (<c>low_freq_factor</c>).</param>
/// <param name="HighFactor">Waves shorter than the original length divided by this are fast (<c>high_freq_factor</c>).</param>
/// <param name="OriginalLength">The length before stretching (<c>original_max_position_embeddings</c>).</param>
public readonly record struct RotaryBands(double LowFactor, double HighFactor, long OriginalLength);

/// <summary>
/// The cosines and sines of <see cref="RotaryOperation"/>, as transformers' LlamaRotaryEmbedding classes compute them in float32. They grow
/// when a longer input comes.
/// </summary>
public sealed class RotaryTables
{
    private readonly long _size, _maxPositions;
    private readonly double _base, _factor;
    private readonly RotaryScaling _scaling;
    private readonly RotaryBands _bands;
    private (Tensor Cos, Tensor Sin) _tables, _converted;

    /// <summary>Tables for the positions that the model was trained with.</summary>
    /// <param name="size">Size of a head; even.</param>
    /// <param name="maxPositionEmbeddings">The trained length.</param>
    /// <param name="ropeTheta">The base of the frequencies.</param>
    /// <param name="scaling">What happens beyond the trained length.</param>
    /// <param name="factor">How far the scaling stretches.</param>
    /// <param name="bands">What <see cref="RotaryScaling.Llama3"/> stretches.</param>
    public RotaryTables(
        long size, long maxPositionEmbeddings = 2048, double ropeTheta = 10000, RotaryScaling scaling = RotaryScaling.None,
        double factor = 1, RotaryBands bands = default)
    {
        if (size < 2 || size % 2 != 0)
        {
            throw new ArgumentOutOfRangeException(nameof(size), size, "RotaryTables: the size of a head is even and at least 2");
        }
        if (!(factor > 0)) throw new ArgumentOutOfRangeException(nameof(factor), factor, "RotaryTables: the scaling factor is above 0");
        (_size, _maxPositions, _base, _scaling, _factor, _bands) = (size, maxPositionEmbeddings, ropeTheta, scaling, factor, bands);
        InverseFrequencies = Frequencies(ropeTheta);
        _tables = Build(maxPositionEmbeddings);
    }

    /// <summary>Tables that were made elsewhere, for just so many positions.</summary>
    /// <param name="cos">[positions, size] of float32.</param>
    /// <param name="sin">As <paramref name="cos"/>.</param>
    public RotaryTables(Tensor cos, Tensor sin)
    {
        if (cos.Rank != 2 || sin.Shape != cos.Shape || cos.DType != DType.Float32 || sin.DType != DType.Float32)
        {
            throw new ArgumentException($"RotaryTables: cos and sin are [positions, size] of float32, found {cos} and {sin}");
        }
        (_size, _maxPositions, _tables, InverseFrequencies) = (cos.Size(1), cos.Size(0), (cos, sin), []);
    }

    /// <summary>Radians for each position, of the first half of a vector; none where the tables were given.</summary>
    public float[] InverseFrequencies { get; private set; }

    /// <summary>Cosines and sines [length, size] of the positions from 0 on.</summary>
    /// <param name="length">Length of the input, cached positions counted.</param>
    /// <param name="dtype">Converted from float32.</param>
    public (Tensor Cos, Tensor Sin) For(long length, DType dtype = DType.Float32)
    {
        if (length > _tables.Cos.Size(0))
        {
            if (InverseFrequencies.Length == 0)
            {
                throw new ArgumentOutOfRangeException(nameof(length), length, $"RotaryTables: the given ones have {_maxPositions} positions");
            }
            if (_scaling == RotaryScaling.Dynamic && length > _maxPositions)
            {
                var stretch = (_factor * length / _maxPositions) - (_factor - 1);
                InverseFrequencies = Frequencies(_base * Math.Pow(stretch, _size / (_size - 2.0)));
            }
            (_tables, _converted) = (Build(length), default);
        }
        var (cos, sin) = dtype == DType.Float32 ? _tables : Converted(dtype);
        return (cos.WithLayout(cos.Layout.Slice(0, 0, length)), sin.WithLayout(sin.Layout.Slice(0, 0, length)));
    }

    private float[] Frequencies(double theta)
    {
        var frequencies = new float[_size / 2];
        for (var i = 0; i < frequencies.Length; i++) frequencies[i] = 1 / (float)Math.Pow(theta, 2f * i / _size);
        if (_scaling == RotaryScaling.Llama3) Stretch(frequencies);
        return frequencies;
    }

    private void Stretch(Span<float> frequencies)
    {
        var (length, low, high, factor) = ((float)_bands.OriginalLength, (float)_bands.LowFactor, (float)_bands.HighFactor, (float)_factor);
        foreach (ref var frequency in frequencies)
        {
            var wave = (float)(2 * Math.PI) / frequency;
            if (wave < length / high) continue;
            if (wave > length / low)
            {
                frequency /= factor;
                continue;
            }
            var kept = ((length / wave) - low) / (high - low);
            frequency = ((1 - kept) * frequency / factor) + (kept * frequency);
        }
    }

    private (Tensor Cos, Tensor Sin) Build(long length)
    {
        using var outside = TensorPool.Suspend();
        Tensor cos = Tensor.Empty([length, _size]), sin = Tensor.Empty([length, _size]);
        Span<float> cosines = cos.AsSpan<float>(), sines = sin.AsSpan<float>();
        var half = InverseFrequencies.Length;
        for (var position = 0; position < length; position++)
        {
            var at = position * 2 * half;
            var place = _scaling == RotaryScaling.Linear ? position / (float)_factor : position;
            for (var i = 0; i < half; i++)
            {
                var angle = place * InverseFrequencies[i];
                cosines[at + i] = cosines[at + half + i] = MathF.Cos(angle);
                sines[at + i] = sines[at + half + i] = MathF.Sin(angle);
            }
        }
        return (cos, sin);
    }

    private (Tensor Cos, Tensor Sin) Converted(DType dtype)
    {
        if (!_converted.Cos.IsAlive || _converted.Cos.DType != dtype)
        {
            using var outside = TensorPool.Suspend();
            _converted = (_tables.Cos.To(dtype), _tables.Sin.To(dtype));
        }
        return _converted;
    }
}
