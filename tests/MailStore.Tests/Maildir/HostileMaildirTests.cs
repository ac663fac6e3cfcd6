using System.Diagnostics;
using CsCheck;

namespace MailStore.Tests.Maildir;

/// <summary>A user (or whoever took over the account) puts things into the maildir; the store must read nobody else's files and stay up.</summary>
public class HostileMaildirTests
{
    const string Mail = "Subject: x\r\n\r\nbody\r\n";

    [Fact]
    public async Task Attack_a_link_in_cur_is_no_message()
    {
        using var box = new Box();
        await box.AppendAsync(Mail);
        File.WriteAllText(box["secret"], "root's");
        File.CreateSymbolicLink(box["cur/1.evil:2,S"], box["secret"]);
        File.CreateSymbolicLink(box["new/2.evil"], "/etc/passwd");
        Directory.CreateDirectory(box["cur/3.directory:2,S"]);
        Process.Start("mkfifo", [box["cur/4.pipe:2,S"]]).WaitForExit();
        using var view = box.Select();
        Assert.Single(view.Messages);
    }

    [Fact]
    public async Task Attack_a_message_that_becomes_a_link_or_a_pipe_is_not_read()
    {
        using var box = new Box();
        await box.AppendAsync(Mail);
        await box.AppendAsync(Mail);
        using var view = box.Select();
        var (one, two) = (box.FileOf(1), box.FileOf(2));
        File.Delete(one);
        File.CreateSymbolicLink(one, "/etc/passwd");
        File.Delete(two);
        Process.Start("mkfifo", [two]).WaitForExit();
        Assert.Null(view.OpenText(1));
        Assert.Null(view.OpenText(2));
        var copied = await view.CopyAsync([1, 2], "INBOX", CancellationToken.None);
        Assert.Empty(copied!.To);
        Assert.Empty(box.Files("tmp"));
    }

    [Fact]
    public void Attack_cur_itself_is_a_link()
    {
        using var box = new Box();
        Directory.CreateDirectory(box["elsewhere"]);
        File.WriteAllText(box["elsewhere/1.h:2,"], "root's");
        Directory.CreateSymbolicLink(box["cur"], box["elsewhere"]);
        Assert.Throws<Sasl.Hosting.Unix.UnixException>(() => box.Store.Select("INBOX", false));
        Assert.True(File.Exists(box["elsewhere/1.h:2,"]));
    }

    [Fact]
    public void Attack_a_folder_that_is_a_link_out_of_the_maildir_does_not_exist()
    {
        using var box = new Box();
        var outside = Directory.CreateDirectory(box.Path + "-outside").FullName;
        Directory.CreateDirectory(outside + "/cur");
        File.WriteAllText(outside + "/cur/1.h:2,", "x");
        Directory.CreateSymbolicLink(box[".evil"], outside);
        Assert.Equal("INBOX", string.Join(' ', box.Store.Folders().Select(f => f.Name)));
        Assert.Null(box.Store.Select("evil", false));
        Assert.Equal(StoreError.NonExistent, box.Store.Delete("evil").Error);
        Assert.True(File.Exists(outside + "/cur/1.h:2,"));
    }

    [Theory]
    [InlineData("dovecot-uidlist")]
    [InlineData("dovecot-keywords")]
    [InlineData("subscriptions")]
    [InlineData("dovecot-uidvalidity")]
    public async Task Attack_a_control_file_that_is_a_link_is_replaced_and_its_target_left_alone(string name)
    {
        using var box = new Box();
        File.WriteAllText(box["victim"], "precious");
        File.CreateSymbolicLink(box[name], box["victim"]);
        await box.AppendAsync(Mail, flags: MessageFlags.Seen, keywords: "K");
        Assert.True(box.Store.Subscribe("INBOX", true).IsOk);
        await box.AppendAsync(Mail);
        Assert.Equal("precious", File.ReadAllText(box["victim"]));
        Assert.Null(new FileInfo(box[name]).LinkTarget);
        Assert.Equal(2, box.Store.Status("INBOX")!.Messages);
    }

    [Fact]
    public async Task Attack_a_uidlist_with_a_second_name_is_not_written_into()
    {
        using var box = new Box();
        await box.AppendAsync(Mail);
        Process.Start("ln", [box["dovecot-uidlist"], box["second"]]).WaitForExit();
        var before = File.ReadAllText(box["second"]);
        await box.AppendAsync(Mail);
        Assert.Equal(before, File.ReadAllText(box["second"]));
        Assert.Equal(3u, box.Store.Status("INBOX")!.UidNext);
    }

    [Fact]
    public async Task Attack_a_lock_that_is_a_link_is_overridden_when_stale_and_not_followed()
    {
        using var box = new Box();
        File.WriteAllText(box["victim"], "4194304:" + Environment.MachineName);
        File.CreateSymbolicLink(box["dovecot-uidlist.lock"], box["victim"]);
        Process.Start("touch", ["-h", "-d", "10 minutes ago", box["dovecot-uidlist.lock"]]).WaitForExit();
        await box.AppendAsync(Mail).WaitAsync(TimeSpan.FromSeconds(10));
        Assert.True(File.Exists(box["victim"]));
    }

    [Fact]
    public async Task Attack_names_that_are_no_text_or_would_break_the_uidlist_are_renamed_and_read()
    {
        using var box = new Box();
        await box.AppendAsync(Mail);
        var script = "cd \"$1\" && printf 'a\\n' > \"cur/$(printf '1.bad\\377name'):2,S\" && printf 'b\\n' > \"cur/$(printf '2.h\\n99 :1.x')\" "
            + "&& printf 'c\\n' > 'cur/:2,F' && printf 'd\\n' > \"new/$(head -c 255 /dev/zero | tr '\\0' y)\" && printf 'e\\n' > 'cur/5 6:2,'";
        Process.Start("sh", ["-c", script, "sh", box.Path]).WaitForExit();
        using var view = box.Select();
        Assert.Equal(6, view.Messages.Count);
        Assert.Equal(["a", "b", "c", "d", "e"], view.Messages.Skip(1).Select(m => Box.Text(view, m.Uid).Trim()).Order());
        // The name of 255 bytes has no room for flags: it is given up for one that has.
        view.Store(view.Messages.Select(m => m.Uid), FlagChange.Add, MessageFlags.Deleted, Box.Keywords());
        Assert.All(view.Messages, m => Assert.True((m.Flags & MessageFlags.Deleted) != 0));
        // One that comes while the folder is watched is found, too.
        Process.Start("sh", ["-c", "cd \"$1\" && printf 'f\\n' > \"new/$(printf '6.bad\\376')\"", "sh", box.Path]).WaitForExit();
        Assert.Equal(7, view.Sync(true).Exists);
        box.Reopen();
        using var after = box.Select();
        Assert.Equal(7, after.Messages.Count);
        Assert.Equal(8u, after.UidNext);
    }

    [Fact]
    public void Attack_two_files_of_one_name_are_two_messages_and_two_names_of_one_file_one()
    {
        using var box = new Box();
        Assert.Empty(box.Select().Messages);
        box.Drop("1.h", "a\n");
        box.Drop("1.h:2,S", "b\n", "cur");
        box.Drop("2.h", "c\n");
        Process.Start("ln", [box["new/2.h"], box["cur/2.h:2,"]]).WaitForExit();
        using var view = box.Select();
        Assert.Equal(["a", "b", "c"], view.Messages.Select(m => Box.Text(view, m.Uid).Trim()).Order());
        // Beside a message that is known already, too.
        box.Drop("2.h:2,FR", "d\n", "cur");
        view.Sync(true);
        Assert.Equal(["a", "b", "c", "d"], view.Messages.Select(m => Box.Text(view, m.Uid).Trim()).Order());
        Assert.Equal(4, box.Files("cur").Length);
    }

    [Fact]
    public void Attack_false_sizes_in_a_name_do_not_make_text_and_length_differ()
    {
        using var box = new Box();
        Directory.CreateDirectory(box["cur"]);
        File.WriteAllText(box["cur/1.h,S=3,W=9999999999:2,"], "a\nb\n");
        File.WriteAllText(box["cur/2.h,S=-1,W=1:2,"], "a\nb\n");
        using var view = box.Select();
        Assert.Equal("a\r\nb\r\n", Box.Text(view, 1));
        Assert.Equal("a\r\nb\r\n", Box.Text(view, 2));
        Assert.Equal([6L, 6L], view.Messages.Select(m => m.Size));
    }

    [Fact]
    public async Task Attack_a_huge_uidlist_is_not_read_into_memory()
    {
        using var box = new Box();
        await box.AppendAsync(Mail);
        box.Store.Dispose();
        using (var file = File.OpenWrite(box["dovecot-uidlist"]))
            file.SetLength(40L << 30);
        box.Reopen();
        Assert.Equal(1, box.Store.Status("INBOX")!.Messages);
        Assert.True(new FileInfo(box["dovecot-uidlist"]).Length < 1000);
    }

    [Fact]
    public async Task Old_files_in_tmp_are_removed_and_young_ones_left()
    {
        using var box = new Box();
        await box.AppendAsync(Mail);
        File.WriteAllText(box["tmp/old"], "x");
        File.WriteAllText(box["tmp/young"], "x");
        File.SetLastWriteTimeUtc(box["tmp/old"], DateTime.UtcNow.AddHours(-37));
        box.Reopen();
        box.Store.Status("INBOX");
        Assert.Equal(["young"], box.Files("tmp"));
    }

    [Fact]
    public void Any_rubbish_in_the_control_files_does_not_stop_the_folder() => Gen.Byte.Array[0, 200].Sample(rubbish =>
    {
        using var box = new Box();
        Directory.CreateDirectory(box["cur"]);
        foreach (var name in (string[])["dovecot-uidlist", "dovecot-keywords", "subscriptions", "dovecot-uidvalidity"])
            File.WriteAllBytes(box[name], rubbish);
        File.WriteAllText(box["cur/1.h:2,Sab"], "x\n");
        Assert.Equal(1, box.Store.Status("INBOX")!.Messages);
        _ = box.Store.Subscriptions();
        using var view = box.Select();
        Assert.Equal("x\r\n", Box.Text(view, view.Messages[0].Uid));
    }, iter: 100);
}
