namespace MailStore.Tests.Maildir;

public class MaildirStoreTests
{
    [Fact]
    public async Task A_message_comes_back_as_it_was_and_lies_in_the_file_with_LF()
    {
        using var box = new Box();
        const string text = "Subject: hi\r\n\r\nline\r\n.\r\nlast\r\n";
        var uid = await box.AppendAsync(text);
        using var view = box.Select();
        var message = Assert.Single(view.Messages);
        Assert.Equal((uid, text.Length, MessageFlags.Recent), (message.Uid, (int)message.Size, message.Flags));
        Assert.Equal(text, Box.Text(view, uid));
        var name = Assert.Single(box.Files("cur"));
        Assert.Equal(text.Replace("\r\n", "\n"), File.ReadAllText(box["cur/" + name]));
        Assert.EndsWith($",S={text.Length - 5},W={text.Length}:2,", name);
        Assert.Empty(box.Files("tmp"));
        Assert.Empty(box.Files("new"));
    }

    [Fact]
    public async Task A_delivery_lands_in_new_and_a_message_with_flags_in_cur()
    {
        using var box = new Box();
        await box.AppendAsync("a: b\r\n\r\n");
        await box.AppendAsync("a: b\r\n\r\n", flags: MessageFlags.Seen | MessageFlags.Draft);
        Assert.Single(box.Files("new"));
        Assert.EndsWith(":2,DS", Assert.Single(box.Files("cur")));
    }

    [Fact]
    public async Task The_internal_date_is_the_time_of_the_file()
    {
        using var box = new Box();
        var date = new DateTimeOffset(2001, 2, 3, 4, 5, 6, TimeSpan.FromHours(2));
        await box.AppendAsync("a: b\r\n\r\n", date: date);
        using var view = box.Select();
        Assert.Equal(date, view.Messages[0].InternalDate);
        Assert.Equal(date.UtcDateTime, File.GetLastWriteTimeUtc(box["cur/" + box.Files("cur")[0]]));
    }

    [Fact]
    public async Task Nothing_is_left_of_a_message_that_was_not_committed()
    {
        using var box = new Box();
        using (var writer = box.Store.Append("INBOX", MessageFlags.None, Box.Keywords(), null)!)
            await writer.WriteAsync("half"u8.ToArray(), CancellationToken.None);
        Assert.Empty(box.Files("tmp").Concat(box.Files("new")).Concat(box.Files("cur")));
    }

    [Fact]
    public async Task Uids_flags_and_keywords_survive_a_restart()
    {
        using var box = new Box();
        await box.AppendAsync("a: 1\r\n\r\n");
        await box.AppendAsync("a: 2\r\n\r\n", flags: MessageFlags.Answered, keywords: ["$Forwarded", "Junk"]);
        uint validity;
        using (var view = box.Select())
        {
            validity = view.UidValidity;
            view.Store([1u], FlagChange.Add, MessageFlags.Deleted, Box.Keywords());
            view.Expunge(null);
        }
        box.Reopen();
        using var after = box.Select();
        Assert.Equal((validity, 3u), (after.UidValidity, after.UidNext));
        var message = Assert.Single(after.Messages);
        Assert.Equal((2u, MessageFlags.Answered), (message.Uid, message.Flags));
        Assert.Equal(["$Forwarded", "Junk"], message.Keywords.Order());
        Assert.Equal("0 $Forwarded\n1 Junk\n", File.ReadAllText(box["dovecot-keywords"]));
    }

    [Fact]
    public void An_unknown_folder_is_null_everywhere()
    {
        using var box = new Box();
        Assert.Null(box.Store.Select("Nowhere", false));
        Assert.Null(box.Store.Status("../x"));
        Assert.Null(box.Store.Append("a/b", MessageFlags.None, Box.Keywords(), null));
    }
}
