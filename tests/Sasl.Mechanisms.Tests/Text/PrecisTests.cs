using Sasl.Mechanisms.Text;
using Testing;
using UnicodeTables;

namespace Sasl.Mechanisms.Tests.Text;

public sealed class PrecisTests
{
    /// <summary>RFC 8265 §3.5: what is allowed and what is not.</summary>
    [Theory]
    [InlineData("juliet@example.com", "juliet@example.com")]
    [InlineData("fussball", "fussball")]
    [InlineData("fu\u00DFball", "fu\u00DFball")]
    [InlineData("\u03C0", "\u03C0")]
    [InlineData("\u03A3", "\u03C3")]
    [InlineData("\u03C3", "\u03C3")]
    [InlineData("\u03C2", "\u03C2")]
    [InlineData("foo bar", null)]
    [InlineData("", null)]
    [InlineData("henry\u2163", null)]
    [InlineData("\u265A", null)]
    public void Names_of_the_RFC(string name, string? caseMapped)
    {
        Assert.Equal(caseMapped, Username(name, caseMapped: true));
        Assert.Equal(caseMapped is null ? null : name, Username(name, caseMapped: false));
    }

    /// <summary>RFC 8265 §4.3.</summary>
    [Theory]
    [InlineData("correct horse battery staple", "correct horse battery staple")]
    [InlineData("Correct Horse Battery Staple", "Correct Horse Battery Staple")]
    [InlineData("\u03C0\u00DF\u00E5", "\u03C0\u00DF\u00E5")]
    [InlineData("Jack of \u2666s", "Jack of \u2666s")]
    [InlineData("foo\u1680bar", "foo bar")]
    [InlineData("", null)]
    [InlineData("my cat is a \u0009by", null)]
    public void Passwords_of_the_RFC(string password, string? expected) => Assert.Equal(expected, OpaqueString(password));

    [Theory]
    // Width, then case, then normalization.
    [InlineData("ＡＬＩＣＥ", "ALICE", "alice")]
    [InlineData("ｱﾞ", "ア\u3099", "ア\u3099")]
    [InlineData("ｶﾞ", "ガ", "ガ")]
    [InlineData("JOSE\u0301", "JOSÉ", "josé")]
    [InlineData("\u0130", "\u0130", "i\u0307")]
    // toLowerCase knows the end of a Greek word; marks, dots and apostrophes are passed over.
    [InlineData("ΟΔΥΣΣΕΥΣ", "ΟΔΥΣΣΕΥΣ", "οδυσσευς")]
    [InlineData("ΑΣ\u0301@ΣΑ", "ΑΣ\u0301@ΣΑ", "ας\u0301@σα")]
    [InlineData("ΑΣ.ΣΑ", "ΑΣ.ΣΑ", "ασ.σα")]
    [InlineData("Α\u0301Σ'Α", "Ά\u03A3'Α", "άσ'α")]
    [InlineData("ΑΣ1", "ΑΣ1", "ας1")]
    [InlineData("\u3000", null, null)]
    // These mean K, Å and a letter with a dot below, which NFC would make of them; RFC 8265 §3.3.1 asks for the class before.
    [InlineData("\u212A", null, null)]
    [InlineData("\u212B", null, null)]
    [InlineData("\u0958", null, null)]
    [InlineData("ﬁ", null, null)]
    [InlineData("\u01C5", null, null)]
    [InlineData("a\u00ADb", null, null)]
    [InlineData("\u1100", null, null)]
    [InlineData("a\u0640", null, null)]
    [InlineData("\uE000", null, null)]
    [InlineData("\u0378", null, null)]
    public void Mapping_of_names(string name, string? preserved, string? mapped)
    {
        Assert.Equal(preserved, Username(name, caseMapped: false));
        Assert.Equal(mapped, Username(name, caseMapped: true));
    }

    /// <summary>RFC 5893 §2: the six conditions.</summary>
    [Theory]
    [InlineData("\u05D0\u05D1", true)]
    [InlineData("\u0627\u06281", true)]
    [InlineData("\u05D0\u05BC", true)]
    // 1
    [InlineData("1\u05D0", false)]
    [InlineData("\u0660\u0628", false)]
    [InlineData("+\u05D0", false)]
    // 2
    [InlineData("\u05D0a\u05D1", false)]
    // 3
    [InlineData("\u05D0+", false)]
    [InlineData("\u05D0+1", true)]
    [InlineData("\u05D01\u0301", true)]
    // 4
    [InlineData("\u06281\u0661", false)]
    [InlineData("\u0628\u0661", true)]
    // 5 and 6
    [InlineData("a\u05D0", false)]
    [InlineData("a\u05D0b", false)]
    [InlineData("a\u0661", false)]
    // No rule without anything from right to left.
    [InlineData("+1", true)]
    [InlineData("1a+", true)]
    public void The_Bidi_Rule(string name, bool good)
    {
        Assert.Equal(good, Username(name, caseMapped: false) is not null);
        // RFC 8265 §4.2.2: passwords have no such rule.
        Assert.NotNull(OpaqueString(name));
    }

    /// <summary>RFC 5892 appendix A.</summary>
    [Theory]
    // A.1: behind a virama; between joining letters, over marks.
    [InlineData("\u0915\u094D\u200C\u0937", true)]
    [InlineData("\u0628\u200C\u0628", true)]
    [InlineData("\u0628\u064B\u200C\u064B\u0627", true)]
    [InlineData("\u0627\u200C\u0628", false)]
    [InlineData("\u0628\u200C", false)]
    [InlineData("\u200C\u0628", false)]
    [InlineData("a\u200Cb", false)]
    [InlineData("\u0628\u200C\u200C\u0628", false)]
    // A.2
    [InlineData("\u0915\u094D\u200D\u0937", true)]
    [InlineData("\u0628\u200D\u0628", false)]
    [InlineData("\u200D", false)]
    // A.3
    [InlineData("l\u00B7l", true)]
    [InlineData("L\u00B7L", false)]
    [InlineData("l\u00B7", false)]
    [InlineData("\u00B7l", false)]
    [InlineData("a\u00B7l", false)]
    // A.4
    [InlineData("\u0375\u03B1", true)]
    [InlineData("\u0375a", false)]
    [InlineData("\u03B1\u0375", false)]
    // A.5, A.6
    [InlineData("\u05D0\u05F3", true)]
    [InlineData("\u05D0\u05F4", true)]
    [InlineData("\u05F3\u05D0", false)]
    [InlineData("a\u05F4", false)]
    // A.7
    [InlineData("\u30FB\u3042", true)]
    [InlineData("\u4E00\u30FBa", true)]
    [InlineData("a\u30FBb", false)]
    [InlineData("\u30FB", false)]
    // A.8, A.9
    [InlineData("\u0628\u0660\u0661", true)]
    [InlineData("\u0628\u06F0\u06F1", true)]
    [InlineData("\u0628\u0660\u06F1", false)]
    public void Characters_that_depend_on_others(string text, bool good) => Assert.Equal(good, OpaqueString(text) is not null);

    /// <summary>
    /// The derived properties, the profiles' mappings and the contextual rules beside precis-i18n. It knows Unicode up to Python's version, and asks
    /// for the class after the mapping only: RFC 8265 §3.3.1 and §4.2.1 ask for it before. So its class is asked first here; and what the whole
    /// string becomes is its own answer.
    /// </summary>
    [RequiresFact(program: Python.Program)]
    public void As_precis_i18n_has_it()
    {
        const string Script = """
            import sys
            from precis_i18n import get_profile
            from precis_i18n.baseclass import FreeFormClass, IdentifierClass
            mapped, preserved, opaque = (get_profile(n) for n in ('UsernameCaseMapped', 'UsernameCasePreserved', 'OpaqueString'))
            def enforce(profile, text):
                try:
                    profile.base.enforce(profile.width_mapping_rule(text), '')
                    return ' '.join('%04X' % ord(c) for c in profile.enforce(text))
                except UnicodeError:
                    return '!'
            for line in open(sys.argv[1]):
                text = ''.join(chr(int(c, 16)) for c in line.split())
                print(';'.join(enforce(p, text) for p in (mapped, preserved, opaque)))
            """;
        var python = Version.Parse(Python.Answers("import unicodedata\nprint(unicodedata.unidata_version)", []).Single());
        var age = new UnicodeDatabase(UnicodeDatabase.DebianDirectory).Age;
        var texts = Samples.EveryCharacter.Concat(Samples.Mixed(seed: 8265, count: 60_000, onlyUnicode32: false))
            .Where(t => t.EnumerateRunes().All(r => age[r.Value] is null || age[r.Value] <= python)).ToArray();
        Assert.True(texts.Length > 1_000_000);
        Python.Compare(Script, texts, text => string.Join(';', Shown(Username(text, caseMapped: true)), Shown(Username(text, caseMapped: false)), Shown(OpaqueString(text))));
    }

    static string Shown(string? prepared) => prepared is null ? "!" : Python.Hex(prepared);

    static string? Username(string text, bool caseMapped) => Prepared(text, buffer => PrecisUsername.TryPrepare(buffer, caseMapped));

    static string? OpaqueString(string text) => Prepared(text, PrecisOpaqueString.TryPrepare);

    static string? Prepared(string text, Func<CodePointBuffer, bool> prepare)
    {
        using var buffer = new CodePointBuffer(text.Length);
        Assert.True(buffer.TryAddUtf16(text));
        return prepare(buffer) ? buffer.ToString() : null;
    }
}
