namespace MailServers.Tests.Smtp.Interop;

/// <summary>A dialogue for the services of <see cref="TwoServers"/>, and where we mean to differ in it.</summary>
sealed record SmtpDialogue(string Name, string Service, string Script)
{
    public (string Pattern, string Ours, string Why)[] Meant { get; init; } = [];

    /// <summary>Why the logs differ although the replies do not. Other replies make other logs anyway.</summary>
    public string? LogDiffers { get; init; }
}

/// <summary>What is played to both servers.</summary>
static partial class Dialogues
{
    public static readonly SmtpDialogue[] All = [.. Commands, .. Authentication, .. Mail, .. Refusals];

    static SmtpDialogue[] Commands =>
    [
        new("EHLO", "plain", "C: EHLO client.example.net\nC: QUIT"),
        new("EHLO over TLS", "plain", "C: EHLO c\nC: STARTTLS\nTLS\nC: EHLO c\nC: STARTTLS\nC: QUIT"),
        new("EHLO of a submission service", "submission", "C: EHLO c\nC: MAIL FROM:<a@b.test>\nC: AUTH PLAIN AHVzZXIxAHNlY3JldA==\nC: NOOP\nC: RSET\nC: VRFY user1\nC: HELP\nC: FOO\nC: STARTTLS\nTLS\nC: EHLO c\nC: QUIT")
        {
            Meant = [(@"^500 5\.5\.2 Error: command not recognized\n(?=500)", "214 2.0.0 Commands: HELO EHLO STARTTLS AUTH MAIL RCPT DATA BDAT RSET NOOP VRFY ETRN QUIT HELP\n", "HELP came with Postfix 3.9")],
        },
        new("EHLO with AUTH only over TLS", "tls auth only", "C: EHLO c\nC: AUTH PLAIN AHVzZXIxAHNlY3JldA==\nC: STARTTLS\nTLS\nC: EHLO c\nC: AUTH PLAIN AHVzZXIxAHNlY3JldA==\nC: QUIT"),
        new("EHLO of the walkthrough", "walkthrough F1", "C: EHLO c\nC: QUIT"),
        new("EHLO without AUTH and TLS", "no auth", "C: EHLO c\nC: AUTH PLAIN AHVzZXIxAHNlY3JldA==\nC: STARTTLS\nC: VRFY user1\nC: QUIT"),
        new("EHLO where AUTH is hidden", "trusted", "C: EHLO c\nC: AUTH PLAIN AHVzZXIxAHNlY3JldA==\nC: QUIT"),
        new("EHLO with discarded keywords", "discard keywords", "C: EHLO c\nC: AUTH PLAIN x\nC: STARTTLS\nC: MAIL FROM:<a@b.test> RET=FULL\nC: MAIL FROM:<a@b.test>\nC: RCPT TO:<user1@example.com> NOTIFY=NEVER\nC: BDAT 3 LAST"),
        new("names in HELO", "plain", "C: HELO\nC: EHLO\nC: HELO   two   words  \nC: EHLO <x>(y)\nC: helo c\nC: eHlO c\nC+ HELO\\ttab\\r\\n\nC: QUIT"),
        new("commands in any order", "plain", "C: RCPT TO:<user1@example.com>\nC: DATA\nC: MAIL\nC: RCPT\nC: MAIL FROM:\nC: MAIL FROM\nC: MAIL TO:<a@b.test>\nC: MAIL FROM:<a@b.test>\nC: MAIL FROM:<a@b.test>\nC: RCPT\nC: RCPT TO:\nC: RCPT TO:<>\nC: DATA\nC: RCPT TO:<nobody@example.com>\nC: DATA\nC: RSET x\nC: RSET\nC: DATA x\nC: QUIT x"),
        new("DATA without RCPT", "plain", "C: EHLO c\nC: DATA\nC: MAIL FROM:<a@b.test>\nC: DATA\nC+ BDAT 3\\r\\nabc\nC: RSET\nC: QUIT"),
        new("HELO ends a mail", "plain", "C: EHLO c\nC: MAIL FROM:<a@b.test>\nC: RCPT TO:<user1@example.com>\nC: EHLO c\nC: DATA\nC: MAIL FROM:<a@b.test>\nC: HELO c\nC: RCPT TO:<user1@example.com>\nC: QUIT"),
        new("mail without HELO", "plain", "C: MAIL FROM:<a@b.test>\nC: RCPT TO:<user1@example.com>\nC: DATA\nC: Subject: x\\n\nC: .\nC: QUIT".Replace("C: Subject: x\\n\n", "0C: Subject: x\n")),
        new("HELO required", "trusted", "C: MAIL FROM:<a@b.test>\nC: AUTH PLAIN x\nC: VRFY user1\nC: ETRN x\nC: RCPT TO:<user1>\nC: HELO c\nC: MAIL FROM:<a@b.test>\nC: QUIT"),
        new("unknown commands", "plain", "C: FOO\nC: foo bar\nC: EXPN list\nC: X\nC: EHLO\nC: SEND FROM:<a@b>\nC: TURN\nC: QUIT"),
        new("XCLIENT and XFORWARD", "plain", "C: XCLIENT NAME=x\nC: XFORWARD NAME=x\nC: QUIT")
        {
            Meant = [(@"^550 5\.7\.0 Error: insufficient authorization", "500 5.5.2 Error: command not recognized", "not implemented")],
        },
        new("no command at all", "plain", "C: EHLO c\nC:\nC:  \nC+ \\t\\r\\n\nC:  NOOP\nC:   QUIT"),
        new("NOOP HELP ETRN", "plain", "C: NOOP\nC: NOOP x y z\nC: ETRN x\nC: EHLO c\nC: ETRN\nC: ETRN a b\nC: ETRN !x\nC: MAIL FROM:<a@b.test>\nC: ETRN x\nC: QUIT") { Meant = [(@"^(458|459) .*$", "459 <x>: service unavailable", "no per-site queues")] },
        new("VRFY", "plain", "C: VRFY\nC: VRFY user1\nC: VRFY user1@example.com\nC: VRFY <user1@example.com>\nC: VRFY nobody\nC: VRFY far@away.test\nC: VRFY postmaster\nC: VRFY a b\nC: VRFY <>\nC: QUIT"),
        new("NUL", "plain", "C: EHLO c\nC+ NO\\0OP\\r\\n\nC+ MAIL FROM:<a\\0@b.test>\\r\\n\nC: QUIT")
        {
            Meant = [(@"^500 5\.5\.2 Error: command not recognized\n501 5\.1\.7 Bad sender address syntax", "500 5.5.2 Error: bad syntax\n500 5.5.2 Error: bad syntax", "the line is refused, not cut at the NUL")],
        },
        new("bare LF", "plain", "C+ EHLO c\\n\nC+ NOOP\\n\nC: NOOP\nC+ QUIT\\n"),
        new("bare LF refused", "bare newline reject", "C: EHLO c\nC+ NOOP\\n"),
        new("bare CR", "plain", "C: EHLO c\nC+ NOOP\\rNOOP\\r\\n\nC+ NOOP\\r\\r\\n\nC: QUIT")
        {
            Meant = [(@"^250 2\.0\.0 Ok$", "500 5.5.2 Error: command not recognized", "RFC 5321 §2.3.8: a CR alone is no blank")],
        },
        new("over-long lines", "plain", $"C: EHLO c\nC: NOOP {new string('x', 2000)}\nC: NOOP {new string('x', 2043)}\nC: NOOP {new string('x', 2044)}\nC: NOOP {new string('x', 9000)}\nC: NOOP\nC: QUIT")
        {
            Meant = [(@"(^250 CHUNKING\n250 2\.0\.0 Ok\n250 2\.0\.0 Ok\n)250 2\.0\.0 Ok\n250 2\.0\.0 Ok\n", "${1}500 5.5.2 mail.example.com Error: command too long\n500 5.5.2 mail.example.com Error: command too long\n", "Postfix 3.9 and later refuse it; this one cuts it")],
        },
        new("8-bit commands", "plain", "C: EHLO c\nC: NOOP ü\nC: ü\nC+ NOOP \\xff\\r\\n\nC: MAIL FROM:<ü@b.test>\nC: MAIL FROM:<a@b.test>\nC: RCPT TO:<ü@example.com>\nC: QUIT"),
        new("other protocols", "plain", "C: GET / HTTP/1.1"),
        new("other protocols: CONNECT", "plain", "C: CONNECT x:25 HTTP/1.0"),
        new("other protocols: a header", "plain", "C: Host: x"),
        new("other protocols: binary", "plain", "C+ \\x16\\x03\\x01\\r\\n"),
        new("other protocols: a digit", "plain", "C: 12345"),
        new("pipelining after EHLO", "plain", "2C+ EHLO c\\r\\nNOOP\\r\\n"),
        new("pipelining after HELO", "plain", "C: HELO c\n2C+ MAIL FROM:<a@b.test>\\r\\nRCPT TO:<user1@example.com>\\r\\n"),
        new("pipelining after DATA", "plain", "C: EHLO c\n3C+ MAIL FROM:<a@b.test>\\r\\nRCPT TO:<user1@example.com>\\r\\nDATA\\r\\nSubject: x\\r\\n"),
        new("pipelining after STARTTLS", "plain", "C: EHLO c\nC+ STARTTLS\\r\\nEHLO injected\\r\\n") { Meant = [(@"^220 2\.0\.0 Ready to start TLS\n", "554 5.5.0 Error: SMTP protocol synchronization\n", "Postfix drops what was injected and goes on")] },
        new("pipelining as it is allowed", "plain", "C: EHLO c\n4C+ MAIL FROM:<a@b.test>\\r\\nRCPT TO:<user1@example.com>\\r\\nRCPT TO:<user2@example.com>\\r\\nDATA\\r\\n\n2C+ Subject: x\\r\\n\\r\\nbody\\r\\n.\\r\\nRSET\\r\\n\n2C+ RSET\\r\\nQUIT\\r\\n"),
        new("STARTTLS with an argument", "plain", "C: EHLO c\nC: STARTTLS x\nC: QUIT"),
        new("TLS forgets what was before", "plain", "C: EHLO c\nC: AUTH PLAIN AHVzZXIxAHNlY3JldA==\nC: MAIL FROM:<a@b.test>\nC: STARTTLS\nTLS\nC: RCPT TO:<user1@example.com>\nC: EHLO c\nC: AUTH PLAIN AHVzZXIxAHNlY3JldA==\nC: QUIT"),
    ];
}
