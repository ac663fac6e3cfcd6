using AuthServer.Logins;
using AuthServer.Userdb;
using AuthServer.Userdb.Drivers;
using Microsoft.Extensions.Logging.Abstractions;
using Sasl.Credentials;
using Sasl.Hosting.Configuration;
using Sasl.Protocols.DovecotAuth;

namespace AuthServer.Tests.Userdb.Drivers;

public sealed class PasswdUserdbTests
{
    static IUserdb Open(string firstUid = "1") => PasswdUserdb.Open(
        new(new("passwd", ""), new AuthServerSettings().With(DovecotConf.FirstValidUid, firstUid), HashWorkers.Inline, HashWorkers.Inline, NullLogger.Instance, TimeProvider.System), (_, _) => new((bool?)null));

    [Fact]
    public async Task The_systems_accounts()
    {
        var found = await Open().FindAsync(new("daemon", "daemon", new("imap", null, null)), false, default);
        Assert.Equal((LookupKind.Found, 1u, 1u, "/usr/sbin"), (found.Kind, found.Uid, found.Gid, found.Home));
        Assert.Equal(LookupKind.NotFound, (await Open().FindAsync(new("no-such-user", "no-such-user", new("imap", null, null)), false, default)).Kind);
    }

    [Fact]
    public async Task All_of_them_from_the_first_valid_uid_on()
    {
        var (all, some) = (new List<string>(), new List<string>());
        await foreach (var name in Open().ListAsync(default)!)
            all.Add(name);
        await foreach (var name in Open("2").ListAsync(default)!)
            some.Add(name);
        Assert.Contains("daemon", all);
        Assert.DoesNotContain("root", all);
        Assert.Equal(all.Where(n => n != "daemon"), some);
        // Once more, from the beginning.
        Assert.Contains("nobody", some);
    }
}
