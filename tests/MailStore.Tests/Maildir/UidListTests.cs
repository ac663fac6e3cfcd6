using CsCheck;
using MailStore.Maildir;

namespace MailStore.Tests.Maildir;

public class UidListTests
{
    const string Mail = "Subject: x\r\n\r\nbody\r\n";

    [Theory]
    [InlineData("12 :1.h:2,S", 12u, null, "1.h")]
    [InlineData("12 W345 Pabc :1.h", 12u, "W345 Pabc", "1.h")]
    public void A_line_of_version_3(string line, uint uid, string? extras, string name)
    {
        Assert.True(UidRecord.TryParse(System.Text.Encoding.UTF8.GetBytes(line), 3, out var record));
        Assert.Equal(new UidRecord(uid, extras, name), record);
    }

    [Fact]
    public void Any_line_is_read_or_passed_over() => Gen.Char["0123 :WSP.h,é\0"].Array[0, 30].Sample(chars =>
    {
        var line = System.Text.Encoding.UTF8.GetBytes(new string(chars));
        if (UidRecord.TryParse(line, 3, out var record))
            Assert.True(UidRecord.TryParse(System.Text.Encoding.UTF8.GetBytes(record.ToString().TrimEnd('\n')), 3, out var again) && again == record);
        UidRecord.TryParse(line, 1, out _);
    });

    [Fact]
    public void A_list_of_Dovecot_gives_its_uids_and_keeps_what_we_do_not_know()
    {
        using var box = new Box();
        _ = box.Store.Folders();
        Directory.CreateDirectory(box["cur"]);
        File.WriteAllText(box["cur/2.M1P1.h:2,S"], "b\n");
        File.WriteAllText(box["cur/1.M1P1.h:2,"], "a\n");
        File.WriteAllText(box["dovecot-uidlist"], "3 V1234567 N1 G00ff Pold\n7 :2.M1P1.h\n8 :gone\n9 Pabc W3 :1.M1P1.h:2,S\n");
        using var view = box.Select();
        Assert.Equal((1234567u, 10u), (view.UidValidity, view.UidNext));
        Assert.Equal([7u, 9u], view.Messages.Select(m => m.Uid));
        box.Drop("3.M1P1.h", "c\n");
        view.Sync(true);
        Assert.EndsWith("9 Pabc W3 :1.M1P1.h:2,S\n10 :3.M1P1.h\n", File.ReadAllText(box["dovecot-uidlist"]));
    }

    [Fact]
    public void A_list_of_version_1_is_read_and_made_anew()
    {
        using var box = new Box();
        Directory.CreateDirectory(box["cur"]);
        File.WriteAllText(box["cur/1.h:2,"], "a\n");
        File.WriteAllText(box["dovecot-uidlist"], "1 777 5\n3 1.h\n");
        box.Reopen();
        using var view = box.Select();
        Assert.Equal((777u, 5u, 3u), (view.UidValidity, view.UidNext, view.Messages.Single().Uid));
        box.Drop("2.h", "b\n");
        view.Sync(true);
        Assert.Matches("^3 V777 N6 G[0-9a-f]{32}\n3 :1.h\n5 :2.h\n$", File.ReadAllText(box["dovecot-uidlist"]));
    }

    [Fact]
    public async Task Uids_that_another_program_appended_come_before_ours()
    {
        using var box = new Box();
        await box.AppendAsync(Mail);
        using var view = box.Select();
        File.WriteAllText(box["cur/5.other:2,"], "x\n");
        File.AppendAllText(box["dovecot-uidlist"], "2 :5.other\n");
        Assert.Equal(3u, await box.AppendAsync(Mail));
        view.Sync(true);
        Assert.Equal([1u, 2u, 3u], view.Messages.Select(m => m.Uid));
        Assert.Equal("x\r\n", Box.Text(view, 2));
    }

    [Theory]
    [InlineData("")]
    [InlineData("garbage\n")]
    [InlineData("3 V0 N1\n1 :x\n")]
    [InlineData("3 V99999999999 N1\n")]
    [InlineData("9 V1 N1\n")]
    public async Task A_broken_list_is_begun_anew(string content)
    {
        using var box = new Box();
        await box.AppendAsync(Mail);
        var before = box.Store.Status("INBOX")!.UidValidity;
        box.Store.Dispose();
        File.WriteAllText(box["dovecot-uidlist"], content);
        box.Reopen();
        var status = box.Store.Status("INBOX")!;
        Assert.Equal((1, 2u), (status.Messages, status.UidNext));
        Assert.True(status.UidValidity > before);
    }

    [Fact]
    public async Task A_list_that_vanishes_under_us_is_written_again_with_the_same_uids()
    {
        using var box = new Box();
        await box.AppendAsync(Mail);
        using var view = box.Select();
        File.Delete(box["dovecot-uidlist"]);
        Assert.Equal(2u, await box.AppendAsync(Mail));
        var text = File.ReadAllText(box["dovecot-uidlist"]);
        Assert.StartsWith($"3 V{view.UidValidity} N3 ", text);
        Assert.Equal(3, text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public async Task Another_uidvalidity_ends_the_sessions_and_the_next_select_sees_it()
    {
        using var box = new Box();
        await box.AppendAsync(Mail);
        using var view = box.Select();
        File.WriteAllText(box["dovecot-uidlist"], "3 V4242 N9\n");
        await Assert.ThrowsAsync<IOException>(() => box.AppendAsync(Mail));
        Assert.Throws<IOException>(() => view.Sync(true));
        using var again = box.Select();
        Assert.Equal((4242u, 9u), (again.UidValidity, again.Messages.Single().Uid));
    }

    [Fact]
    public async Task A_torn_last_line_does_not_swallow_the_next()
    {
        using var box = new Box();
        await box.AppendAsync(Mail);
        using var view = box.Select();
        File.AppendAllText(box["dovecot-uidlist"], "2 :to");
        await box.AppendAsync(Mail);
        box.Reopen();
        using var after = box.Select();
        Assert.Equal([1u, 2u], after.Messages.Select(m => m.Uid));
    }

    [Fact]
    public async Task Stale_lines_are_cleared_away()
    {
        using var box = new Box();
        for (var i = 0; i < 70; i++)
            await box.AppendAsync(Mail, flags: MessageFlags.Deleted);
        using (var view = box.Select())
            view.Expunge(null);
        await box.AppendAsync(Mail);
        Assert.Equal(2, File.ReadAllLines(box["dovecot-uidlist"]).Length);
        Assert.Equal(72u, box.Store.Status("INBOX")!.UidNext);
    }

    [Fact]
    public async Task A_lock_of_a_dead_process_is_overridden_and_of_a_living_one_waited_for()
    {
        using var box = new Box();
        await box.AppendAsync(Mail);
        File.WriteAllText(box["dovecot-uidlist.lock"], $"4194304:{Environment.MachineName}");
        await box.AppendAsync(Mail);
        Assert.False(File.Exists(box["dovecot-uidlist.lock"]));
        File.WriteAllText(box["dovecot-uidlist.lock"], $"1:{Environment.MachineName}");
        var waiting = Task.Run(() => box.AppendAsync(Mail));
        await Task.WhenAny(waiting, Task.Delay(200));
        Assert.False(waiting.IsCompleted);
        File.SetLastWriteTimeUtc(box["dovecot-uidlist.lock"], DateTime.UtcNow.AddSeconds(-121));
        Assert.Equal(3u, await waiting.WaitAsync(TimeSpan.FromSeconds(10)));
    }
}
