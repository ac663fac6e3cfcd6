using Sasl.Hosting.Unix;
using Testing;

namespace Sasl.Hosting.Tests.Unix;

public sealed class ReaderIdentityTests : IDisposable
{
    const uint Shadow = 42;

    readonly TemporaryDirectory _directory = new();

    [RequiresTheory(root: true)]
    [InlineData(0x1A4, 0u, 0u, "mail", false)]   // 0644 root: everybody reads it
    [InlineData(0x1A0, 0u, Shadow, "shadow", false)]  // 0640 root:shadow: the group does
    [InlineData(0x1A0, 0u, 0u, "mail", true)]    // 0640 root:root: only root
    [InlineData(0x180, 0u, Shadow, "mail", true)]  // 0600 root:shadow
    [InlineData(0x000, 0u, 0u, "mail", true)]    // 000, as Red Hat's shadow
    public void The_least_that_reads_the_file(int mode, uint owner, uint group, string expectedGroup, bool readsEverything)
    {
        var file = File(mode, owner, group);
        var identity = ReaderIdentity.For(Accounts.Find("mail")!, file);
        Assert.Equal((Accounts.Find("mail")!.Uid, Accounts.FindGroup(expectedGroup), readsEverything), (identity.Uid, identity.Gid, identity.ReadsEverything));
        Assert.DoesNotContain(0u, identity.Groups);
    }

    [RequiresFact(root: true)]
    public void A_file_of_another_users_is_read_as_that_user()
    {
        var games = Accounts.Find("games")!;
        var identity = ReaderIdentity.For(Accounts.Find("mail")!, File(0x180, games.Uid, 0));
        Assert.Equal((games.Uid, games.Gid, false), (identity.Uid, identity.Gid, identity.ReadsEverything));
    }

    [Fact]
    public void Where_nothing_is_to_be_read_nothing_is_needed()
    {
        var mail = Accounts.Find("mail")!;
        foreach (var path in new[] { null, _directory["nothing"] })
        {
            var identity = ReaderIdentity.For(mail, path);
            Assert.Equal((mail.Uid, mail.Gid, false), (identity.Uid, identity.Gid, identity.ReadsEverything));
        }
    }

    public void Dispose() => _directory.Dispose();

    string File(int mode, uint owner, uint group)
    {
        var path = _directory[$"file{mode}"];
        System.IO.File.WriteAllText(path, "secret");
        Files.ChangeMode(path, (uint)mode);
        Files.ChangeOwner(path, owner, group);
        return path;
    }
}
