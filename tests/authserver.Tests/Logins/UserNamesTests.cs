using AuthServer.Logins;
using CsCheck;
using Sasl.Hosting.Configuration;
using Sasl.Protocols.DovecotAuth;

namespace AuthServer.Tests.Logins;

public sealed class UserNamesTests
{
    static readonly AuthServerSettings _default = new();

    [Theory]
    [InlineData("alice", "alice")]
    [InlineData("Alice@Example.ORG", "alice@example.org")]
    [InlineData("", null)]
    [InlineData("a b", null)]
    [InlineData("a*", null)]
    [InlineData("a/../b", null)]
    [InlineData("a\tb", null)]
    [InlineData("ä", null)]
    public void Defaults(string given, string? final) => Assert.Equal(final, new UserNames(_default).Normalize(given, out _));

    [Fact]
    public void The_realm_is_appended_before_the_format_is_applied()
    {
        var names = new UserNames(_default.With(DovecotConf.AuthDefaultRealm, "Example.org").With(DovecotConf.AuthUsernameFormat, "%n+%Ud"));
        Assert.Equal("alice+EXAMPLE.ORG", names.Normalize("alice", out _));
        Assert.Equal("alice+OTHER", names.Normalize("alice@other", out _));
    }

    [Fact]
    public void Without_a_whitelist_control_characters_are_refused_still()
    {
        var names = new UserNames(_default.With(DovecotConf.AuthUsernameChars, "").With(DovecotConf.AuthUsernameFormat, ""));
        Gen.String[Gen.Char['\0', '\x1ff'], 0, 10].Sample(given =>
        {
            var final = names.Normalize(given, out var reason);
            Assert.Equal(given.Length == 0 || given.Any(c => c < ' ' || c == '\x7f'), final is null);
            Assert.Equal(final is null, reason.Length > 0);
        });
    }

    [Fact]
    public void Characters_are_translated_at_once()
    {
        var names = new UserNames(_default.With(DovecotConf.AuthUsernameTranslation, "#@/@ab"));
        Assert.Equal("blice@x@y", names.Normalize("alice#x/y", out _));
    }
}
