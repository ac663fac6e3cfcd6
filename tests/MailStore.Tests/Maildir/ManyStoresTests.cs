using Sasl.Hosting.Unix;
using Testing;

namespace MailStore.Tests.Maildir;

/// <summary>One process has the mail of many users when they share a uid: a worker of virtual users.</summary>
public sealed class ManyStoresTests
{
    /// <summary>More than the kernel gives inotify instances to one user (fs.inotify.max_user_instances, 128).</summary>
    const int Users = 200;

    [Fact]
    public async Task Stores_that_share_one_are_told_each_of_its_own_changes_and_two_of_the_same_mailbox_both()
    {
        using var directory = new TemporaryDirectory();
        using var changes = new Inotify();
        IStore Open(string name) => Stores.Open(new MailLocation(MailFormat.Maildir, directory[name], null), changes: changes);
        using var alice = Open("alice");
        using var again = Open("alice");
        using var bob = Open("bob");
        using var first = alice.Select("INBOX", readOnly: true)!;
        using (var second = again.Select("INBOX", readOnly: true)!)
        {
            using var other = bob.Select("INBOX", readOnly: true)!;
            await File.WriteAllTextAsync(directory["alice/new/1.a"], "Subject: x\n\ny\n");
            Assert.Equal((1, 1, null), (first.Sync(true).Exists, second.Sync(true).Exists, other.Sync(true).Exists));
        }
        // One of the two has gone; the other is told all the same.
        again.Dispose();
        await File.WriteAllTextAsync(directory["alice/new/2.a"], "Subject: x\n\ny\n");
        Assert.Equal(2, first.Sync(true).Exists);
    }

    [Fact]
    public void An_instance_is_free_again_when_its_dispose_has_returned()
    {
        for (var i = 0; i < 3 * Users; i++)
            new Inotify().Dispose();
    }

    [Fact]
    public void More_users_than_there_are_inotify_instances_have_their_mail_open_at_once()
    {
        using var directory = new TemporaryDirectory();
        using var changes = new Inotify();
        var stores = new List<IStore>();
        try
        {
            for (var i = 0; i < Users; i++)
            {
                stores.Add(Stores.Open(new MailLocation(MailFormat.Maildir, directory[$"{i}"], null), changes: changes));
                stores[^1].Select("INBOX", readOnly: false)!.Dispose();
            }
            Assert.All(stores, s => Assert.Equal(0, s.Status("INBOX")!.Messages));
        }
        finally
        {
            stores.ForEach(s => s.Dispose());
        }
    }
}
