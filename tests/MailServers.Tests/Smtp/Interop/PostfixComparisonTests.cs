using System.Text.RegularExpressions;
using Testing;
using Xunit.Abstractions;

namespace MailServers.Tests.Smtp.Interop;

/// <summary>The same configuration, the same dialogue: we say what Debian's Postfix says and pass on the same text, or the difference is named here.</summary>
public sealed partial class PostfixComparisonTests(TwoServers servers, ITestOutputHelper output) : IClassFixture<TwoServers>
{
    /// <summary>Where we mean to differ: what Postfix's words become before they are compared, and why.</summary>
    static readonly (string Pattern, string Ours, string Why)[] _meant =
    [
        (@"^250-ETRN\n", "", "RFC 1985: no per-site queues here; the command itself is answered as by a Postfix without them"),
        (@"^502 5\.5\.2 Error: command not recognized", "500 5.5.2 Error: command not recognized", "Postfix 3.9 and later; RFC 5321 §4.2.4"),
    ];

    public static IEnumerable<object[]> Names => Dialogues.All.Select(d => new object[] { d.Name });

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Says_and_sends_what_Postfix_does(string name)
    {
        if (RunningPostfix.Missing is { } reason)
        {
            output.WriteLine($"skipped: {reason}");
            return;
        }
        var dialogue = Dialogues.All.Single(d => d.Name == name);
        var (theirs, ours) = await servers.PlayAsync(dialogue.Service, dialogue.Script);
        var meant = _meant.Concat(dialogue.Meant).ToArray();
        var expected = Adjusted(theirs.Said, meant);
        // Postfix 3.8 and later name the mechanism.
        var said = Mechanism().Replace(ours.Said, "");
        Assert.True(expected == said, $"{dialogue.Service}: {name}\nPostfix said\n{expected}\nwe said\n{said}\nPostfix logged\n{string.Join('\n', servers.TheirLog.Split('\n').TakeLast(12))}");
        var (theirText, ourText) = (Adjusted(string.Concat(theirs.Mail.Select(Comparable)), meant), string.Concat(ours.Mail.Select(Comparable)));
        if (dialogue.Meant.Length == 0 && dialogue.LogDiffers is null)
            Assert.True(theirs.Log == Mechanism().Replace(ours.Log, ""), $"{name}\nPostfix said\n{theirs.Log}\nwe said\n{ours.Log}\nPostfix logged\n");
        Assert.True(theirText == ourText, $"{name}\nPostfix said\n{Visible(theirText)}\nwe said\n{Visible(ourText)}\nPostfix logged\n");
    }

    static string Adjusted(string text, IEnumerable<(string Pattern, string Ours, string Why)> meant) =>
        meant.Aggregate(text, (said, m) => Regex.Replace(said, m.Pattern, m.Ours, RegexOptions.Multiline));

    /// <summary>Recipients and text; the trace field that each adds in front is its own, as are ids and dates.</summary>
    static string Comparable(QueuedMail mail) =>
        $"{string.Join(' ', mail.Recipients)}\n{Stamps().Replace(Trace().Replace(mail.Text, ""), "STAMP")}";

    [GeneratedRegex("(?<=Invalid authentication mechanism): '.*'")]
    private static partial Regex Mechanism();

    static string Visible(string text) => text.Replace("\r\n", "$\n");

    [GeneratedRegex(@"\AReceived: .*?\r\n(?![ \t])", RegexOptions.Singleline)]
    private static partial Regex Trace();

    [GeneratedRegex(@"(?<=^Message-Id: <)[^@]+(?=@mail)|(?<=^Date: )\w{3}, .*$", RegexOptions.Multiline)]
    private static partial Regex Stamps();
}
