using System.Buffers;

namespace NativeTrainer.Tensors;

// Coins, dropout masks and categories.
public sealed partial class TorchGenerator
{
    /// <summary><c>bernoulli_(p)</c>: 1 with probability <paramref name="p"/>, else 0; two words each. As
    /// PyTorch draws it on processors other than Intel's.</summary>
    public void Bernoulli(Span<float> destination, double p)
    {
        var limit = Limit(p);
        foreach (ref var value in destination) value = Toss(limit) ? 1 : 0;
    }

    /// <inheritdoc cref="Bernoulli(Span{float}, double)"/>
    public void Bernoulli(Span<bool> destination, double p)
    {
        var limit = Limit(p);
        foreach (ref var value in destination) value = Toss(limit);
    }

    /// <summary><c>torch.bernoulli(p)</c> with a probability for each place: one word each.</summary>
    public void Bernoulli(Span<float> destination, ReadOnlySpan<float> p)
    {
        if (destination.Length != p.Length)
        {
            throw new ArgumentException($"{destination.Length} places need as many probabilities, found {p.Length}", nameof(p));
        }
        for (var i = 0; i < p.Length; i++)
        {
            if (!(p[i] >= 0 && p[i] <= 1)) throw new ArgumentOutOfRangeException(nameof(p), p[i], $"probability {i} is not within 0 and 1");
        }
        for (var i = 0; i < p.Length; i++) destination[i] = NextSingle() < p[i] ? 1 : 0;
    }

    /// <summary>What <c>F.dropout(x, p)</c> multiplies by: 0 with probability <paramref name="p"/>, else 1 /
    /// (1 - p); two words each, none for p = 0.</summary>
    public void DropoutMask(Span<float> destination, double p)
    {
        if (p == 0)
        {
            destination.Fill(1);
            return;
        }
        var (limit, scale) = (Limit(1 - p), p < 1 ? (float)(1 / (1 - p)) : 0);
        foreach (ref var value in destination) value = Toss(limit) ? scale : 0;
    }

    /// <summary><c>torch.multinomial(probabilities, samples.Length)</c> for one row, without replacement, the
    /// likeliest draw first: two words a category.</summary>
    /// <remarks>Rows of a matrix are drawn one after the other. The weights need not sum to 1.</remarks>
    /// <exception cref="ArgumentException">Fewer categories than samples; a weight below 0, infinite or NaN;
    /// fewer weights above 0 than samples.</exception>
    public void Multinomial(ReadOnlySpan<float> probabilities, Span<long> samples)
    {
        CheckWeights(probabilities, samples.Length);
        var best = ArrayPool<float>.Shared.Rent(samples.Length);
        var found = 0;
        for (var category = 0; category < probabilities.Length; category++)
        {
            if (probabilities[category] == 0)
            {
                NextUInt64(); // what the draw would take; it cannot win
                continue;
            }
            var score = probabilities[category] / NextExponential(1);
            var place = found;
            while (place > 0 && best[place - 1] < score) place--;
            if (place == samples.Length) continue;
            found = Math.Min(found + 1, samples.Length);
            for (var i = found - 1; i > place; i--) (best[i], samples[i]) = (best[i - 1], samples[i - 1]);
            (best[place], samples[place]) = (score, category);
        }
        ArrayPool<float>.Shared.Return(best);
    }

    // A multiple k of 2^-53 is below p exactly where k is below p * 2^53.
    private static ulong Limit(double p) => p is >= 0 and <= 1
        ? (ulong)Math.Ceiling(p * (1L << 53))
        : throw new ArgumentOutOfRangeException(nameof(p), p, "a probability is within 0 and 1");

    private bool Toss(ulong limit) => (NextUInt64() & ((1UL << 53) - 1)) < limit;

    private static void CheckWeights(ReadOnlySpan<float> probabilities, int samples)
    {
        var positive = 0;
        for (var i = 0; i < probabilities.Length; i++)
        {
            if (!(probabilities[i] >= 0 && float.IsFinite(probabilities[i])))
            {
                throw new ArgumentException($"weight {i} is {probabilities[i]}; expected finite numbers from 0 on", nameof(probabilities));
            }
            if (probabilities[i] > 0) positive++;
        }
        if (positive < samples || positive == 0)
        {
            throw new ArgumentException(
                $"{samples} samples without replacement need as many weights above 0, found {positive} of {probabilities.Length}",
                nameof(probabilities));
        }
    }
}
