using System.Globalization;
using System.Text;
using CsCheck;
using MailStore.Tests.Interop;
using Testing;

namespace MailStore.Tests.Mbox;

public sealed class MboxStoreTests : IDisposable
{
    const string Mail = "Return-Path: <al@ex.org>\r\nSubject: x\r\n\r\nbody\r\n";

    readonly TemporaryDirectory _directory = new();
    IStore _store;

    public MboxStoreTests() => _store = Open();

    string File_ => _directory["inbox"];

    IStore Open() => Stores.Open(new MailLocation(MailFormat.Mbox, _directory["mail"], File_));

    void Reopen()
    {
        _store.Dispose();
        _store = Open();
    }

    IMailboxView Select(bool readOnly = false) => _store.Select("inbox", readOnly)!;

    async Task<uint> AppendAsync(string text, MessageFlags flags = MessageFlags.None, DateTimeOffset? date = null, params string[] keywords)
    {
        using var writer = _store.Append("INBOX", flags, new HashSet<string>(keywords), date)!;
        await writer.WriteAsync(Encoding.Latin1.GetBytes(text), CancellationToken.None);
        return (await writer.CommitAsync(CancellationToken.None)).Uid;
    }

    [Fact]
    public async Task Messages_are_appended_as_Postfix_does_and_read_back()
    {
        var date = new DateTimeOffset(2011, 5, 6, 7, 8, 9, TimeSpan.Zero);
        Assert.Equal(1u, await AppendAsync(Mail, date: date));
        Assert.Equal(2u, await AppendAsync("From me\r\nStatus: RO\r\nX-UID: 4000000\r\nSubject: y\r\n\r\nFrom you\r\n>From us\r\nend", MessageFlags.Seen, keywords: "Todo"));
        var text = File.ReadAllText(File_);
        Assert.StartsWith($"From al@ex.org  {date.ToLocalTime().ToString("ddd MMM dd HH:mm:ss yyyy", CultureInfo.InvariantCulture)}\nReturn-Path", text);
        using var view = Select();
        Assert.Equal(Mail, Box.Text(view, 1));
        Assert.Equal(">From me\r\nSubject: y\r\n\r\n>From you\r\n>From us\r\nend\r\n", Box.Text(view, 2));
        Assert.Equal((date, (long)Mail.Length, MessageFlags.Recent), (view.Messages[0].InternalDate, view.Messages[0].Size, view.Messages[0].Flags));
        Assert.Equal(view.Messages[1].Size, Box.Text(view, 2).Length);
        Assert.Equal((MessageFlags.Seen | MessageFlags.Recent, "Todo"), (view.Messages[1].Flags, view.Messages[1].Keywords.Single()));
        Assert.Equal("x", view.Structure(1)!.Envelope.Subject);
    }

    [Fact]
    public async Task Uids_flags_and_expunges_survive_a_restart()
    {
        for (var i = 1; i <= 4; i++)
            await AppendAsync($"Subject: {i}\r\n\r\nbody {i}\r\n");
        uint validity;
        using (var view = Select())
        {
            validity = view.UidValidity;
            view.Store([2u], FlagChange.Add, MessageFlags.Seen | MessageFlags.Answered, Box.Keywords("K"));
            view.Store([1u, 4u], FlagChange.Add, MessageFlags.Deleted, Box.Keywords());
            view.Expunge(null);
            Assert.Equal([1, 3], view.Sync(true).Expunged);
        }
        Reopen();
        using var after = Select();
        Assert.Equal((validity, 5u), (after.UidValidity, after.UidNext));
        Assert.Equal([2u, 3u], after.Messages.Select(m => m.Uid));
        Assert.Equal((MessageFlags.Seen | MessageFlags.Answered, "K"), (after.Messages[0].Flags, after.Messages[0].Keywords.Single()));
        Assert.Equal("Subject: 3\r\n\r\nbody 3\r\n", Box.Text(after, 3));
        Assert.Equal(5u, await AppendAsync(Mail));
        Assert.False(File.Exists(_directory["mail/.inbox.journal"]));
    }

    [Fact]
    public async Task A_delivery_by_another_program_wakes_and_its_uid_is_kept()
    {
        await AppendAsync(Mail);
        using (var view = Select())
        {
            var waiting = view.WaitForChangeAsync(CancellationToken.None);
            File.AppendAllText(File_, "From a@b  Mon Jan  2 03:04:05 2006\nX-UID: 4294967295\nStatus: O\nSubject: theirs\n\n\n\n");
            await waiting.WaitAsync(TimeSpan.FromSeconds(5));
            Assert.Equal(2, view.Sync(true).Exists);
            Assert.Equal("Subject: theirs\r\n\r\n\r\n", Box.Text(view, 2));
            Assert.Equal(2006, view.Messages[1].InternalDate.Year);
        }
        Reopen();
        using var after = Select();
        Assert.Equal([1u, 2u], after.Messages.Select(m => m.Uid));
    }

    [Fact]
    public async Task A_change_that_was_cut_off_is_finished_from_the_journal()
    {
        await AppendAsync("Subject: 1\r\n\r\none\r\n");
        await AppendAsync("Subject: 2\r\n\r\ntwo\r\n");
        var before = File.ReadAllBytes(File_);
        using (var view = Select())
        {
            view.Store([1u], FlagChange.Add, MessageFlags.Deleted, Box.Keywords());
        }
        // As a crash leaves it: the journal is there, the file half written, and a delivery came since.
        var half = File.ReadAllBytes(File_);
        _store.Dispose();
        var inode = Sasl.Hosting.Unix.Files.Status(File_)!.Value.Inode;
        var wanted = Encoding.ASCII.GetBytes("From x  Mon Jan  2 03:04:05 2006\nX-IMAPbase: 77 0000000002\nX-UID: 2\nSubject: 2\n\ntwo\n\n");
        File.WriteAllBytes(_directory["mail/.inbox.journal"],
            [.. BitConverter.GetBytes(inode), .. BitConverter.GetBytes(0L), .. BitConverter.GetBytes((long)wanted.Length), .. BitConverter.GetBytes((long)half.Length), .. wanted]);
        using (var file = File.OpenWrite(File_))
            file.Write(wanted.AsSpan(0, 40));
        File.AppendAllText(File_, "From y  Mon Jan  2 03:04:05 2006\nSubject: 3\n\nthree\n\n");
        _store = Open();
        using var after = Select();
        Assert.Equal(77u, after.UidValidity);
        Assert.Equal(["Subject: 2\r\n\r\ntwo\r\n", "Subject: 3\r\n\r\nthree\r\n"], after.Messages.Select(m => Box.Text(after, m.Uid)));
        Assert.NotEmpty(before);
    }

    [Fact]
    public async Task Attack_a_link_or_a_second_name_in_place_of_the_mailbox_is_refused()
    {
        File.WriteAllText(_directory["victim"], "precious");
        File.CreateSymbolicLink(File_, _directory["victim"]);
        await Assert.ThrowsAnyAsync<IOException>(() => AppendAsync(Mail));
        File.Delete(File_);
        System.Diagnostics.Process.Start("ln", [_directory["victim"], File_]).WaitForExit();
        await Assert.ThrowsAnyAsync<IOException>(() => AppendAsync(Mail));
        Assert.Equal("precious", File.ReadAllText(_directory["victim"]));
    }

    [Fact]
    public void A_file_that_is_no_mbox_is_an_IOException_and_stays()
    {
        File.WriteAllText(File_, "something else\n");
        Assert.Throws<IOException>(() => _store.Select("INBOX", false));
        Assert.Equal("something else\n", File.ReadAllText(File_));
    }

    [Fact]
    public void Any_sequence_of_changes_keeps_every_text_and_uid()
    {
        var bodies = Gen.OneOf("From x", ">From", "", " ", "\0é", "Status: O", "a").Array[0, 4].Select(l => string.Concat(l.Select(x => x + "\r\n")));
        Gen.Select(bodies, Gen.Int[0, 5]).Array[1, 12].Sample(steps =>
        {
            _store.Dispose();
            File.Delete(File_);
            _store = Open();
            var expected = new SortedDictionary<uint, (string, MessageFlags)>();
            foreach (var (body, action) in steps)
            {
                if (action < 3 || expected.Count == 0)
                {
                    var uid = AppendAsync("Subject: s\r\n\r\n" + body, MessageFlags.Flagged).GetAwaiter().GetResult();
                    expected.Add(uid, ("Subject: s\r\n\r\n" + body.Replace("From x", ">From x"), MessageFlags.Flagged));
                    continue;
                }
                using var view = Select();
                var chosen = expected.Keys.ElementAt(body.Length % expected.Count);
                if (action == 3)
                {
                    view.Store([chosen], FlagChange.Replace, MessageFlags.Seen | MessageFlags.Draft, Box.Keywords());
                    expected[chosen] = (expected[chosen].Item1, MessageFlags.Seen | MessageFlags.Draft);
                }
                else if (action == 4)
                {
                    view.Store([chosen], FlagChange.Add, MessageFlags.Deleted, Box.Keywords());
                    view.Expunge(null);
                    expected.Remove(chosen);
                }
                else if (expected.Count > 0)
                    Reopen();
            }
            using var after = Select();
            Assert.Equal(expected.Select(e => (e.Key, e.Value.Item1, e.Value.Item2)),
                after.Messages.Select(m => (m.Uid, Box.Text(after, m.Uid).Replace(">>", ">"), m.Flags & ~MessageFlags.Recent)));
            Assert.All(after.Messages, m => Assert.Equal(m.Size, Box.Text(after, m.Uid).Length));
        }, iter: 60, threads: 1);
    }

    [Fact]
    public async Task Dovecot_reads_what_we_wrote_and_we_what_it_did_to_it()
    {
        var dovecot = new Dovecot(_directory.Path, $"mbox:{_directory["mail"]}:INBOX={File_}");
        await AppendAsync("Subject: 1\r\n\r\none\r\n");
        await AppendAsync("Subject: 2\r\n\r\ntwo\r\n", MessageFlags.Answered, keywords: "Todo");
        await AppendAsync("Subject: 3\r\n\r\nthree\r\n");
        var validity = _store.Status("INBOX")!.UidValidity;
        Assert.Equal($"INBOX messages=3 uidnext=4 uidvalidity={validity}", dovecot.Admin("-f", "flow", "mailbox", "status", "messages uidnext uidvalidity", "INBOX").Trim());
        Assert.Contains("\\Answered", dovecot.Fetch("flags", "INBOX")[2]);
        dovecot.Admin("flags", "add", "\\Flagged", "mailbox", "INBOX", "uid", "3");
        dovecot.Admin("expunge", "mailbox", "INBOX", "uid", "1");
        using var view = Select();
        Assert.Equal(validity, view.UidValidity);
        Assert.Equal([2u, 3u], view.Messages.Select(m => m.Uid));
        Assert.Equal(MessageFlags.Flagged, view.Messages[1].Flags & MessageFlags.Flagged);
        Assert.Equal("Subject: 3\r\n\r\nthree\r\n", Box.Text(view, 3));
        Assert.Equal(4u, await AppendAsync(Mail));
    }

    public void Dispose()
    {
        _store.Dispose();
        _directory.Dispose();
    }
}
