using MailServers.Pop3;
using MailServers.Tests.Pop3;

namespace Fuzz;

/// <summary>A whole POP3 session on real mail: one response a command, multi-line ones end with a dot of their own; and the grammar of unique ids.</summary>
static class Pop3SessionTarget
{
    public static readonly string[] Seeds =
    [
        "STAT\r\nLIST\r\nRETR 1\r\nTOP 1 0\r\nUIDL\r\nDELE 1\r\nRSET\r\nNOOP\r\nCAPA\r\nQUIT\r\n", "RETR 99\r\nRETR -1\r\nTOP 1\r\nTOP 1 99999999999\r\nLIST 2\r\nUIDL x\r\nDELE 2\r\nDELE 2\r\nRETR 2\r\n", "\0\r\nRETR\r\nXYZ\r\n\r\n \r\nretr  1\r\n",
    ];

    public static readonly string[] FormatSeeds = ["%08Xu%08Xv", "%u.%v", "%", "%u%", "%99u", "%v", "%20Xu-x", "a%ub", "\u00ff%u"];

    public static void Run(ReadOnlySpan<byte> input)
    {
        using var house = new Pop3House("Subject: a\r\n\r\n.dot\r\n..\r\n", "Subject: b\r\n\r\n" + new string('x', 100));
        var output = Session.Play(house.ServeAsync, input);
        Check.That(!house.Log.All.Any(l => l.Contains("Exception", StringComparison.Ordinal)), string.Join('\n', house.Log.All));
        Check.That(output.StartsWith("+OK Logged in.\r\n", StringComparison.Ordinal) && output.EndsWith("\r\n", StringComparison.Ordinal), "no greeting or no end");
        // RFC 1939 §3: what is in no multi-line response begins with +OK or -ERR.
        var inText = false;
        foreach (var line in output.Split("\r\n")[..^1])
        {
            Check.IsOneLine(line, "a response");
            if (inText && line == ".")
                inText = false;
            else if (!inText && line.StartsWith("+OK", StringComparison.Ordinal))
                inText = line.Contains(" octets") || line.EndsWith("messages:", StringComparison.Ordinal);
        }
    }

    public static void RunFormat(ReadOnlySpan<byte> input)
    {
        if (UidlFormat.TryParse(Bytes.Latin1(input)) is not { } format)
            return;
        var ids = ((uint, uint)[])[(1, 1), (2, 1), (uint.MaxValue, uint.MaxValue), (10, 1)];
        var written = ids.Select(i => format.Of(i.Item1, i.Item2)).ToArray();
        // RFC 1939 §7.
        Check.That(written.All(w => w.Length is >= 1 and <= 70 && w.All(c => c is >= '!' and <= '~')), "a unique id that is none");
        Check.Same(4, written.Distinct().Count(), "different ids");
    }
}
