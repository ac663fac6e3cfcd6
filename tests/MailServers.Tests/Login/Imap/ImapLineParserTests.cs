using System.Text;
using CsCheck;
using MailServers.Login.Imap;

namespace MailServers.Tests.Login.Imap;

public sealed class ImapLineParserTests
{
    static (ImapLineResult Result, List<ImapToken> Tokens) Parse(string line, bool continued = false)
    {
        var tokens = new List<ImapToken>();
        return (ImapLineParser.Parse(Encoding.Latin1.GetBytes(line), continued, tokens), tokens);
    }

    [Theory]
    [InlineData("a LOGIN x y", "a", "LOGIN", "x", "y")]
    [InlineData("a LOGIN \"x \\\"\\\\ y\" \"\"", "a", "LOGIN", "x \"\\ y", "")]
    [InlineData("a LOGIN u%*]ser p~\u00e4", "a", "LOGIN", "u%*]ser", "p~\u00e4")]
    public void Tokens_are_split(string line, params string[] expected)
    {
        var (result, tokens) = Parse(line);
        Assert.Null(result.Error);
        Assert.Null(result.Literal);
        Assert.Equal(expected, tokens.Select(t => Encoding.Latin1.GetString(t.Bytes)));
    }

    [Theory]
    [InlineData("a LOGIN {5}", 5u, true)]
    [InlineData("a LOGIN {0+}", 0u, false)]
    [InlineData("a ID ({4294967295}", 4294967295u, true)]
    public void A_literal_ends_the_line(string line, uint size, bool synchronizing)
    {
        var (result, _) = Parse(line);
        Assert.Equal(new(null, size, synchronizing), result);
    }

    [Theory]
    [InlineData("a LOGIN {4294967296}")]
    [InlineData("a LOGIN {5} ")]
    [InlineData("a LOGIN {5")]
    [InlineData("a LOGIN {+}")]
    [InlineData("a LOGIN {5++}")]
    [InlineData("a LOGIN {5-}")]
    [InlineData("a LOGIN { 5}")]
    [InlineData("a LOGIN \"x")]
    [InlineData("a LOGIN \"x\\y\"")]
    [InlineData("a LOGIN \"x\"y")]
    [InlineData("a LOGIN x\"y\"")]
    [InlineData("a LOGIN x{5}")]
    [InlineData("a \u007f")]
    [InlineData("a\tb")]
    public void What_is_malformed_is_refused(string line) => Assert.NotNull(Parse(line).Result.Error);

    [Fact]
    public void After_a_literal_comes_a_space_a_parenthesis_or_nothing()
    {
        Assert.Null(Parse(" x", continued: true).Result.Error);
        Assert.Null(Parse(")", continued: true).Result.Error);
        Assert.Null(Parse("", continued: true).Result.Error);
        Assert.NotNull(Parse("x", continued: true).Result.Error);
        Assert.NotNull(Parse("{3}", continued: true).Result.Error);
    }

    [Fact]
    public void Any_bytes_are_parsed_or_refused() =>
        Gen.Byte.Array[0, 80].Sample(line => _ = ImapLineParser.Parse(line, false, []), iter: 20000);

    [Fact]
    public void Quoted_strings_read_back_the_same() =>
        Gen.Char["ab \"\\{}()é"].Array[0, 20].Select(c => new string(c)).Sample(text =>
        {
            var (result, tokens) = Parse($"a \"{text.Replace("\\", "\\\\").Replace("\"", "\\\"")}\" b");
            return result.Error is null && tokens.Count == 3 && Encoding.Latin1.GetString(tokens[1].Bytes) == text;
        }, iter: 2000);

    [Fact]
    public void A_token_never_shows_its_bytes() => Assert.Equal("Text", new ImapToken(ImapTokenKind.Text, "secret"u8.ToArray()).ToString());
}
