using System.Text;
using AuthServer.Logins;
using AuthServer.Passdb;
using AuthServer.Passdb.Drivers;
using Microsoft.Extensions.Logging.Abstractions;
using Sasl.Credentials;
using Sasl.Protocols.DovecotAuth;

namespace AuthServer.Tests.Passdb.Drivers;

public sealed class StaticPassdbTests
{
    static IPassdb Open(string arguments, params (string, string)[] settings) => StaticPassdb.Open(
        new(new AuthDatabase("static", arguments) { Settings = settings.ToDictionary(s => s.Item1, s => s.Item2) }, new(), HashWorkers.Inline, HashWorkers.Inline, NullLogger.Instance, TimeProvider.System));

    static async Task<string> AskAsync(IPassdb passdb, string user, string password)
    {
        var login = new LoginFacts(user, user, new("imap", null, null) { Mechanism = "PLAIN" });
        var row = await new PassdbChain([new(passdb, new())], HashWorkers.Inline, NullLogger.Instance, false).VerifyAsync(login, Encoding.UTF8.GetBytes(password), default);
        return row.Kind == PassdbKind.Found ? string.Join(' ', login.Fields.All.Select(f => $"{f.Name}={f.Value}")) : row.Kind.ToString();
    }

    [Fact]
    public async Task One_password_for_every_name()
    {
        var passdb = Open("password=test proxy=y host=imap.%d");
        Assert.Equal("proxy=y host=imap.example.org", await AskAsync(passdb, "bob@example.org", "test"));
        Assert.Equal("Mismatch", await AskAsync(passdb, "bob@example.org", "{PLAIN}test"));
        Assert.Equal("Mismatch", await AskAsync(Open(""), "bob", ""));
        Assert.Equal("", await AskAsync(Open("", ("password", "{SHA}qUqP5cyxm6YcTAhz05Hph5gvu9M=")), "bob", "test"));
    }

    [Fact]
    public async Task Every_password_where_that_is_said() => Assert.Equal("nopassword=yes", await AskAsync(Open("nopassword"), "bob", "anything"));

    [Fact]
    public async Task Attack_a_name_in_a_password_is_text_and_no_scheme()
    {
        Assert.Equal("Mismatch", await AskAsync(Open("password=%u"), "{PLAIN}x", "x"));
        Assert.Equal("", await AskAsync(Open("password=%u"), "{PLAIN}x", "{PLAIN}x"));
    }

    [Theory]
    [InlineData("password=%q", "unknown variable %q")]
    [InlineData("password=x nopassword=y", "nopassword is set, and there is a password")]
    [InlineData("password=%w", "with the given password as the stored one every password would be right: say nopassword if that is meant")]
    public void Wrong_arguments_are_told(string arguments, string problem) =>
        Assert.Equal(problem, Assert.Throws<FormatException>(() => Open(arguments)).Message);
}
