using NativeTrainer.Models.Tokenizers;

namespace NativeTrainer.Models.Tests.Tokenizers;

/// <summary>Normalizers: the text, and what each code point stands for. Expected values by Unicode's rules and Hugging Face's.</summary>
public class NormalizerTests
{
    [TestCase("e\u0301\u0323", "\u1EB9\u0301", true, false)] // the dot below goes first
    [TestCase("\u1EB9\u0301", "e\u0323\u0301", false, false)]
    [TestCase("\u1112\u1161\u11AB", "\uD55C", true, false)]
    [TestCase("\uD55C", "\u1112\u1161\u11AB", false, false)]
    [TestCase("\uFB01\u00BD\uFF21", "fi1\u20442A", true, true)]
    [TestCase("\u2126\uFB01", "\u03A9\uFB01", true, false)]
    [TestCase("\u0958", "\u0915\u093C", true, false)] // excluded from composition
    [TestCase("\U0001109A", "\U00011099\U000110BA", false, false)]
    public void Normal_forms(string text, string expected, bool composes, bool isCompatible) =>
        Assert.That(Run(new UnicodeNormalizer(isCompatible, composes), text).Text, Is.EqualTo(expected));

    [Test]
    public void Composition_keeps_what_code_points_stand_for()
    {
        var (text, spans) = Run(new UnicodeNormalizer(false, true), "ae\u0301b");
        Assert.That(text, Is.EqualTo("a\u00E9b"));
        Assert.That(spans, Is.EqualTo(new[] { (0, 1), (1, 2), (3, 4) })); // as Hugging Face: the mark belongs to no token
        Assert.That(Run(new UnicodeNormalizer(false, false), "\u00E9b").Spans, Is.EqualTo(new[] { (0, 1), (0, 1), (1, 2) }));
    }

    [Test]
    public void Replace_prepend_strip()
    {
        var (text, spans) = Run(new Replace(new RegexPattern(" {2,}"), "--"), "a   b");
        Assert.That((text, string.Join(' ', spans)), Is.EqualTo(("a--b", "(0, 1) (3, 4) (3, 4) (4, 5)")));
        (text, spans) = Run(new Prepend("\u2581"), "ab");
        Assert.That((text, string.Join(' ', spans)), Is.EqualTo(("\u2581ab", "(0, 1) (0, 1) (1, 2)")));
        (text, spans) = Run(new StripNormalizer(true, true), " \u3000a b\n");
        Assert.That((text, string.Join(' ', spans)), Is.EqualTo(("a b", "(2, 3) (3, 4) (4, 5)")));
        Assert.That(Run(new Prepend("x"), "").Text, Is.Empty);
    }

    [Test]
    public void Lower_case_of_the_dotted_I_is_two_code_points()
    {
        var (text, spans) = Run(Lowercase.Instance, "\u0130A\u1E9E\u03A3\U00010400");
        Assert.That(text, Is.EqualTo("i\u0307a\u00DF\u03C3\U00010428"));
        Assert.That(spans, Is.EqualTo(new[] { (0, 1), (0, 1), (1, 2), (2, 3), (3, 4), (4, 5) }));
    }

    [TestCase(@"\p{L}+", "ab𠮷野 c1", "ab𠮷野|c")]
    [TestCase(@"(?i:'s|'t)|\w+", "IT'S it", "IT|'S|it")]
    [TestCase(@"a{2,3}", "aaaaa", "aaa|aa")]
    [TestCase(@"(ab|a)(c|bcd)", "abcd", "abc")]
    [TestCase(@"(?>a+)b|a", "aaab aac", "aaab|a|a")]
    [TestCase(@"\s+(?!\S)|\s+", "a   b ", "  | | ")]
    [TestCase(@"(?<=a)b|(?<!a)c", "abcac", "b|c")]
    [TestCase(@"x*", "axb", "|x|")]
    [TestCase(@"[^\s\p{P}a-c-]+", "abcd-ef.g", "d|ef|g")]
    [TestCase(@"(a*)*b", "aaaaaaaaaaaaaaaab", "aaaaaaaaaaaaaaaab")]
    [TestCase(@"^\S|\S$", "ab\ncd", "a|b|c|d")]
    [TestCase(@".+?c|\bd\b", "aac d", "aac|d")]
    [TestCase(@"[[:digit:]]+|\p{Han}", "12漢字", "12|漢|字")]
    public void Regular_expressions(string pattern, string text, string expected)
    {
        var points = text.EnumerateRunes().Select(rune => rune.Value).ToArray();
        var matches = new List<PatternMatch>();
        new RegexPattern(pattern).Find(points, matches);
        var found = matches.Where(m => m.IsMatch).Select(m => string.Concat(points[m.Start..m.End].Select(char.ConvertFromUtf32)));
        Assert.That(string.Join('|', found), Is.EqualTo(expected));
    }

    private static (string Text, (int, int)[] Spans) Run(INormalizer normalizer, string text)
    {
        var (buffer, spare) = (new TextBuffer(), new TextBuffer());
        buffer.Decode(text, 0);
        normalizer.Normalize(ref buffer, ref spare);
        return (buffer.ToString(0, buffer.Count), [.. Enumerable.Range(0, buffer.Count).Select(i => (buffer.Start(i), buffer.End(i)))]);
    }
}
