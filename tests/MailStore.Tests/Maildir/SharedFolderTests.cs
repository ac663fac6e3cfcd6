using MailStore.Maildir;

namespace MailStore.Tests.Maildir;

/// <summary>Several sessions, deliveries and other programs on one folder.</summary>
public class SharedFolderTests
{
    const string Mail = "Subject: x\r\n\r\nbody\r\n";

    [Fact]
    public async Task A_view_keeps_its_numbers_until_it_takes_changes()
    {
        using var box = new Box();
        for (var i = 0; i < 4; i++)
            await box.AppendAsync(Mail);
        using IMailboxView one = box.Select(), two = box.Select();
        one.Store([1u, 3u], FlagChange.Add, MessageFlags.Deleted, Box.Keywords());
        one.Expunge(null);
        await box.AppendAsync(Mail);
        Assert.Equal([1u, 2u, 3u, 4u], two.Messages.Select(m => m.Uid));

        var during = two.Sync(allowExpunge: false);
        Assert.Equal((0, (int?)5), (during.Expunged.Count, during.Exists));
        Assert.Equal([1u, 2u, 3u, 4u, 5u], two.Messages.Select(m => m.Uid));

        var after = two.Sync(allowExpunge: true);
        Assert.Equal([1, 2], after.Expunged);
        Assert.Equal([2u, 4u, 5u], two.Messages.Select(m => m.Uid));
        Assert.Equal([1, 2], one.Sync(allowExpunge: true).Expunged);
    }

    [Fact]
    public async Task Flags_are_told_to_other_views_and_not_back_to_their_own()
    {
        using var box = new Box();
        await box.AppendAsync(Mail);
        await box.AppendAsync(Mail);
        using IMailboxView one = box.Select(), two = box.Select();
        one.Store([2u], FlagChange.Add, MessageFlags.Seen, Box.Keywords("Todo"));
        Assert.Equal(MessageFlags.Seen | MessageFlags.Recent, one.Messages[1].Flags);
        Assert.Empty(one.Sync(true).FlagsChanged);
        Assert.Equal([2], two.Sync(false).FlagsChanged);
        Assert.Equal((MessageFlags.Seen, "Todo"), (two.Messages[1].Flags, two.Messages[1].Keywords.Single()));
        two.Store([2u], FlagChange.Remove, MessageFlags.Seen, Box.Keywords("TODO"));
        Assert.Equal([2], one.Sync(false).FlagsChanged);
        Assert.Empty(one.Messages[1].Keywords);
        one.Store([1u], FlagChange.Replace, MessageFlags.Draft, Box.Keywords());
        Assert.Equal(MessageFlags.Draft | MessageFlags.Recent, one.Messages[0].Flags);
    }

    [Fact]
    public async Task A_message_is_recent_to_one_view_only()
    {
        using var box = new Box();
        await box.AppendAsync(Mail);
        Assert.Equal(1, box.Store.Status("INBOX")!.Recent);
        using var looking = box.Select(readOnly: true);
        using var first = box.Select();
        using var second = box.Select();
        Assert.Equal([MessageFlags.Recent, MessageFlags.Recent, MessageFlags.None], [looking.Messages[0].Flags, first.Messages[0].Flags, second.Messages[0].Flags]);
        await box.AppendAsync(Mail);
        Assert.Equal((2, 2), (second.Sync(true).Exists, second.Messages.Count));
        Assert.Equal(MessageFlags.Recent, second.Messages[1].Flags);
        first.Sync(true);
        Assert.Equal(MessageFlags.None, first.Messages[1].Flags);
    }

    [Fact]
    public async Task A_delivery_wakes_those_who_wait_at_once()
    {
        using var box = new Box();
        using var view = box.Select();
        var waiting = view.WaitForChangeAsync(CancellationToken.None);
        Assert.False(waiting.IsCompleted);
        await box.AppendAsync(Mail);
        await waiting.WaitAsync(TimeSpan.FromSeconds(5));
        Assert.Equal(1, view.Sync(true).Exists);
    }

    [Fact]
    public async Task A_delivery_by_another_program_wakes_and_gets_the_next_uid()
    {
        using var box = new Box();
        await box.AppendAsync(Mail);
        using var view = box.Select();
        var waiting = view.WaitForChangeAsync(CancellationToken.None);
        box.Drop("1700000000.V801I2cM123456.mx", "Subject: y\n\nb\n");
        await waiting.WaitAsync(TimeSpan.FromSeconds(5));
        Assert.Equal(2, view.Sync(true).Exists);
        Assert.Equal((2u, 17L, "Subject: y\r\n\r\nb\r\n"), (view.Messages[1].Uid, view.Messages[1].Size, Box.Text(view, 2)));
        Assert.Contains("2 :1700000000.V801I2cM123456.mx\n", File.ReadAllText(box["dovecot-uidlist"]));
    }

    [Fact]
    public async Task Own_changes_are_no_reason_to_scan_the_directory_again()
    {
        using var box = new Box();
        await box.AppendAsync(Mail);
        using var view = box.Select();
        var folder = ((MaildirStore)box.Store).Use("INBOX")!;
        var before = folder.Scans;
        view.Store([1u], FlagChange.Add, MessageFlags.Seen, Box.Keywords());
        await box.AppendAsync(Mail);
        view.Sync(true);
        view.Store([2u], FlagChange.Add, MessageFlags.Deleted, Box.Keywords());
        view.Expunge(null);
        view.Sync(true);
        Assert.Equal(before, folder.Scans);
        File.Delete(box.FileOf(1));
        view.Sync(true);
        Assert.True(folder.Scans > before);
        folder.Release();
    }

    [Fact]
    public async Task A_file_that_another_program_renamed_is_found_again()
    {
        using var box = new Box();
        await box.AppendAsync(Mail, flags: MessageFlags.Seen);
        using var view = box.Select();
        var name = box.Files("cur")[0];
        File.Move(box["cur/" + name], box["cur/" + name.Replace(":2,S", ":2,FPSXc,foo")]);
        Assert.Equal(Mail, Box.Text(view, 1));
        Assert.Equal([1], view.Sync(false).FlagsChanged);
        Assert.Equal(MessageFlags.Seen | MessageFlags.Flagged | MessageFlags.Recent, view.Messages[0].Flags);
        view.Store([1u], FlagChange.Remove, MessageFlags.Seen, Box.Keywords());
        Assert.EndsWith(":2,FPXc,foo", box.Files("cur")[0]);
    }

    [Fact]
    public async Task A_file_renamed_between_look_and_store_keeps_both_changes()
    {
        using var box = new Box();
        await box.AppendAsync(Mail);
        using var view = box.Select();
        var name = box.Files("cur")[0];
        File.Move(box["cur/" + name], box["cur/" + name + "F"]);
        view.Store([1u], FlagChange.Add, MessageFlags.Answered, Box.Keywords());
        Assert.EndsWith(":2,FR", box.Files("cur")[0]);
        Assert.Equal(MessageFlags.Answered | MessageFlags.Flagged | MessageFlags.Recent, view.Messages[0].Flags);
    }

    [Fact]
    public async Task A_vanished_message_is_expunged_and_its_text_is_null()
    {
        using var box = new Box();
        await box.AppendAsync(Mail);
        await box.AppendAsync(Mail);
        using var view = box.Select();
        File.Delete(box.FileOf(1));
        Assert.Null(view.OpenText(1));
        Assert.Null(view.Structure(1));
        view.Store([1u], FlagChange.Add, MessageFlags.Seen, Box.Keywords());
        Assert.Equal([1], view.Sync(true).Expunged);
        Assert.Equal(2u, view.Messages.Single().Uid);
    }

    [Fact]
    public async Task Messages_that_came_with_Deleted_after_the_last_sync_are_not_expunged()
    {
        using var box = new Box();
        using var view = box.Select();
        await box.AppendAsync(Mail, flags: MessageFlags.Deleted);
        view.Expunge(null);
        Assert.Equal(1, view.Sync(true).Exists);
        view.Expunge([7u]);
        Assert.Single(box.Files("cur"));
        view.Expunge([1u]);
        Assert.Empty(box.Files("cur"));
    }

    [Fact]
    public async Task Many_deliveries_at_once_each_get_their_own_uid()
    {
        using var box = new Box();
        var uids = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => Task.Run(() => box.AppendAsync(Mail))));
        Assert.Equal(Enumerable.Range(1, 40).Select(i => (uint)i), uids.Order());
        box.Reopen();
        using var view = box.Select();
        Assert.Equal(uids.Order(), view.Messages.Select(m => m.Uid));
    }
}
