using System.Diagnostics;
using Sasl.Hosting.Unix;

namespace MailStore.Tests.Maildir;

/// <summary>Disks that are full or not where they should be.</summary>
public class DiskTests(Xunit.Abstractions.ITestOutputHelper output)
{
    [Fact]
    public void A_maildir_is_made_with_its_parents_and_what_cannot_be_made_is_an_IOException()
    {
        using var directory = new Testing.TemporaryDirectory();
        using (var store = Stores.Open(new MailLocation(MailFormat.Maildir, directory["example.org/al/Maildir"], null)))
            Assert.Equal(0, store.Status("INBOX")!.Messages);
        Assert.ThrowsAny<IOException>(() => Stores.Open(new MailLocation(MailFormat.Maildir, "/proc/nobody/Maildir", null)));
    }

    [Fact]
    public async Task A_full_disk_is_an_IOException_and_leaves_nothing()
    {
        using var directory = new Testing.TemporaryDirectory();
        if (!Identity.IsRoot || Run("mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", directory.Path) != 0)
        {
            output.WriteLine("SKIPPED: mounting a small tmpfs needs root");
            return;
        }
        try
        {
            using var store = Stores.Open(new MailLocation(MailFormat.Maildir, directory["Maildir"], null));
            await AppendAsync(store, 1000);
            await Assert.ThrowsAnyAsync<IOException>(() => AppendAsync(store, 600_000));
            Assert.Empty(Directory.GetFiles(directory["Maildir/tmp"]));
            Assert.Equal(1, store.Status("INBOX")!.Messages);
            Assert.Equal(2u, await AppendAsync(store, 1000));
            // The uidlist has no room: the message may not appear either.
            File.WriteAllBytes(directory["filler"], new byte[400_000]);
            var last = 2u;
            var failed = false;
            for (var i = 0; i < 200 && !failed; i++)
            {
                try
                {
                    last = await AppendAsync(store, 3000);
                }
                catch (IOException)
                {
                    failed = true;
                }
            }
            Assert.True(failed);
            Assert.Equal((int)last, store.Status("INBOX")!.Messages);
            Assert.Equal((int)last, Directory.GetFiles(directory["Maildir/new"]).Length);
        }
        finally
        {
            Run("umount", "-l", directory.Path);
        }
    }

    static async Task<uint> AppendAsync(IStore store, int size)
    {
        using var writer = store.Append("INBOX", MessageFlags.None, Box.Keywords(), null)!;
        await writer.WriteAsync(new byte[size], CancellationToken.None);
        return (await writer.CommitAsync(CancellationToken.None)).Uid;
    }

    static int Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode;
    }
}
