namespace MailServers.Tests.Smtp.Interop;

static partial class Dialogues
{
    static string Received(int count) => string.Concat(Enumerable.Repeat("0C: Received: from a by b; Mon, 1 Jan 2024 00:00:00 +0000\n", count));

    static SmtpDialogue[] Refusals =>
    [
        new("too many errors", "limits", "C: EHLO c\nC: FOO\nC: FOO\nC: FOO\nC: FOO\nC: NOOP\nC: QUIT"),
        new("too many junk commands", "limits", "C: EHLO c\nC: NOOP\nC: RSET\nC: NOOP\nC: NOOP\nC: VRFY <user1@example.com>\nC: NOOP\nC: NOOP\nC: NOOP\nC: NOOP\nC: NOOP"),
        new("a mail forgives", "limits", Envelope.Replace("C: EHLO c\n", "C: EHLO c\nC: FOO\nC: FOO\nC: FOO\n") + "C: DATA\n0C: Subject: x\n0C:\nC: .\nC: FOO\nC: FOO\nC: FOO\nC: NOOP\nC: QUIT"),
        new("over-long lines are no errors", "limits", $"C: EHLO c\n{string.Concat(Enumerable.Repeat($"C: NOOP {new string('x', 3000)}\n", 6))}C: QUIT")
        {
            Meant = [(@"^250 2\.0\.0 Ok$", "500 5.5.2 mail.example.com Error: command too long", "Postfix 3.9 and later refuse it; this one cuts it")],
        },
        new("too many recipients", "limits", Envelope + "C: RCPT TO:<user2@example.com>\nC: RCPT TO:<user1@example.com>\nC: RCPT TO:<user2@example.com>\nC: RCPT TO:<user1@example.com>\nC: RCPT TO:<user1@example.com>\nC: RCPT TO:<user1@example.com>\nC: RCPT TO:<user1@example.com>\nC: RCPT TO:<user1@example.com>\nC: NOOP\nC: QUIT"),
        new("a message that is too large", "limits", Envelope + $"C: DATA\n0C: Subject: large\n0C:\n{string.Concat(Enumerable.Repeat($"0C: {new string('x', 98)}\n", 40))}C: .\nC: NOOP\nC: MAIL FROM:<a@b.test> SIZE=3001\nC: QUIT"),
        new("a message that just fits", "limits", Envelope + $"C: DATA\n0C: Subject: fits\n0C:\n{string.Concat(Enumerable.Repeat($"0C: {new string('x', 98)}\n", 25))}C: .\nC: QUIT"),
        new("too many hops", "limits", Envelope + $"C: DATA\n{Received(4)}0C:\n0C: x\nC: .\nC: NOOP\nC: QUIT") { LogDiffers = "Postfix's cleanup says it" },
        new("as many hops as may be", "limits", Envelope + $"C: DATA\n{Received(3)}0C:\n0C: x\nC: .\nC: QUIT"),
        new("strict envelopes", "limits", "C: EHLO c\nC: MAIL FROM:a@b.test\nC: MAIL FROM: <a@b.test>\nC: QUIT"),
        new("no auth service takes any size", "no auth", "C: EHLO c\nC: MAIL FROM:<a@b.test> SIZE=999999999\nC: QUIT"),
        new("clients refused at once", "reject early", "C: EHLO c\nC: MAIL FROM:<a@b.test>\nC: NOOP\nC: FOO\nC: QUIT"),
        new("HELO refused at once", "reject helo early", "C: HELO x\nC: EHLO a_b\nC: EHLO client.example.net\nC: MAIL FROM:<user1>\nC: MAIL FROM:<a@b>\nC: MAIL FROM:<a@b.test>\nC: RCPT TO:<user1@example.com>\nC: QUIT"),
        new("restrictions at RCPT", "restrictions", """
            C: HELO x
            C: MAIL FROM:<a@b.test>
            C: RCPT TO:<user1@example.com>
            C: HELO [1.2.3
            C: MAIL FROM:<a@b.test>
            C: RCPT TO:<user1@example.com>
            C: HELO [1.2.3.4]
            C: MAIL FROM:<a@b.test>
            C: RCPT TO:<user1@example.com>
            C: HELO 1.2.3.4
            C: MAIL FROM:<a@b.test>
            C: RCPT TO:<user1@example.com>
            C: HELO a..b
            C: MAIL FROM:<a@b.test>
            C: RCPT TO:<user1@example.com>
            C: HELO client.example.net
            C: MAIL FROM:<user1>
            C: RCPT TO:<user1@example.com>
            C: RSET
            C: MAIL FROM:<a@b>
            C: RCPT TO:<user1@example.com>
            C: RSET
            C: MAIL FROM:<>
            C: RCPT TO:<user1>
            C: RCPT TO:<user1@localhost>
            C: RCPT TO:<user1@example.com>
            C: RCPT TO:<postmaster>
            C: QUIT
            """),
        new("clients refused at RCPT", "reject client late", $"C: EHLO c\nC: MAIL FROM:<a@b.test>\nC: RCPT TO:<user1@example.com>\nC: VRFY user1\nC: RSET\nC: AUTH PLAIN {Right}\nC: MAIL FROM:<a@b.test>\nC: RCPT TO:<nobody@example.com>\nC: DATA\nC: QUIT"),
        new("DATA refused", "reject data", Envelope + "C: DATA\nC+ BDAT 3 LAST\\r\\nabc\nC: QUIT"),
        new("the end of the text refused", "reject end of data", Start + "0C: Subject: x\n0C:\nC: .\nC: MAIL FROM:<a@b.test>\nC: RCPT TO:<user1@example.com>\nC+ BDAT 3 LAST\\r\\nabc\nC: QUIT")
        {
            Meant = [(@"^503 5\.5\.1 Error: nested MAIL command\n250 2\.1\.5 Ok\n", "250 2.1.0 Ok\n250 2.1.5 Ok\n", "RFC 5321 §4.1.1.4: after the end of the text the mail is over; Postfix 3.12 agrees")],
        },
        new("deferred if it would pass", "defer if permit", "C: EHLO c\nC: MAIL FROM:<a@b.test>\nC: RCPT TO:<user1@example.com>\nC: RCPT TO:<far@away.test>\nC: RCPT TO:<nobody@example.com>\nC: RCPT TO:<postmaster>\nC: QUIT"),
        new("a restriction that nobody knows", "unknown restriction", "C: EHLO c\nC: MAIL FROM:<a@b.test>\nC: RCPT TO:<user1@example.com>\nC: QUIT"),
    ];
}
