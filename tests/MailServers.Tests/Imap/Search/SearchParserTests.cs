using System.Text;
using CsCheck;
using MailServers.Imap.Search;
using MailServers.Imap.Wire;
using MailStore;

namespace MailServers.Tests.Imap.Search;

public sealed class SearchParserTests
{
    static (SearchKey Key, string? Error, string? Charset) Parse(string text)
    {
        var decoder = new ImapDecoder(Encoding.UTF8.GetBytes(text));
        var parser = new SearchParser(decoder, [new MessageInfo(7, MessageFlags.Seen, new HashSet<string>(), default, 100)]);
        return (parser.Expect(), decoder.Error, parser.UnknownCharset);
    }

    [Theory]
    [InlineData("ALL")]
    [InlineData("1:5,9")]
    [InlineData("UID 1:*")]
    [InlineData("NOT NOT SEEN")]
    [InlineData("OR SEEN (FROM x TO \"y z\")")]
    [InlineData("FLAGGED SINCE 1-Feb-1994 NOT FROM \"Smith\"")] // RFC 3501 §6.4.4
    [InlineData("ON \"01-Feb-1994\"")]
    [InlineData("CHARSET UTF-8 TEXT {4}\r\nKöl")]
    [InlineData("HEADER X-Y \"\"")]
    [InlineData("LARGER 0 SMALLER 4294967295")]
    [InlineData("KEYWORD $Forwarded UNKEYWORD Junk")]
    public void Searches_of_the_grammar(string text) => Assert.Null(Parse(text).Error);

    [Theory]
    [InlineData("")]
    [InlineData("BOGUS")]
    [InlineData("()")]
    [InlineData("(ALL")]
    [InlineData("ALL)")]
    [InlineData("OR SEEN")]
    [InlineData("NOT")]
    [InlineData("FROM")]
    [InlineData("SINCE yesterday")]
    [InlineData("SINCE 31-Feb-2020")]
    [InlineData("LARGER -1")]
    [InlineData("1:0")]
    [InlineData("UID x")]
    [InlineData("CHARSET")]
    [InlineData("ALL  SEEN")]
    public void What_is_no_search_is_refused(string text) => Assert.NotNull(Parse(text).Error);

    [Fact]
    public void A_charset_that_nobody_knows_is_told()
    {
        Assert.Null(Parse("CHARSET us-ascii TEXT x").Charset);
        Assert.Null(Parse("CHARSET KOI8-R TEXT x").Charset);
        Assert.Equal("X-NOBODY", Parse("CHARSET X-NOBODY TEXT {1}\r\n\u0436").Charset);
    }

    [Theory]
    [InlineData("(")]
    [InlineData("NOT ")]
    [InlineData("OR SEEN ")]
    public void Attack_nesting_is_bounded(string level) =>
        Assert.Equal("Search is nested too deeply.", Parse(string.Concat(Enumerable.Repeat(level, 20_000)) + "ALL").Error);

    [Fact]
    public void Noise_neither_throws_nor_hangs() =>
        Gen.OneOf("(", ")", " ", "NOT", "OR", "SEEN", "FROM", "\"x\"", "1:*", "UID", "SINCE", "1-Jan-2020", "{1}\r\n", "HEADER", "CHARSET", "UTF-8", "\0").Array[0, 25]
            .Sample(words => Parse(string.Concat(words)));
}
