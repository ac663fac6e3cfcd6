using MailServers.Tests.Login;

namespace Fuzz;

/// <summary>
/// Whole sessions of imap-login and pop3-login with an auth server and a supervisor: every line of an answer is a legal one, each client leaves one line
/// in the log, and nobody is handed over who has not shown the password.
/// </summary>
static class LoginSessionTarget
{
    public static readonly string[] ImapSeeds =
    [
        "a CAPABILITY\r\nb LOGIN alice secret\r\nc bye\r\n", "a LOGIN {5}\r\nalice {6}\r\nsecret\r\n", "a LOGIN {5+}\r\nalice \"wrong\"\r\nb LOGOUT\r\n", "a AUTHENTICATE PLAIN AGFsaWNlAHNlY3JldA==\r\nx\r\n", "a AUTHENTICATE PLAIN\r\n*\r\nb AUTHENTICATE ECHO\r\ncG9uZw==\r\n",
        "a STARTTLS\r\nb NOOP\r\nc ID NIL\r\nd ENABLE X\r\ne SELECT x\r\nf\r\n\r\ng LOGIN ((((\r\n", "\u00ff\0 {\r\na LOGIN {99999999+}\r\n",
    ];

    public static readonly string[] Pop3Seeds =
    [
        "CAPA\r\nUSER alice\r\nPASS secret\r\nbye\r\n", "USER alice\r\nPASS wrong\r\nQUIT\r\n", "AUTH PLAIN AGFsaWNlAHNlY3JldA==\r\n", "AUTH\r\nAUTH PLAIN\r\n\r\nAUTH PLAIN =\r\n*\r\nAPOP x y\r\nSTLS\r\nNOOP\r\n", "PASS x\r\nUSER\r\nuser \u00ff\0\r\nQUIT x\r\n",
    ];

    // The password, its three spellings in base64, and the answer of the other mechanism.
    static readonly string[] _shown = ["secret", "2VjcmV0", "NlY3Jld", "ZWNyZX", "cG9uZ"];

    static readonly LoginHouse _imap = LoginHouse.Imap(), _pop3 = LoginHouse.Pop3();

    public static void RunImap(ReadOnlySpan<byte> input)
    {
        var output = Play(_imap, input);
        foreach (var line in output)
            Check.That(line.Length > 1 && (line.StartsWith("* ") || line.StartsWith("+ ") || line.Contains(" OK") || line.Contains(" NO") || line.Contains(" BAD") || line.StartsWith("worker: ")), $"the line {line}");
    }

    public static void RunPop3(ReadOnlySpan<byte> input)
    {
        var output = Play(_pop3, input);
        Check.That(output.Length > 0 && output[0].StartsWith("+OK"), "no greeting");
    }

    static string[] Play(LoginHouse house, ReadOnlySpan<byte> input)
    {
        lock (house.Supervisor.HandOffs)
            house.Supervisor.HandOffs.Clear();
        var before = house.Log.All.Count;
        var lines = Session.Play(house.ServeAsync, input).Split("\r\n")[..^1];
        foreach (var line in lines.Where(l => !l.StartsWith("worker: ", StringComparison.Ordinal)))
            Check.IsOneLine(line, "a line of the answer");
        Check.Same(1, house.Log.All.Count - before, "lines in the log");
        Check.That(!house.Log.All[^1].Contains("Exception"), house.Log.All[^1]);
        var text = Bytes.Latin1(input);
        lock (house.Supervisor.HandOffs)
            Check.That(house.Supervisor.HandOffs.Count == 0 || _shown.Any(text.Contains), "a login that was not earned");
        return lines;
    }
}
