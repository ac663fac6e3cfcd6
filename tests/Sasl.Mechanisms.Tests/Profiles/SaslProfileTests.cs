using System.Text;
using CsCheck;

namespace Sasl.Mechanisms.Tests.Profiles;

/// <summary>What each protocol writes for nothing, for an empty message and for one, and what it reads.</summary>
public sealed class SaslProfileTests
{
    static readonly SaslProfile[] _all =
        [SaslProfile.Smtp, SaslProfile.Lmtp, SaslProfile.Imap, SaslProfile.Pop3, SaslProfile.ManageSieve, SaslProfile.Ldap, SaslProfile.Xmpp];

    public static TheoryData<string> Names => [.. _all.Select(p => p.Name)];

    [Theory]
    [InlineData("SMTP", "smtp", 512)]
    [InlineData("LMTP", "lmtp", 512)]
    [InlineData("IMAP", "imap", null)]
    [InlineData("POP3", "pop", 255)]
    [InlineData("ManageSieve", "sieve", null)]
    [InlineData("LDAP", "ldap", null)]
    [InlineData("XMPP", "xmpp", null)]
    public void Service_and_line(string name, string service, int? longest) => Assert.Equal((service, longest), (Find(name).Service, Find(name).LongestCommand));

    // Text of: no initial response, an empty one, "abc"; an empty challenge, "abc"; an empty response, "abc"; no data with success, empty ones, "abc". "-": nothing stands there.
    [Theory]
    [InlineData("SMTP", "- = YWJj |  YWJj |  YWJj | - = YWJj")]
    [InlineData("LMTP", "- = YWJj |  YWJj |  YWJj | - = YWJj")]
    [InlineData("IMAP", "- = YWJj |  YWJj |  YWJj | - = YWJj")]
    [InlineData("POP3", "- = YWJj |  YWJj |  YWJj | - = YWJj")]
    [InlineData("ManageSieve", "- \"\" \"YWJj\" | \"\" \"YWJj\" | \"\" \"YWJj\" | - \"\" \"YWJj\"")]
    [InlineData("LDAP", "-  abc |  abc |  abc | -  abc")]
    [InlineData("XMPP", "- = YWJj |  YWJj |  YWJj | - = YWJj")]
    public void Written(string name, string expected)
    {
        var profile = Find(name);
        string[] Row(SaslPlace place, params byte[]?[] messages) => [.. messages.Select(m => profile.Encode(place, m) is { } text ? Encoding.ASCII.GetString(text) : "-")];
        byte[] abc = [.. "abc"u8];
        Assert.Equal(expected, string.Join(" | ", new[]
        {
            Row(SaslPlace.Initial, null, [], abc), Row(SaslPlace.Challenge, [], abc), Row(SaslPlace.Response, [], abc), Row(SaslPlace.Success, null, [], abc),
        }.Select(row => string.Join(' ', row))));
    }

    // "-" is an absent text. What is expected: nothing, abort, malformed, or the message in quotes.
    public static TheoryData<string, SaslPlace, string, string> Read
    {
        get
        {
            var data = new TheoryData<string, SaslPlace, string, string>();
            foreach (var name in new[] { "SMTP", "LMTP", "IMAP", "POP3" })
            {
                Add(name, SaslPlace.Initial, "-", "nothing", "", "''", "=", "''", "YWJj", "'abc'", "*", "malformed", "YWJ", "malformed", "YW Jj", "malformed", "YWJj=", "malformed", " YWJj", "malformed", "YQ==", "'a'", "YR==", "malformed", "YQ==YQ==", "malformed", "\u00e9WJj", "malformed");
                Add(name, SaslPlace.Response, "", "''", "=", "malformed", "YWJj", "'abc'", "*", "abort", "**", "malformed", "* ", "malformed", "!", "malformed");
                Add(name, SaslPlace.Challenge, "", "''", "YWJj", "'abc'", "*", "malformed", "go ahead", "malformed");
            }
            Add("ManageSieve", SaslPlace.Initial, "-", "nothing", "", "''", "\"\"", "''", "\"=\"", "''", "=", "''", "\"YWJj\"", "'abc'", "YWJj", "'abc'", "{4+}\r\nYWJj", "'abc'", "{4}\r\nYWJj", "'abc'", "{0+}\r\n", "''",
                "\"", "malformed", "\"YWJj", "malformed", "\"YW\"Jj\"", "malformed", "{5+}\r\nYWJj", "malformed", "{3+}\r\nYWJj", "malformed", "{4+}YWJj", "malformed", "{4+\r\nYWJj", "malformed", "{-4}\r\nYWJj", "malformed", "{}\r\n", "malformed", "{99999999999}\r\nYWJj", "malformed");
            Add("ManageSieve", SaslPlace.Response, "\"*\"", "abort", "*", "abort", "{1+}\r\n*", "abort", "\"\"", "''", "\"YWJj\"", "'abc'", "\"=\"", "malformed");
            Add("ManageSieve", SaslPlace.Challenge, "\"\"", "''", "{4}\r\nYWJj", "'abc'", "\"*\"", "malformed");
            Add("ManageSieve", SaslPlace.Success, "-", "nothing", "\"\"", "''", "\"YWJj\"", "'abc'");
            Add("LDAP", SaslPlace.Initial, "-", "nothing", "", "''", "=", "'='", "*", "'*'", "abc", "'abc'");
            Add("LDAP", SaslPlace.Response, "-", "''", "", "''", "*", "'*'", "abc", "'abc'");
            Add("LDAP", SaslPlace.Challenge, "-", "''", "", "''", "abc", "'abc'");
            Add("LDAP", SaslPlace.Success, "-", "nothing", "", "''", "abc", "'abc'");
            Add("XMPP", SaslPlace.Initial, "-", "nothing", "", "nothing", "=", "''", "YWJj", "'abc'", "YWJj\n", "malformed", "*", "malformed");
            Add("XMPP", SaslPlace.Response, "-", "''", "", "''", "=", "''", "YWJj", "'abc'", "*", "malformed");
            Add("XMPP", SaslPlace.Challenge, "-", "''", "", "''", "=", "''", "YWJj", "'abc'");
            Add("XMPP", SaslPlace.Success, "-", "nothing", "", "nothing", "=", "''", "YWJj", "'abc'", "!", "malformed");
            return data;

            void Add(string name, SaslPlace place, params string[] pairs)
            {
                foreach (var pair in pairs.Chunk(2))
                    data.Add(name, place, pair[0], pair[1]);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Read))]
    public void Reads(string name, SaslPlace place, string text, string expected)
    {
        var argument = Find(name).Decode(place, text == "-" ? null : Encoding.Latin1.GetBytes(text));
        Assert.Equal(expected, argument.Kind == SaslArgumentKind.Message ? $"'{Encoding.UTF8.GetString(argument.Message!)}'" : argument.Kind.ToString().ToLowerInvariant());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Reads_what_it_wrote(string name) => Gen.Select(Gen.Byte.Array[0, 3000], Gen.Enum<SaslPlace>()).Sample((message, place) =>
    {
        var argument = Find(name).Decode(place, Find(name).Encode(place, message));
        return argument.Kind == SaslArgumentKind.Message && argument.Message.AsSpan().SequenceEqual(message);
    }, iter: 2000);

    [Fact]
    public void A_long_string_is_a_literal()
    {
        var message = new byte[900];
        Assert.StartsWith("{1200+}\r\nAAAA", Encoding.ASCII.GetString(SaslProfile.ManageSieve.Encode(SaslPlace.Response, message)!));
        Assert.StartsWith("{1200}\r\nAAAA", Encoding.ASCII.GetString(SaslProfile.ManageSieve.Encode(SaslPlace.Challenge, message)!));
        Assert.StartsWith("\"AAAA", Encoding.ASCII.GetString(SaslProfile.ManageSieve.Encode(SaslPlace.Response, new byte[768])!));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void More_than_a_session_takes_is_not_even_decoded(string name) =>
        Assert.Equal(SaslArgumentKind.Malformed, Find(name).Decode(SaslPlace.Response, Enumerable.Repeat((byte)'A', 100_000).ToArray()).Kind);

    static SaslProfile Find(string name) => _all.Single(p => p.Name == name);
}
