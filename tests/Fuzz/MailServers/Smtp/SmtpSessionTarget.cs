using System.Net.Sockets;
using MailServers.Tests.Smtp;

namespace Fuzz;

/// <summary>
/// A whole SMTP session with real sockets to a queue and an auth server: every reply has its code, nothing of the client's text ends a line of a
/// reply, the log or a mail, and no mail comes without MAIL, RCPT and an end of its text.
/// </summary>
static class SmtpSessionTarget
{
    public static readonly string[] Seeds =
    [
        "EHLO c\r\nMAIL FROM:<a@example.net>\r\nRCPT TO:<user1@example.com>\r\nDATA\r\nSubject: x\r\n\r\n.text\r\n.\r\nQUIT\r\n", "HELO c\r\nmail from:user1@example.com\r\nrcpt to:user1@example.com\r\ndata\r\nx\r\n.\r\nquit\r\n",
        "EHLO c\r\nAUTH PLAIN AHVzZXIxAHNlY3JldA==\r\nAUTH LOGIN\r\ndXNlcjE=\r\nc2VjcmV0\r\nAUTH PLAIN\r\n*\r\nRSET\r\nNOOP\r\nVRFY user1\r\nETRN x\r\nHELP\r\n", "EHLO c\r\nMAIL FROM:<> BODY=8BITMIME SIZE=99\r\nRCPT TO:<user1@example.com>\r\nBDAT 5\r\nabc\r\nBDAT 0 LAST\r\nSTARTTLS\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\n", "EHLO \u00ff\r\nRCPT TO:<x>\r\nDATA\r\nBDAT 99999999999\r\n\0\r\n",
    ];

    static readonly SmtpTestServer _server = new(s => s with { HardErrorLimit = 1000, JunkCommandLimit = 1000, SoftErrorLimit = 1000 }, auth: true);

    public static void Run(ReadOnlySpan<byte> input)
    {
        _server.Log.Clear();
        var output = Session.Play(_server.ServeAsync, input);
        foreach (var line in output.Split("\r\n")[..^1])
            Check.That(line.Length >= 3 && line[0] is >= '2' and <= '5' && char.IsAsciiDigit(line[1]) && char.IsAsciiDigit(line[2]) && (line.Length == 3 || line[3] is ' ' or '-') && line.AsSpan().IndexOfAny('\r', '\n', '\0') < 0, $"the reply {line}");
        foreach (var line in _server.Log.Lines)
            Check.IsOneLine(line, "a line of the log");
        while (_server.Queue.Mails.TryDequeue(out var mail))
        {
            Check.IsOneLine(mail.Mail + string.Concat(mail.Recipients), "an envelope");
            Check.That(mail.Mail.StartsWith("MAIL FROM:<", StringComparison.Ordinal) && mail.Recipients.Count > 0, "a mail without an envelope");
            Check.That(mail.Text.StartsWith("Received: ", StringComparison.Ordinal) && !mail.Text.Replace("\r\n", "").Contains('\n'), "a mail that is no CRLF text below a trace header");
        }
    }
}
