namespace MailStore.Tests.Maildir;

public class FolderTests
{
    const string Mail = "Subject: x\r\n\r\nbody\r\n";

    static string Names(IStore store) => string.Join(' ', store.Folders().Select(f => f.Name + (f.NoSelect ? "!" : "") + (f.HasChildren ? "+" : "") + (f.Marked ? "*" : "")));

    [Fact]
    public async Task Folders_are_directories_beside_the_inbox_in_modified_UTF7()
    {
        using var box = new Box();
        Assert.True(box.Store.Create("Entwürfe").IsOk);
        Assert.True(box.Store.Create("Lists.a.b").IsOk);
        Assert.True(box.Store.Create("a&b.").IsOk);
        await box.AppendAsync(Mail, "Lists.a.b");
        Assert.Equal("INBOX Entwürfe Lists!+ Lists.a!+ Lists.a.b* a&b", Names(box.Store));
        Assert.True(File.Exists(box[".Entw&APw-rfe/maildirfolder"]));
        Assert.True(Directory.Exists(box[".a&-b/new"]));
        Assert.Equal(StoreError.AlreadyExists, box.Store.Create("Entwürfe").Error);
        Assert.Equal(StoreError.AlreadyExists, box.Store.Create("inbox").Error);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a..b")]
    [InlineData(".a")]
    [InlineData("a/b")]
    [InlineData("../x")]
    [InlineData("a\nb")]
    [InlineData("a\0")]
    [InlineData("\ud800")]
    public void A_name_that_cannot_be_a_folder_is_refused(string name)
    {
        using var box = new Box();
        Assert.Equal(StoreError.InvalidName, box.Store.Create(name).Error);
        Assert.Equal(StoreError.InvalidName, box.Store.Subscribe(name, true).Error);
        Assert.Null(box.Store.Select(name, false));
    }

    [Fact]
    public void A_name_longer_than_a_file_name_is_refused()
    {
        using var box = new Box();
        Assert.True(box.Store.Create(new string('x', 254)).IsOk);
        Assert.Equal(StoreError.InvalidName, box.Store.Create(new string('x', 255)).Error);
        Assert.Equal(StoreError.InvalidName, box.Store.Create(new string('ü', 100)).Error);
    }

    [Fact]
    public async Task Delete_takes_the_messages_and_leaves_the_inferiors()
    {
        using var box = new Box();
        box.Store.Create("a");
        box.Store.Create("a.b");
        await box.AppendAsync(Mail, "a");
        using var open = box.Select("a");
        Assert.True(box.Store.Delete("a").IsOk);
        Assert.Equal("INBOX a!+ a.b", Names(box.Store));
        Assert.Throws<IOException>(() => open.Sync(true));
        Assert.Equal(StoreError.Cannot, box.Store.Delete("a").Error);
        Assert.Equal(StoreError.Cannot, box.Store.Delete("INBOX").Error);
        Assert.Equal(StoreError.NonExistent, box.Store.Delete("x").Error);
        Assert.DoesNotContain(Directory.GetDirectories(box.Path), d => Path.GetFileName(d).StartsWith("..", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_folder_made_again_has_another_uidvalidity()
    {
        using var box = new Box();
        box.Store.Create("a");
        var first = box.Store.Status("a")!.UidValidity;
        box.Store.Delete("a");
        box.Store.Create("a");
        await box.AppendAsync(Mail, "a");
        Assert.True(box.Store.Status("a")!.UidValidity > first);
    }

    [Fact]
    public async Task Rename_moves_the_folder_and_its_inferiors_and_open_sessions_stay()
    {
        using var box = new Box();
        box.Store.Create("a");
        box.Store.Create("a.b");
        box.Store.Create("ab");
        await box.AppendAsync(Mail, "a.b");
        using var open = box.Select("a.b");
        Assert.True(box.Store.Rename("a", "z.y").IsOk);
        Assert.Equal("INBOX ab z!+ z.y+ z.y.b", Names(box.Store));
        await box.AppendAsync(Mail, "z.y.b");
        Assert.Equal(2, open.Sync(true).Exists);
        Assert.Equal(StoreError.AlreadyExists, box.Store.Rename("z.y", "ab").Error);
        Assert.Equal(StoreError.NonExistent, box.Store.Rename("a", "c").Error);
        Assert.Equal(StoreError.Cannot, box.Store.Rename("z", "z.q").Error);
    }

    [Fact]
    public async Task Renaming_the_inbox_moves_its_messages_only()
    {
        using var box = new Box();
        box.Store.Create("a");
        await box.AppendAsync(Mail);
        await box.AppendAsync(Mail, flags: MessageFlags.Flagged, keywords: "K");
        Assert.True(box.Store.Rename("INBOX", "old").IsOk);
        Assert.Equal("INBOX a old*", Names(box.Store));
        Assert.Equal(0, box.Store.Status("INBOX")!.Messages);
        using var view = box.Select("old");
        Assert.Equal((2, MessageFlags.Flagged | MessageFlags.Recent, "K"), (view.Messages.Count, view.Messages[1].Flags, view.Messages[1].Keywords.Single()));
        Assert.Equal(Mail, Box.Text(view, 2));
    }

    [Fact]
    public void Subscriptions_are_kept_also_of_folders_that_are_gone()
    {
        using var box = new Box();
        box.Store.Create("a.Entwürfe");
        box.Store.Subscribe("a.Entwürfe", true);
        box.Store.Subscribe("gone", true);
        box.Store.Subscribe("inbox", true);
        Assert.Equal("V\t2\n\na\tEntw&APw-rfe\ngone\nINBOX\n", File.ReadAllText(box["subscriptions"]));
        box.Store.Subscribe("gone", false);
        box.Reopen();
        Assert.Equal(["a.Entwürfe", "INBOX"], box.Store.Subscriptions());
    }

    [Fact]
    public void Subscriptions_of_version_1_are_read()
    {
        using var box = new Box();
        File.WriteAllText(box["subscriptions"], "INBOX\na.Entw&APw-rfe\n\n../x\na.Entw&APw-rfe\n");
        Assert.Equal(["INBOX", "a.Entwürfe"], box.Store.Subscriptions());
    }

    [Fact]
    public async Task What_came_with_flags_is_recent_to_the_first_session_only()
    {
        using var box = new Box();
        await box.AppendAsync(Mail, flags: MessageFlags.Seen);
        await box.AppendAsync(Mail);
        Assert.Equal(2, box.Store.Status("INBOX")!.Recent);
        using var reader = box.Select(readOnly: true);
        using var first = box.Select();
        using var second = box.Select();
        Assert.Equal([2, 2, 0], ((IMailboxView[])[reader, first, second]).Select(v => v.Messages.Count(m => (m.Flags & MessageFlags.Recent) != 0)));
        Assert.Equal(0, box.Store.Status("INBOX")!.Recent);
    }

    [Fact]
    public async Task Copy_keeps_flags_keywords_date_and_shares_the_file()
    {
        using var box = new Box();
        box.Store.Create("a");
        var date = new DateTimeOffset(2010, 1, 2, 3, 4, 5, TimeSpan.Zero);
        await box.AppendAsync(Mail, "a", keywords: "Other");
        await box.AppendAsync(Mail, flags: MessageFlags.Seen, date: date, keywords: ["One", "Other"]);
        await box.AppendAsync(Mail);
        using var view = box.Select();
        var copied = (await view.CopyAsync([1, 2, 99], "a", CancellationToken.None))!;
        Assert.Equal([1u, 2u, 2u, 3u], copied.From.Concat(copied.To));
        using var target = box.Select("a");
        var copy = target.Messages[1];
        Assert.Equal((MessageFlags.Seen | MessageFlags.Recent, date, (long)Mail.Length), (copy.Flags, copy.InternalDate, copy.Size));
        Assert.Equal(["One", "Other"], copy.Keywords.Order());
        Assert.Equal(MessageFlags.Recent, target.Messages[2].Flags);
        Assert.Equal(Mail, Box.Text(target, 2));
        Assert.Null(await view.CopyAsync([1], "nowhere", CancellationToken.None));
        Assert.Empty(box.Files(".a/tmp"));
        // In place too.
        Assert.Equal([3u], (await view.CopyAsync([1], "INBOX", CancellationToken.None))!.To);
    }
}
