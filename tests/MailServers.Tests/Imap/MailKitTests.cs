using System.Net;
using System.Net.Sockets;
using MailKit;
using MailKit.Net.Imap;
using MailKit.Search;
using MailKit.Security;
using MimeKit;
using Testing;

namespace MailServers.Tests.Imap;

/// <summary>A real client against the real session and the real store, over TCP.</summary>
public sealed class MailKitTests : IDisposable
{
    readonly ImapHouse _house = new() { Tag = null };
    readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    readonly List<Task> _sessions = [];

    public MailKitTests() => _listener.Start();

    public void Dispose()
    {
        _listener.Stop();
        Task.WaitAll([.. _sessions], TimeSpan.FromSeconds(20));
        _house.Dispose();
    }

    /// <summary>The greeting is PREAUTH: MailKit then takes the connection as logged in.</summary>
    async Task<ImapClient> ConnectAsync()
    {
        var accepting = _listener.AcceptSocketAsync();
        var client = new ImapClient { Timeout = 20_000 };
        var connecting = client.ConnectAsync("127.0.0.1", ((IPEndPoint)_listener.LocalEndpoint).Port, SecureSocketOptions.None);
        var socket = await accepting;
        _sessions.Add(Task.Run(() => _house.ServeAsync(socket, default)));
        await connecting;
        Assert.True(client.IsAuthenticated);
        return client;
    }

    static MimeMessage Message(string subject = "Grüße", string text = "Hello\r\n.\r\nWörld\r\n")
    {
        var message = new MimeMessage();
        message.From.Add(new MailboxAddress("Jürgen \"J\" Müller", "j@example.com"));
        message.To.Add(new MailboxAddress("Alice", "alice@example.org"));
        message.Cc.Add(new GroupAddress("Friends", [new MailboxAddress(null, "bob@example.org")]));
        message.Subject = subject;
        message.MessageId = "id-1@example.com";
        message.InReplyTo = "id-0@example.com";
        var body = new BodyBuilder { TextBody = text, HtmlBody = "<p>Hello</p>" };
        body.Attachments.Add("data \"1\".bin", new byte[] { 0, 1, 2, 255 });
        body.Attachments.Add(new MessagePart("rfc822") { Message = new MimeMessage([new MailboxAddress("In", "in@example.com")], [], "inner", new TextPart("plain") { Text = "inside\r\n" }) });
        message.Body = body.ToMessageBody();
        return message;
    }

    [Fact]
    public async Task Folders_are_made_listed_renamed_subscribed_and_deleted()
    {
        using var client = await ConnectAsync();
        var root = client.GetFolder(client.PersonalNamespaces[0]);
        var work = (await root.CreateAsync("Entwürfe & mehr", isMessageFolder: true))!;
        await work.CreateAsync("Alt", isMessageFolder: true);
        await work.SubscribeAsync();
        Assert.Equal(["Entwürfe & mehr", "INBOX"], (await root.GetSubfoldersAsync()).Select(f => f.FullName).Order());
        Assert.Equal(["Entwürfe & mehr.Alt"], (await work.GetSubfoldersAsync()).Select(f => f.FullName));
        Assert.Equal(["Entwürfe & mehr"], (await root.GetSubfoldersAsync(subscribedOnly: true)).Select(f => f.FullName));
        await work.StatusAsync(StatusItems.Count | StatusItems.UidNext | StatusItems.Size);
        Assert.Equal((0, 0ul), (work.Count, work.Size));
        await work.RenameAsync(root, "Papier");
        Assert.Equal(["INBOX", "Papier", "Papier.Alt"], _house.Store.Folders().Select(f => f.Name));
        await (await work.GetSubfoldersAsync())[0].DeleteAsync();
        await work.DeleteAsync();
        Assert.Equal(["INBOX"], _house.Store.Folders().Select(f => f.Name));
        await client.DisconnectAsync(quit: true);
    }

    [Fact]
    public async Task A_message_is_appended_and_fetched_whole_in_parts_and_as_a_summary()
    {
        using var client = await ConnectAsync();
        var sent = Message();
        var uid = await client.Inbox.AppendAsync(sent, MessageFlags.Seen | MessageFlags.Flagged, new DateTimeOffset(2020, 2, 3, 4, 5, 6, TimeSpan.Zero));
        await client.Inbox.OpenAsync(FolderAccess.ReadWrite);
        var summary = Assert.Single(await client.Inbox.FetchAsync([uid!.Value], MessageSummaryItems.Full | MessageSummaryItems.BodyStructure | MessageSummaryItems.UniqueId));
        Assert.Equal(uid, summary.UniqueId);
        Assert.Equal(new DateTimeOffset(2020, 2, 3, 4, 5, 6, TimeSpan.Zero), summary.InternalDate);
        Assert.Equal(MessageFlags.Seen | MessageFlags.Flagged, summary.Flags!.Value & ~MessageFlags.Recent);
        Assert.Equal(("Grüße", "id-1@example.com", "id-0@example.com"), (summary.Envelope!.Subject, summary.Envelope.MessageId, summary.Envelope.InReplyTo));
        Assert.Equal(sent.From.ToString(), summary.Envelope.From.ToString());
        Assert.Equal(sent.Cc.ToString(), summary.Envelope.Cc.ToString());
        Assert.Equal(sent.Date.ToString(), summary.Envelope.Date.ToString());
        Assert.Equal("data \"1\".bin", Assert.Single(summary.Attachments).FileName);

        var text = (TextPart)await client.Inbox.GetBodyPartAsync(uid.Value, summary.TextBody!);
        Assert.Equal("Hello\r\n.\r\nWörld\r\n", text.Text.ReplaceLineEndings("\r\n"));
        var data = (MimePart)await client.Inbox.GetBodyPartAsync(uid.Value, summary.Attachments.First());
        var bytes = new MemoryStream();
        data.Content!.DecodeTo(bytes);
        Assert.Equal([0, 1, 2, 255], bytes.ToArray());
        var inner = Assert.IsType<BodyPartMessage>(((BodyPartMultipart)summary.Body!).BodyParts[^1]);
        Assert.Equal("inner", inner.Envelope!.Subject);
        var embedded = (MessagePart)await client.Inbox.GetBodyPartAsync(uid.Value, inner);
        Assert.Equal("inside", embedded.Message!.TextBody!.Trim());

        using var whole = new MemoryStream();
        await (await client.Inbox.GetMessageAsync(uid.Value)).WriteToAsync(whole);
        using var original = new MemoryStream();
        await sent.WriteToAsync(original);
        Assert.Equal(original.ToArray(), whole.ToArray());
        var headers = await client.Inbox.GetHeadersAsync(uid.Value);
        Assert.Equal("Grüße", headers[HeaderId.Subject]);
        await client.DisconnectAsync(quit: true);
    }

    [Fact]
    public async Task Search_store_copy_move_and_expunge()
    {
        using var client = await ConnectAsync();
        var archive = (await client.GetFolder(client.PersonalNamespaces[0]).CreateAsync("Archive", isMessageFolder: true))!;
        for (var i = 1; i <= 5; i++)
            await client.Inbox.AppendAsync(Message($"Nummer {i} Köln", $"text {i}\r\n"));
        await client.Inbox.OpenAsync(FolderAccess.ReadWrite);
        var uids = await client.Inbox.SearchAsync(SearchQuery.SubjectContains("köln").And(SearchQuery.NotSeen));
        Assert.Equal(5, uids.Count);
        Assert.Equal([uids[2]], await client.Inbox.SearchAsync(SearchQuery.BodyContains("TEXT 3")));
        Assert.Equal(uids, await client.Inbox.SearchAsync(SearchQuery.HeaderContains("Message-Id", "id-1@example.com").Or(SearchQuery.FromContains("nobody"))));
        await client.Inbox.AddFlagsAsync([uids[0], uids[1]], MessageFlags.Answered, new HashSet<string> { "$Work" }, silent: false);
        Assert.Equal(uids.Take(2), await client.Inbox.SearchAsync(SearchQuery.HasKeyword("$Work").And(SearchQuery.Answered)));

        var copied = await client.Inbox.CopyToAsync(uids.Take(2).ToList(), archive);
        Assert.Equal(2, copied.Count);
        var expunged = new List<int>();
        client.Inbox.MessageExpunged += (_, e) => expunged.Add(e.Index);
        var moved = await client.Inbox.MoveToAsync([uids[4]], archive);
        Assert.Equal([uids[4]], moved.Source);
        await client.Inbox.AddFlagsAsync([uids[0], uids[3]], MessageFlags.Deleted, silent: true);
        await client.Inbox.ExpungeAsync([uids[0]]);
        await client.Inbox.ExpungeAsync();
        Assert.Equal([4, 0, 2], expunged);
        Assert.Equal(2, client.Inbox.Count);
        await archive.OpenAsync(FolderAccess.ReadOnly);
        Assert.Equal(3, archive.Count);
        Assert.Equal(["Nummer 1 Köln", "Nummer 2 Köln", "Nummer 5 Köln"], (await archive.FetchAsync(0, -1, MessageSummaryItems.Envelope)).Select(m => m.Envelope!.Subject));
        await client.DisconnectAsync(quit: true);
    }

    [Fact]
    public async Task Idle_hears_of_a_delivery_and_of_another_session()
    {
        using var client = await ConnectAsync();
        await client.Inbox.OpenAsync(FolderAccess.ReadOnly);
        using var done = new CancellationTokenSource();
        var changed = new TaskCompletionSource();
        var flags = new TaskCompletionSource();
        client.Inbox.CountChanged += (_, _) => changed.TrySetResult();
        client.Inbox.MessageFlagsChanged += (_, e) => flags.TrySetResult();
        var idling = client.IdleAsync(done.Token);
        await _house.AddAsync("Subject: new\n\nnew\n");
        await changed.Task.WaitAsync(TimeSpan.FromSeconds(20));
        using var other = await ConnectAsync();
        await other.Inbox.OpenAsync(FolderAccess.ReadWrite);
        await other.Inbox.AddFlagsAsync(0, MessageFlags.Seen, silent: true);
        await flags.Task.WaitAsync(TimeSpan.FromSeconds(20));
        await done.CancelAsync();
        await idling;
        Assert.Equal(1, client.Inbox.Count);
        await other.DisconnectAsync(quit: true);
        await client.DisconnectAsync(quit: true);
    }
}
