using AuthServer.Userdb;
using Sasl.Credentials;

namespace AuthServer.Tests.Userdb;

public sealed class StaticUserdbTests
{
    readonly HashWorkers _workers = new(threads: 1);

    async Task<Lookup> FindAsync(string arguments, bool isAuthenticated, params Func<string, bool>?[] known) =>
        await StaticUserdb.Open(arguments, known, _workers, out _)!.FindAsync("bob@example.org", isAuthenticated, CancellationToken.None);

    [Fact]
    public async Task Variables_and_names_are_resolved()
    {
        var found = await FindAsync("uid=daemon gid=bin home=/m/%d/%n mail=maildir:/m/%u allow_all_users=yes", false);
        Assert.Equal((LookupKind.Found, 1u, 2u, "/m/example.org/bob"), (found.Kind, found.Uid, found.Gid, found.Home));
        Assert.Equal(["mail=maildir:/m/bob@example.org"], found.Fields);
    }

    [Fact]
    public async Task Who_exists_is_asked_of_the_passdbs()
    {
        const string arguments = "uid=1000 gid=1000";
        Assert.Equal(LookupKind.Found, (await FindAsync(arguments, false, null, _ => true)).Kind);
        Assert.Equal(LookupKind.NotFound, (await FindAsync(arguments, false, _ => false)).Kind);
        Assert.Equal(LookupKind.Failed, (await FindAsync(arguments, false, null, _ => false)).Kind);
        Assert.Equal(LookupKind.Failed, (await FindAsync(arguments, false, _ => throw new IOException())).Kind);
        Assert.Equal(LookupKind.Found, (await FindAsync(arguments, true, _ => false)).Kind);
    }

    [Theory]
    [InlineData("gid=1", "uid=: no such user")]
    [InlineData("uid=no-such-user-here gid=1", "uid=no-such-user-here: no such user")]
    [InlineData("uid=1 gid=no-such-group-here", "gid=no-such-group-here: no such group")]
    [InlineData("uid=1 gid=1 home=/x/%x", "unknown variable %x")]
    public void Wrong_arguments_are_told(string arguments, string problem)
    {
        Assert.Null(StaticUserdb.Open(arguments, [], _workers, out var told));
        Assert.Equal(problem, told);
    }
}
