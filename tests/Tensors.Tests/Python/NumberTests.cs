namespace NativeTrainer.Tensors.Tests.Python;

public sealed class NumberTests
{
    [Test]
    public void Remembers_whether_it_is_whole()
    {
        Number whole = 10, real = 10.0;
        Assert.That((whole.IsWhole, real.IsWhole, default(Number).IsWhole), Is.EqualTo((true, false, true)));
        Assert.That((whole.ToString(), real.ToString(), real.ToWhole().ToString()), Is.EqualTo(("10", "10.0", "10")));
        Assert.That(whole == real && whole.Equals(real) && whole.GetHashCode() == real.GetHashCode());
    }

    [Test]
    public void Computes_like_a_double()
    {
        Number a = 3, b = 0.5;
        double product = a * b;
        Assert.That(product, Is.EqualTo(1.5));
        Assert.That(a > b && b < 1 && a >= 3 && a <= 3.0 && a != b && !(b == 1));
    }

    [Test]
    public void Nan_is_unequal_to_itself_but_found_in_collections()
    {
        Number nan = double.NaN;
#pragma warning disable CS1718 // comparing nan with itself is the point
        Assert.That(nan == nan, Is.False);
#pragma warning restore CS1718
        Assert.That(nan.Equals(nan) && !(nan < 1) && !(nan > 1));
    }

    [Test]
    public void Keeps_large_whole_numbers()
    {
        Number a = long.MaxValue, b = long.MaxValue - 1;
        Assert.That(a == b, Is.False);
        Assert.That(a.ToString(), Is.EqualTo("9223372036854775807"));
        Assert.That(() => (int)a, Throws.TypeOf<OverflowException>());
    }
}
