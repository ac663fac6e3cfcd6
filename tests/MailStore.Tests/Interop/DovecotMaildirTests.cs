using System.Globalization;

namespace MailStore.Tests.Interop;

/// <summary>The same maildir in turns: nobody's UIDs, flags, keywords, dates or subscriptions may change.</summary>
public class DovecotMaildirTests
{
    const string Mime = "Subject: x\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\npre\r\n--b\r\n\r\nhello\r\nworld\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n"
        + "Subject: in\r\n\r\ninner\r\n\r\n--b\r\nContent-Type: text/plain; name*0=abc; name*1=\"def\"\r\nContent-Disposition: attachment; filename*=utf-8''%c3%a4\r\n\r\n"
        + "--b--\r\nepilog\r\n";

    [Fact]
    public async Task Dovecot_reads_what_we_wrote()
    {
        using var box = new Box();
        var dovecot = new Dovecot(Path.GetDirectoryName(box.Path)!);
        box.Store.Create("Entwürfe.Alt");
        box.Store.Subscribe("Entwürfe.Alt", true);
        var date = new DateTimeOffset(2011, 5, 6, 7, 8, 9, TimeSpan.Zero);
        await box.AppendAsync("Subject: 1\r\n\r\none\r\n", flags: MessageFlags.Deleted);
        await box.AppendAsync("Subject: 2\r\n\r\ntwo\r\n", flags: MessageFlags.Seen | MessageFlags.Answered, date: date, keywords: ["Todo", "$Forwarded"]);
        await box.AppendAsync("Subject: 3\r\n\r\nthree\r\n");
        await box.AppendAsync("Subject: 4\r\n\r\nfour\r\n", "Entwürfe.Alt", MessageFlags.Draft);
        using (var view = box.Select())
        {
            view.Expunge(null);
            view.Store([3u], FlagChange.Add, MessageFlags.Flagged, Box.Keywords());
        }
        var (inbox, other) = (box.Store.Status("INBOX")!, box.Store.Status("Entwürfe.Alt")!);

        Assert.Equal("INBOX Entwürfe Entwürfe.Alt", string.Join(' ', dovecot.Admin("mailbox", "list").Split('\n', StringSplitOptions.RemoveEmptyEntries).OrderBy(n => n != "INBOX").ThenBy(n => n)));
        Assert.Equal("Entwürfe.Alt\n", dovecot.Admin("mailbox", "list", "-s"));
        Assert.Equal($"INBOX messages=2 uidnext=4 uidvalidity={inbox.UidValidity}", dovecot.Admin("-f", "flow", "mailbox", "status", "messages uidnext uidvalidity", "INBOX").Trim());
        Assert.Contains($"uidvalidity={other.UidValidity}", dovecot.Admin("-f", "flow", "mailbox", "status", "uidvalidity", "Entwürfe.Alt"));
        var flags = dovecot.Fetch("flags", "INBOX");
        Assert.Equal(["$Forwarded", "Todo", "\\Answered", "\\Seen"], flags[2].Split(' ').Order(StringComparer.Ordinal));
        Assert.Contains("\\Flagged", flags[3]);
        Assert.Contains("\\Draft", dovecot.Fetch("flags", "Entwürfe.Alt")[1]);
        Assert.Equal("21", dovecot.Fetch("size.virtual", "INBOX")[3]);
        Assert.Equal(date.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture), dovecot.Fetch("date.received.unixtime", "INBOX")[2]);
    }

    [Fact]
    public async Task We_read_what_Dovecot_wrote_and_go_on_with_it()
    {
        using var box = new Box();
        var dovecot = new Dovecot(Path.GetDirectoryName(box.Path)!);
        box.Store.Dispose();
        Directory.Delete(box.Path, true);
        dovecot.Admin("mailbox", "create", "-s", "Entwürfe.Alt");
        foreach (var text in (string[])["Subject: 1\n\none\n", "Subject: 2\n\ntwo\n", "Subject: 3\n\nthree\n"])
        {
            var file = Path.Combine(Path.GetDirectoryName(box.Path)!, "mail");
            File.WriteAllText(file, text);
            dovecot.Admin("save", file);
            dovecot.Admin("save", "-m", "Entwürfe.Alt", file);
        }
        dovecot.Admin("expunge", "mailbox", "INBOX", "uid", "2");
        dovecot.Admin("flags", "add", "\\Answered Todo $Label1", "mailbox", "INBOX", "uid", "3");
        var status = dovecot.Admin("-f", "flow", "mailbox", "status", "uidnext uidvalidity", "INBOX").Trim();
        var dates = dovecot.Fetch("date.received.unixtime", "INBOX");

        box.Reopen();
        Assert.Equal(["INBOX", "Entwürfe", "Entwürfe.Alt"], box.Store.Folders().Select(f => f.Name));
        Assert.Equal(["Entwürfe.Alt"], box.Store.Subscriptions());
        using (var view = box.Select())
        {
            Assert.Equal(status, $"INBOX uidnext={view.UidNext} uidvalidity={view.UidValidity}");
            Assert.Equal([1u, 3u], view.Messages.Select(m => m.Uid));
            Assert.Equal(MessageFlags.Answered, view.Messages[1].Flags & ~MessageFlags.Recent);
            Assert.Equal(["$Label1", "Todo"], view.Messages[1].Keywords.Order(StringComparer.Ordinal));
            Assert.Equal(dates[3], view.Messages[1].InternalDate.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
            Assert.Equal("Subject: 3\r\n\r\nthree\r\n", Box.Text(view, 3));
            view.Store([3u], FlagChange.Add, MessageFlags.Seen, Box.Keywords("Mine"));
        }
        Assert.Equal(4u, await box.AppendAsync("Subject: 4\r\n\r\nfour\r\n"));
        Assert.Equal(["$Label1", "Mine", "Todo", "\\Answered", "\\Seen"],
            dovecot.Fetch("flags", "INBOX")[3].Split(' ').Where(f => f != "\\Recent").Order(StringComparer.Ordinal));
        Assert.Equal([1u, 3u, 4u], dovecot.Fetch("flags", "INBOX").Keys.Order());
    }

    [Fact]
    public async Task Both_at_once_never_give_one_uid_twice()
    {
        using var box = new Box();
        var dovecot = new Dovecot(Path.GetDirectoryName(box.Path)!);
        await box.AppendAsync("Subject: first\r\n\r\n");
        var file = Path.Combine(Path.GetDirectoryName(box.Path)!, "mail");
        File.WriteAllText(file, "Subject: theirs\n\n");
        dovecot.TakeOver();
        var theirs = Task.Run(() =>
        {
            for (var i = 0; i < 15; i++)
                dovecot.Admin("save", file);
        });
        var ours = 0;
        while (!theirs.IsCompleted)
        {
            await box.AppendAsync("Subject: ours\r\n\r\n");
            ours++;
        }
        await theirs;
        var subjects = dovecot.Fetch("hdr.subject", "INBOX");
        Assert.Equal(1 + 15 + ours, subjects.Count);
        using var view = box.Select();
        Assert.Equal(subjects.OrderBy(s => s.Key).Select(s => (s.Key, s.Value)), view.Messages.Select(m => (m.Uid, view.Structure(m.Uid)!.Envelope.Subject!)));
    }

    [Fact]
    public async Task Structures_have_the_sizes_and_lines_that_Dovecot_says()
    {
        using var box = new Box();
        var dovecot = new Dovecot(Path.GetDirectoryName(box.Path)!);
        var uid = await box.AppendAsync(Mime);
        var said = dovecot.Fetch("imap.bodystructure", "INBOX")[uid];
        using var view = box.Select();
        var root = view.Structure(uid)!.Root;
        Assert.Contains($"(\"text\" \"plain\" (\"charset\" \"us-ascii\") NIL NIL \"7bit\" {root.Children[0].BodySize} {root.Children[0].BodyLines} ", said);
        var embedded = root.Children[1];
        Assert.Contains($"(\"message\" \"rfc822\" NIL NIL NIL \"7bit\" {embedded.BodySize} ", said);
        Assert.Contains($"\"7bit\" {embedded.Message!.Root.BodySize} {embedded.Message.Root.BodyLines} NIL NIL NIL NIL) {embedded.BodyLines} ", said);
        Assert.Contains("(\"name\" \"abcdef\" \"charset\" \"us-ascii\")", said);
        Assert.Equal("name=abcdef charset=us-ascii", string.Join(' ', root.Children[2].Parameters.Select(p => $"{p.Key}={p.Value}")));
        Assert.Contains("(\"attachment\" (\"filename*\" \"utf-8''%c3%a4\"))", said);
    }
}
