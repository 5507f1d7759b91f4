namespace NativeTrainer;

/// <summary>
/// A number that remembers whether it is whole (10) or real (10.0), as Python's do: Hugging Face's files and texts depend on it.
/// In C# it behaves like a <see cref="double"/>: it converts from int, long and double, and to double, without a cast.
/// </summary>
public readonly struct Number : IEquatable<Number>, IComparable<Number>
{
    private readonly double _real;
    private readonly long _whole;
    private readonly bool _isReal;

    private Number(double real) => (_real, _isReal) = (real, true);

    private Number(long whole) => _whole = whole;

    /// <summary>Whether it is a whole number by type: 10 is, 10.0 is not.</summary>
    public bool IsWhole => !_isReal;

    /// <summary>The value as a double; a whole number beyond 2⁵³ is rounded.</summary>
    public double Value => _isReal ? _real : _whole;

    /// <summary>The same value as a whole number, its fraction cut off.</summary>
    public Number ToWhole() => _isReal ? new Number((long)_real) : this;

    /// <summary>A whole number.</summary>
    public static implicit operator Number(int value) => new((long)value);

    /// <summary>A whole number.</summary>
    public static implicit operator Number(long value) => new(value);

    /// <summary>A real number, even where it has no fraction.</summary>
    public static implicit operator Number(double value) => new(value);

    /// <summary>The value as a double.</summary>
    public static implicit operator double(Number number) => number.Value;

    /// <summary>The value as a long, its fraction cut off.</summary>
    public static explicit operator long(Number number) => number._isReal ? (long)number._real : number._whole;

    /// <summary>The value as an int, its fraction cut off.</summary>
    /// <exception cref="OverflowException">It does not fit.</exception>
    public static explicit operator int(Number number) => checked((int)(long)number);

    /// <summary>Equal in value; 1 equals 1.0.</summary>
    public static bool operator ==(Number left, Number right) => left.CompareTo(right) == 0 && left.Value == right.Value;

    /// <summary>Different in value; nan differs from itself.</summary>
    public static bool operator !=(Number left, Number right) => !(left == right);

    /// <summary>Less in value.</summary>
    public static bool operator <(Number left, Number right) => left.Value < right.Value;

    /// <summary>Greater in value.</summary>
    public static bool operator >(Number left, Number right) => left.Value > right.Value;

    /// <summary>Less or equal in value.</summary>
    public static bool operator <=(Number left, Number right) => left.Value <= right.Value;

    /// <summary>Greater or equal in value.</summary>
    public static bool operator >=(Number left, Number right) => left.Value >= right.Value;

    /// <inheritdoc/>
    public int CompareTo(Number other) => IsWhole && other.IsWhole ? _whole.CompareTo(other._whole) : Value.CompareTo(other.Value);

    /// <summary>Equal in value; unlike with ==, nan equals nan.</summary>
    public bool Equals(Number other) => CompareTo(other) == 0;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Number other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Value.GetHashCode();

    /// <summary>The text that Python prints: 10, 10.0, 5e-05.</summary>
    public override string ToString() => IsWhole ? PythonText.Whole(_whole) : PythonText.Float(_real);

    /// <summary>The value as a boxed long or double.</summary>
    /// <remarks>The cast keeps the whole number whole: both branches would else become a double.</remarks>
    public object ToPlain() => _isReal ? _real : (object)_whole;
}
