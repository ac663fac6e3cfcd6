using AuthServer.Logins;
using AuthServer.Passdb;
using AuthServer.Userdb;
using AuthServer.Userdb.Drivers;
using Microsoft.Extensions.Logging.Abstractions;
using Sasl.Credentials;

namespace AuthServer.Tests.Userdb.Drivers;

public sealed class StaticUserdbTests
{
    static readonly LoginFacts _bob = new("bob@example.org", "bob@example.org", new("lmtp", null, null));

    static IUserdb Open(string arguments, bool? exists) => StaticUserdb.Open(
        new(new("static", arguments), new(), HashWorkers.Inline, HashWorkers.Inline, NullLogger.Instance, TimeProvider.System), (_, _) => new(exists));

    static async Task<Lookup> FindAsync(string arguments, bool isAuthenticated, bool? exists) =>
        await Open(arguments, exists).FindAsync(_bob, isAuthenticated, CancellationToken.None);

    [Fact]
    public async Task Variables_and_names_are_resolved()
    {
        var found = await FindAsync("uid=daemon gid=bin home=/m/%d/%n mail=maildir:/m/%u allow_all_users=yes", false, false);
        Assert.Equal((LookupKind.Found, 1u, 2u, "/m/example.org/bob"), (found.Kind, found.Uid, found.Gid, found.Home));
        Assert.Equal(["mail=maildir:/m/bob@example.org"], found.Fields);
    }

    [Fact]
    public async Task Who_exists_is_asked_of_the_passdbs()
    {
        const string arguments = "uid=1000 gid=1000";
        Assert.Equal(LookupKind.Found, (await FindAsync(arguments, false, true)).Kind);
        Assert.Equal(LookupKind.NotFound, (await FindAsync(arguments, false, false)).Kind);
        Assert.Equal(LookupKind.Failed, (await FindAsync(arguments, false, null)).Kind);
        Assert.Equal(LookupKind.Found, (await FindAsync(arguments, true, false)).Kind);
    }

    [Theory]
    [InlineData("uid=no-such-user-here gid=1", "uid=no-such-user-here: no such user")]
    [InlineData("uid=1 gid=no-such-group-here", "gid=no-such-group-here: no such group")]
    [InlineData("uid=1 gid=1 home=/x/%x", "unknown variable %x")]
    public void Wrong_arguments_are_told(string arguments, string problem) =>
        Assert.Equal(problem, Assert.Throws<FormatException>(() => Open(arguments, null)).Message);
}
