namespace NativeTrainer.Models;

/// <summary>Tokens ordered by a key as far as needed to tell which of the lowest have a given probability together.</summary>
/// <remarks>As quickselect, but it counts probability and not elements: a vocabulary is looked through about twice, and not sorted.</remarks>
internal sealed class MassOrder
{
    private const int Few = 48; // sorted outright
    private Token[] _tokens = [];

    /// <summary>How many tokens there are.</summary>
    public int Count { get; private set; }

    /// <summary>The tokens; those in front of what <see cref="Prefix"/> returned are the lowest.</summary>
    public ReadOnlySpan<Token> Tokens => _tokens.AsSpan(0, Count);

    /// <summary>Starts anew.</summary>
    public void Clear(int capacity)
    {
        if (_tokens.Length < capacity) _tokens = new Token[capacity];
        Count = 0;
    }

    /// <summary>Adds a token.</summary>
    public void Add(float key, float probability, int id) => _tokens[Count++] = new Token(key, probability, id);

    /// <summary>Puts all in order.</summary>
    public void Sort() => _tokens.AsSpan(0, Count).Sort(static (x, y) => x.CompareTo(y));

    /// <summary>How many of the lowest keys have a sum of probabilities that stays at or below the limit (or only below it).</summary>
    /// <param name="limit">The limit.</param>
    /// <param name="orEqual">Whether the sum may be equal to it.</param>
    /// <param name="mass">Where the sum begins.</param>
    public int Prefix(float limit, bool orEqual, double mass = 0)
    {
        var (low, high) = (0, Count);
        while (high - low > Few)
        {
            var (less, more, massLess, massEqual) = Partition(low, high);
            if (!Fits(mass + massLess)) high = less;
            else if (!Fits(mass + massLess + massEqual)) (low, high, mass) = (less, more, mass + massLess);
            else (low, mass) = (more, mass + massLess + massEqual);
            if (low == less && high == more) break; // equal keys only
        }
        _tokens.AsSpan(low, high - low).Sort(static (x, y) => x.CompareTo(y));
        for (; low < high; low++)
        {
            mass += _tokens[low].Probability;
            if (!Fits(mass)) break;
        }
        return low;

        // Sums are rounded to float32 before they are compared, as in torch.
        bool Fits(double sum) => orEqual ? (float)sum <= limit : (float)sum < limit;
    }

    // Keys below the pivot, then those equal to it, then those above.
    private (int Less, int More, double MassLess, double MassEqual) Partition(int low, int high)
    {
        var pivot = Median(_tokens[low].Key, _tokens[(low + high) / 2].Key, _tokens[high - 1].Key);
        var (less, at, more, massLess, massEqual) = (low, low, high, 0.0, 0.0);
        while (at < more)
        {
            var token = _tokens[at];
            if (token.Key < pivot)
            {
                massLess += token.Probability;
                (_tokens[less], _tokens[at]) = (token, _tokens[less]);
                (less, at) = (less + 1, at + 1);
            }
            else if (token.Key > pivot)
            {
                more--;
                (_tokens[more], _tokens[at]) = (token, _tokens[more]);
            }
            else
            {
                massEqual += token.Probability;
                at++;
            }
        }
        return (less, more, massLess, massEqual);
    }

    private static float Median(float a, float b, float c) => MathF.Max(MathF.Min(a, b), MathF.Min(MathF.Max(a, b), c));

    /// <summary>A token with what it is ordered by.</summary>
    internal readonly record struct Token(float Key, float Probability, int Id) : IComparable<Token>
    {
        /// <summary>Of equal keys the token with the lower id comes first.</summary>
        public int CompareTo(Token other) => Key != other.Key ? Key.CompareTo(other.Key) : Id.CompareTo(other.Id);
    }
}
