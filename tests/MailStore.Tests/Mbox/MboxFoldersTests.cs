using System.Text;
using MailStore.Tests.Interop;
using Testing;

namespace MailStore.Tests.Mbox;

/// <summary>The folders beside the INBOX: files and directories below the root.</summary>
public sealed class MboxFoldersTests : IDisposable
{
    const string Mail = "Subject: x\r\n\r\nbody\r\n";

    readonly TemporaryDirectory _directory = new();
    readonly IStore _store;

    public MboxFoldersTests() => _store = Stores.Open(Location);

    MailLocation Location => new(MailFormat.Mbox, _directory["mail"], _directory["inbox"]);

    public void Dispose()
    {
        _store.Dispose();
        _directory.Dispose();
    }

    async Task<uint> AppendAsync(string folder, string text = Mail)
    {
        using var writer = _store.Append(folder, MessageFlags.None, new HashSet<string>(), null)!;
        await writer.WriteAsync(Encoding.ASCII.GetBytes(text), CancellationToken.None);
        return (await writer.CommitAsync(CancellationToken.None)).Uid;
    }

    string Names() => string.Join(' ', _store.Folders().Select(f => f.Name + (f.NoSelect ? "-" : "") + (f.HasChildren ? "+" : "")));

    [Fact]
    public void The_tree_grows_and_shrinks()
    {
        Assert.True(_store.Create("Sent").IsOk);
        Assert.True(_store.Create("Entwürfe/2024/Mai").IsOk);
        Assert.Equal("INBOX Entwürfe-+ Entwürfe/2024-+ Entwürfe/2024/Mai Sent", Names());
        Assert.True(File.Exists(_directory["mail/Entw&APw-rfe/2024/Mai"]));
        Assert.Equal(StoreError.AlreadyExists, _store.Create("Sent").Error);
        Assert.Equal(StoreError.AlreadyExists, _store.Create("inbox").Error);
        Assert.Equal(StoreError.Cannot, _store.Create("Sent/x").Error);
        Assert.Equal(StoreError.Cannot, _store.Create("Entwürfe").Error);
        Assert.Equal(StoreError.Cannot, _store.Delete("Entwürfe").Error);
        Assert.True(_store.Rename("Entwürfe/2024", "Alt/2024").IsOk);
        Assert.True(_store.Delete("Entwürfe").IsOk);
        Assert.Equal("INBOX Alt-+ Alt/2024-+ Alt/2024/Mai Sent", Names());
        Assert.Equal(StoreError.AlreadyExists, _store.Rename("Sent", "Alt").Error);
        Assert.Equal(StoreError.Cannot, _store.Rename("Alt", "Alt/x").Error);
        Assert.Equal(StoreError.Cannot, _store.Rename("INBOX", "x").Error);
        Assert.Equal(StoreError.NonExistent, _store.Rename("nope", "x").Error);
        Assert.True(_store.Delete("Alt/2024/Mai").IsOk);
        Assert.Equal(StoreError.NonExistent, _store.Delete("Alt/2024/Mai").Error);
        Assert.True(_store.Delete("Sent").IsOk);
        Assert.Equal("INBOX Alt-+ Alt/2024-", Names());
    }

    [Theory]
    [InlineData("")]
    [InlineData("../x")]
    [InlineData("a//b")]
    [InlineData("/etc/passwd")]
    [InlineData(".hidden")]
    [InlineData("Sent.lock")]
    [InlineData("INBOX/x")]
    [InlineData("a\nb")]
    [InlineData("~root")]
    public void Attack_names_that_are_other_files_are_refused(string name)
    {
        Assert.Equal(StoreError.InvalidName, _store.Create(name).Error);
        Assert.NotNull(_store.ProblemOf(name));
        Assert.Null(_store.Select(name, false));
        Assert.Empty(Directory.GetFileSystemEntries(_directory["mail"]));
    }

    [Fact]
    public void Attack_a_link_is_no_mailbox()
    {
        File.WriteAllText(_directory["secret"], "From a Mon Feb  7 21:52:25 1994\n\nx\n");
        File.CreateSymbolicLink(_directory["mail/link"], _directory["secret"]);
        Directory.CreateSymbolicLink(_directory["mail/up"], _directory.Path);
        Assert.Equal("INBOX", Names());
        Assert.Null(_store.Select("link", false));
        Assert.Null(_store.Select("up/secret", false));
    }

    [Fact]
    public async Task Messages_go_from_folder_to_folder()
    {
        _store.Create("Sent");
        await AppendAsync("INBOX");
        await AppendAsync("Sent");
        using var inbox = _store.Select("INBOX", false)!;
        inbox.Store([1u], FlagChange.Add, MessageFlags.Flagged, Box.Keywords("K"));
        var copied = (await inbox.CopyAsync([1], "Sent", CancellationToken.None))!;
        Assert.Equal((1u, 2u), (copied.From.Single(), copied.To.Single()));
        using var sent = _store.Select("Sent", false)!;
        Assert.Equal(copied.UidValidity, sent.UidValidity);
        Assert.Equal((Mail, MessageFlags.Flagged | MessageFlags.Recent, "K"), (Box.Text(sent, 2), sent.Messages[1].Flags, sent.Messages[1].Keywords.Single()));
        Assert.Null(await inbox.CopyAsync([1], "nowhere", CancellationToken.None));
        Assert.Equal(2, _store.Status("Sent")!.Messages);
    }

    [Fact]
    public async Task A_session_hears_that_its_folder_is_gone()
    {
        _store.Create("Sent");
        await AppendAsync("Sent");
        using var view = _store.Select("Sent", false)!;
        Assert.True(_store.Rename("Sent", "Gone").IsOk);
        Assert.True(view.IsGone);
        Assert.Throws<IOException>(() => view.Sync(true));
        using var again = _store.Select("Gone", false)!;
        Assert.Equal(Mail, Box.Text(again, 1));
    }

    [Fact]
    public void Subscriptions_are_kept()
    {
        Assert.True(_store.Subscribe("a/b", true).IsOk);
        Assert.True(_store.Subscribe("inbox", true).IsOk);
        Assert.Equal("V\t2\n\na\tb\nINBOX\n", File.ReadAllText(_directory["mail/.subscriptions"]));
        Assert.Equal(["a/b", "INBOX"], _store.Subscriptions());
        Assert.Equal(StoreError.InvalidName, _store.Subscribe("a//b", true).Error);
    }

    [Fact]
    public async Task Dovecot_sees_the_same_folders()
    {
        var dovecot = new Dovecot(_directory.Path, $"mbox:{_directory["mail"]}:INBOX={_directory["inbox"]}");
        _store.Create("Entwürfe/Alt");
        await AppendAsync("Entwürfe/Alt");
        _store.Subscribe("Entwürfe/Alt", true);
        Assert.Equal(["Entwürfe", "Entwürfe.Alt", "INBOX"], dovecot.Admin("mailbox", "list").Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal));
        Assert.Equal("Entwürfe.Alt\n", dovecot.Admin("mailbox", "list", "-s"));
        Assert.Equal("1", Assert.Single(dovecot.Fetch("uid", "Entwürfe.Alt")).Value);
        dovecot.Admin("mailbox", "create", "Von.Dovecot");
        Assert.Equal("INBOX Entwürfe-+ Entwürfe/Alt Von-+ Von/Dovecot", Names());
    }

    [Fact]
    public async Task Both_at_once_lose_nothing_and_never_give_one_uid_twice()
    {
        var dovecot = new Dovecot(_directory.Path, $"mbox:{_directory["mail"]}:INBOX={_directory["inbox"]}");
        await AppendAsync("INBOX", "Subject: first\r\n\r\n");
        var file = _directory["message"];
        File.WriteAllText(file, "Subject: theirs\n\n");
        dovecot.TakeOver();
        var theirs = Task.Run(() =>
        {
            for (var i = 0; i < 10; i++)
                dovecot.Admin("save", file);
        });
        var ours = 0;
        while (!theirs.IsCompleted)
        {
            await AppendAsync("INBOX", "Subject: ours\r\n\r\n");
            ours++;
        }
        await theirs;
        var subjects = dovecot.Fetch("hdr.subject", "INBOX");
        Assert.Equal((1, 10, ours), (subjects.Values.Count(s => s == "first"), subjects.Values.Count(s => s == "theirs"), subjects.Values.Count(s => s == "ours")));
        using var view = _store.Select("INBOX", false)!;
        Assert.Equal(subjects.OrderBy(s => s.Key).Select(s => (s.Key, s.Value)), view.Messages.Select(m => (m.Uid, view.Structure(m.Uid)!.Envelope.Subject!)));
    }
}
