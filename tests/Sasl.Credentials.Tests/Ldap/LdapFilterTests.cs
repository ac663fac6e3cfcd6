using System.Formats.Asn1;
using CsCheck;
using Sasl.Credentials.Ldap;

namespace Sasl.Credentials.Tests.Ldap;

public sealed class LdapFilterTests
{
    static readonly Gen<string> _text = Gen.Char["ab()*\\=\0 \u00e9:&|!~<>"].Array[1, 6].Select(c => new string(c));

    static string Ber(string filter)
    {
        var writer = new AsnWriter(AsnEncodingRules.BER);
        LdapFilterParser.Parse(filter).Write(writer);
        return Convert.ToHexString(writer.Encode());
    }

    [Theory]
    [InlineData("(cn=a)", "A307 0402636E 040161")]
    [InlineData("cn=a", "A307 0402636E 040161")]
    [InlineData("(cn=)", "A306 0402636E 0400")]
    [InlineData("(cn>=a)", "A507 0402636E 040161")]
    [InlineData("(cn<=a)", "A607 0402636E 040161")]
    [InlineData("(cn~=a)", "A807 0402636E 040161")]
    [InlineData("(cn=*)", "8702636E")]
    [InlineData("(cn=a*)", "A409 0402636E 3003 800161")]
    [InlineData("(cn=*a)", "A409 0402636E 3003 820161")]
    [InlineData("(cn=a*b*c)", "A40F 0402636E 3009 800161 810162 820163")]
    [InlineData("(&(cn=a)(!(sn=b)))", "A014 A307 0402636E 040161 A209 A307 0402736E 040162")]
    [InlineData("(| (cn=a) (cn=b) )", "A112 A307 0402636E 040161 A307 0402636E 040162")]
    [InlineData("(cn=\\28\\2A\\00\u00e9)", "A30B 0402636E 0405282A00C3A9")]
    [InlineData("(cn:dn:2.5.13.2:=a)", "A914 8108322E352E31332E32 8202636E 830161 8401FF")]
    [InlineData("(cn:=a)", "A907 8202636E 830161")]
    [InlineData("(:2.5.13.2:=a)", "A90D 8108322E352E31332E32 830161")]
    public void Vectors(string filter, string ber) => Assert.Equal(ber.Replace(" ", ""), Ber(filter));

    [Theory]
    [InlineData("")]
    [InlineData("()")]
    [InlineData("(cn)")]
    [InlineData("(=a)")]
    [InlineData("(cn=a")]
    [InlineData("(cn=a))")]
    [InlineData("(cn=a)(cn=b)")]
    [InlineData("(&)")]
    [InlineData("(!)")]
    [InlineData("(!(cn=a)(cn=b))")]
    [InlineData("(cn=a**b)")]
    [InlineData("(cn>=a*)")]
    [InlineData("(cn=\\4)")]
    [InlineData("(cn=\\zz)")]
    [InlineData("(cn=a\\)")]
    [InlineData("(:=a)")]
    [InlineData("(:dn:=a)")]
    [InlineData("(c n=a)")]
    public void What_is_no_filter_is_refused(string text) => Assert.Throws<FormatException>(() => LdapFilterParser.Parse(text));

    [Fact]
    public void Nesting_without_end_is_refused()
    {
        Assert.NotNull(LdapFilterParser.Parse(string.Concat(Enumerable.Repeat("(!", 31)) + "(cn=a)" + new string(')', 31)));
        Assert.Throws<FormatException>(() => LdapFilterParser.Parse(string.Concat(Enumerable.Repeat("(!", 100_000 / 4)) + "(cn=a)" + new string(')', 100_000 / 4)));
        Assert.Throws<FormatException>(() => LdapFilterParser.Parse(string.Concat(Enumerable.Repeat("(!", 32)) + "(cn=a)" + new string(')', 32)));
    }

    [Fact]
    public void Attack_ldap_injection_an_escaped_value_reads_back_as_itself() => _text.Sample(text =>
        LdapFilterParser.Parse($"(cn={LdapText.EscapeFilter(text)})") is LdapFilter.Comparison { Operator: "=" } filter
        && filter.Value.AsSpan().SequenceEqual(System.Text.Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void A_filter_written_as_text_is_the_same_filter() => Gen.Select(_text, _text, Gen.Int[0, 5]).Sample((a, b, kind) =>
    {
        var (x, y) = (LdapText.EscapeFilter(a), LdapText.EscapeFilter(b));
        var text = kind switch { 0 => $"(&(cn={x})(sn={y}))", 1 => $"(cn={x}*{y})", 2 => $"(!(cn>={x}))", 3 => $"(cn:dn:={x})", 4 => $"(|(cn=*{x}*{y}*))", _ => $"(cn={x}*)" };
        return Ber(LdapFilterParser.Parse(text).ToString()) == Ber(text);
    });
}
