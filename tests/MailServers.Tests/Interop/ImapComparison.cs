using System.Net.Sockets;
using System.Text.RegularExpressions;
using MailServers.Imap;
using MailServers.Login;
using MailServers.Tests.Login;
using MailStore;
using Microsoft.Extensions.Logging.Abstractions;
using Sasl.Hosting.Net;
using Testing;

namespace MailServers.Tests.Interop;

/// <summary>Plays IMAP scripts to Dovecot's imap-login and to ours, each with its worker behind it.</summary>
static partial class ImapComparison
{
    /// <summary>
    /// A line that begins with "~" is meant to be answered differently; the script says why beside it. "\r\n" in a line makes it
    /// several; a line whose answer is a "+" may be followed by the literal's or the exchange's next line.
    /// </summary>
    public static async Task PlayAsync(DovecotDaemon dovecot, string script, bool strict = false, bool login = false, IReadOnlyList<string>? messages = null)
    {
        using var directory = new TemporaryDirectory();
        dovecot.Seed("alice", messages ?? Mail.Some);
        Mail.Seed(directory["Maildir"], messages ?? Mail.Some);
        var ended = new TaskCompletionSource();
        await using var house = LoginHouse.Imap(strict ? new LoginSettings() : LoginHouse.Open, tls: true, worker: async (request, socket) =>
        {
            using var store = Stores.Open(new MailLocation(MailFormat.Maildir, directory["Maildir"], null));
            await using var connection = new Connection(socket, request.Leftover);
            await ImapSession.RunAsync(connection, store, new("alice", request.Tag, request.Session), ImapSettings.Default, NullLogger.Instance, default);
            ended.SetResult();
        });
        var theirs = new Conversation(strict ? await DovecotDaemon.ConnectAsync(dovecot.StrictImap, "127.0.0.3") : await DovecotDaemon.ConnectAsync(dovecot.Imap));
        var (client, serving) = house.Connect();
        using var comparison = new Comparison(theirs, new Conversation(new NetworkStream(client, ownsSocket: true)));
        await comparison.StepAsync("x0 NOOP", text => Ends("x0").IsMatch(text), static _ => "", meant: false);
        if (login)
            await comparison.StepAsync("x1 LOGIN alice secret", text => Ends("x1").IsMatch(text), Shown, meant: false);
        var tag = "";
        foreach (var raw in script.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (raw[0] == '#')
                continue;
            var line = Regex.Unescape(raw.TrimStart('~'));
            // Of several commands the last answer is waited for; behind a literal there is no command.
            var command = line.Contains("}\r\n", StringComparison.Ordinal) ? line : line[(line.LastIndexOf('\n') + 1)..];
            if (Tag().Match(command) is { Success: true } tagged)
                tag = tagged.Groups[1].Value;
            // Without a tag that can be echoed the answer is untagged.
            var end = tag.Length > 0 ? Ends(tag) : Untagged();
            await comparison.StepAsync(line, end.IsMatch, Shown, raw[0] == '~');
        }
        comparison.AssertSame();
        comparison.Dispose();
        await serving.WaitAsync(TimeSpan.FromSeconds(60));
        if (house.Supervisor.HandOffs.Count > 0)
            await ended.Task.WaitAsync(TimeSpan.FromSeconds(60));
    }

    static Regex Ends(string tag) => new($@"(?m)^({Regex.Escape(tag)} (OK|NO|BAD)|\+).*\n\z");

    [GeneratedRegex(@"^([A-Za-z]\d*)(?: |$)")]
    private static partial Regex Tag();

    [GeneratedRegex(@"(?m)^\* BAD.*\n\z")]
    private static partial Regex Untagged();

    [GeneratedRegex(@"^(\S+ (?:OK|NO|BAD|BYE|PREAUTH)(?: \[[^\]]*\])?).*$")]
    private static partial Regex Status();

    [GeneratedRegex(@"(UIDVALIDITY|APPENDUID|COPYUID) \d+")]
    private static partial Regex Validity();

    [GeneratedRegex(@"(CAPABILITY) [^\]]*")]
    private static partial Regex Capability();

    [GeneratedRegex("\"[ 0-3]\\d-[A-Z][a-z]{2}-20\\d\\d \\d\\d:\\d\\d:\\d\\d [+-]\\d{4}\"")]
    private static partial Regex Now();

    /// <summary>Codes, not words; no numbers that nobody chose. Lists have no order.</summary>
    static string Shown(string answer)
    {
        var lines = new List<string>();
        foreach (var line in answer.TrimEnd('\r', '\n').Split("\r\n"))
        {
            if (line.StartsWith("* OK [HIGHESTMODSEQ", StringComparison.Ordinal))
                continue;
            var text = line.StartsWith("* ID ", StringComparison.Ordinal) ? "* ID" : Status().Replace(line, "$1");
            text = Now().Replace(Capability().Replace(Validity().Replace(text, "$1 V"), "$1"), "NOW").Replace(" \\Marked)", ")");
            lines.Add(text.StartsWith("+ ", StringComparison.Ordinal) ? "+" : text);
        }
        if (lines.Exists(static l => l.StartsWith("* LIST ", StringComparison.Ordinal) || l.StartsWith("* LSUB ", StringComparison.Ordinal)))
            lines.Sort(StringComparer.Ordinal);
        return string.Join("\n    ", lines);
    }
}
