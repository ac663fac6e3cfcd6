using Sasl.Credentials.Remote.Smtp;

namespace Fuzz;

/// <summary>What an SMTP server may say to our client: codes of three digits, and only 235 lets anybody in.</summary>
static class RemoteSmtpTarget
{
    public static readonly string[] Seeds =
    [
        "220 mx\n250-mx\n250-STARTTLS\n250-AUTH PLAIN LOGIN\n250 AUTH=LOGIN\n235 in", "535-5.7.8 no\n535 5.7.8 no", "454 4.7.0 later\n334 VXNlcm5hbWU6\n334", "250\n25\n2x0 y\n250?\n999 x", "250-AUTH\n250 auth plain = login",
    ];

    public static void Run(ReadOnlySpan<byte> input)
    {
        var lines = new List<string>();
        var code = 0;
        foreach (var line in Bytes.Latin1(input).Split('\n'))
        {
            if (SmtpReply.ReadLine(line) is not var (number, _, text))
                continue;
            Check.That(number is >= 200 and < 600 && line.StartsWith($"{number}", StringComparison.Ordinal), "a code that is none");
            lines.Add(text);
            code = number;
        }
        var reply = new SmtpReply(code, lines);
        Check.That(reply.Verdict is not { IsOk: true } || code == 235, "a login that nobody granted");
        Check.That(reply.Mechanisms.All(m => m.Length > 0 && m.AsSpan().IndexOfAny(' ', '=') < 0), "a mechanism that is no word");
    }
}
