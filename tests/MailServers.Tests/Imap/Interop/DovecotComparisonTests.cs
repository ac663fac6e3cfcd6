using System.Net.Sockets;
using System.Text;
using MailServers.Imap;
using MailStore;
using Microsoft.Extensions.Logging.Abstractions;
using Sasl.Hosting.Net;
using Sasl.Hosting.Unix;
using Testing;

namespace MailServers.Tests.Imap.Interop;

/// <summary>The same messages, the same commands: we say what Dovecot says, or the difference is named here.</summary>
public sealed class DovecotComparisonTests
{
    static readonly string[] _sections =
    [
        "", "HEADER", "TEXT", "HEADER.FIELDS (Subject from)", "HEADER.FIELDS.NOT (Subject)", "1", "1.MIME", "2", "2.MIME", "1.1", "1.2", "2.1", "1.HEADER", "1.TEXT",
    ];

    /// <summary>Where we mean to differ, and why.</summary>
    static readonly (string Message, string Item, string Why)[] _meant =
    [
        ("folded", "ENVELOPE", "RFC 5322 §2.2.3: unfolding leaves the white space as it is; Dovecot makes a tab a space"),
        ("two of each", "ENVELOPE", "RFC 5322 §3.6 allows one; we take the first, Dovecot the last and joins addresses"),
        ("parameters", "BODY", "RFC 2231 continuations: other order, and Dovecot invents a second '*' in charset*1*"),
        ("broken content type", "BODY", "RFC 2045 §5.2: a type that cannot be read is text/plain"),
        ("empty content type", "BODY", "RFC 2045 §5.2: a type that cannot be read is text/plain"),
        ("header only", "BODY.PEEK[HEADER.FIELDS (", "RFC 3501 §6.4.5: no blank line where the message has none; Dovecot has it so for .NOT only"),
        ("boundary is a prefix", "BODY.PEEK[1]", "RFC 2046 §5.1.1: the line end before a delimiter belongs to the delimiter, also after an inner multipart"),
        ("blank lines at the end of parts", "BODY.PEEK[1.MIME]", "RFC 2046 §5.1.1: the header ends in a blank line, also when a delimiter follows at once"),
        ("multipart without boundary", "BODY", "the text is part 1 for us and nowhere for Dovecot"),
    ];

    [Fact]
    public Task Envelopes() => CompareAsync("ENVELOPE");

    [Fact]
    public Task Bodies() => CompareAsync("BODY");

    [Fact]
    public Task Body_structures() => CompareAsync("BODYSTRUCTURE");

    [Fact]
    public Task Sizes() => CompareAsync("RFC822.SIZE");

    [Fact]
    public Task Sections() => CompareAsync([.. _sections.Select(s => $"BODY.PEEK[{s}]"), "BODY.PEEK[]<5.10>", "BODY.PEEK[1]<2.3>", "BODY.PEEK[TEXT]<100.1>"]);

    static async Task CompareAsync(params string[] items)
    {
        using var directory = new TemporaryDirectory();
        File.SetUnixFileMode(directory.Path, (UnixFileMode)0b111_101_101);
        foreach (var sub in (string[])["theirs/Maildir/cur", "theirs/Maildir/new", "theirs/Maildir/tmp", "ours/cur", "ours/new", "ours/tmp"])
            Directory.CreateDirectory(directory[sub]);
        for (var i = 0; i < TrickyMessages.All.Length; i++)
            foreach (var sub in (string[])["theirs/Maildir", "ours"])
                await File.WriteAllTextAsync(directory[$"{sub}/cur/{1_000_000_000 + i}.M1P1.host:2,"], TrickyMessages.All[i].Text, new UTF8Encoding(false));

        using var dovecot = new DovecotImap(directory["theirs"]);
        using var store = Stores.Open(new MailLocation(MailFormat.Maildir, directory["ours"], null));
        var (client, server) = Descriptors.Pair(SocketType.Stream);
        await using var connection = new Connection(server);
        var serving = ImapSession.RunAsync(connection, store, new("tester", null, "x"), ImapSettings.Default, NullLogger.Instance, default);
        using var stream = new NetworkStream(client, ownsSocket: true);
        var ours = new RawImapClient(stream, stream);
        await ours.GreetingAsync();
        await dovecot.Client.GreetingAsync();
        await ours.RunAsync("EXAMINE INBOX");
        await dovecot.Client.RunAsync("EXAMINE INBOX");
        var differences = new List<string>();
        foreach (var item in items)
            for (var i = 0; i < TrickyMessages.All.Length; i++)
            {
                var theirs = Comparable(await dovecot.Client.RunAsync($"FETCH {i + 1} {item}"));
                var mine = Comparable(await ours.RunAsync($"FETCH {i + 1} {item}"));
                if (!theirs.Equals(mine, StringComparison.OrdinalIgnoreCase)
                    && !_meant.Any(m => m.Message == TrickyMessages.All[i].Name && item.StartsWith(m.Item, StringComparison.Ordinal)))
                    differences.Add($"{TrickyMessages.All[i].Name}, {item}:\n  theirs {theirs}\n  ours   {mine}");
            }
        await ours.RunAsync("LOGOUT");
        await serving;
        Assert.True(differences.Count == 0, string.Join('\n', differences));
    }

    /// <summary>A part that is not there is NIL or empty for Dovecot, depending on what it has cached; NIL for us.</summary>
    static string Comparable(List<string> responses) => string.Join('\n', responses).Replace("] NIL)", "] \"\")");
}
