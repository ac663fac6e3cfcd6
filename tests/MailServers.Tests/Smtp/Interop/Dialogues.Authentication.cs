namespace MailServers.Tests.Smtp.Interop;

static partial class Dialogues
{
    // user1 with the password secret, in PLAIN's form.
    const string Right = "AHVzZXIxAHNlY3JldA==", Wrong = "AHVzZXIxAHdyb25n";

    static SmtpDialogue[] Authentication =>
    [
        new("AUTH PLAIN", "plain", $"C: EHLO c\nC: AUTH PLAIN {Right}\nC: AUTH PLAIN {Right}\nC: MAIL FROM:<a@b.test>\nC: RCPT TO:<far@away.test>\nC: QUIT"),
        new("AUTH PLAIN without initial response", "plain", $"C: EHLO c\nC: AUTH PLAIN\nC: {Right}\nC: QUIT"),
        new("AUTH PLAIN with an empty initial response", "plain", "C: EHLO c\nC: AUTH PLAIN =\nC: QUIT"),
        new("AUTH LOGIN", "plain", "C: EHLO c\nC: AUTH LOGIN\nC: dXNlcjE=\nC: c2VjcmV0\nC: QUIT"),
        new("AUTH LOGIN with an initial response", "plain", "C: EHLO c\nC: AUTH LOGIN dXNlcjE=\nC: c2VjcmV0\nC: QUIT"),
        new("AUTH in lower case", "plain", $"C: ehlo c\nC: auth plain {Right}\nC: quit"),
        new("AUTH after HELO", "plain", $"C: HELO c\nC: AUTH PLAIN {Right}\nC: QUIT"),
        new("AUTH before HELO", "plain", $"C: AUTH PLAIN {Right}\nC: QUIT"),
        new("AUTH with a wrong password", "plain", $"C: EHLO c\nC: AUTH PLAIN {Wrong}\nC: AUTH LOGIN\nC: dXNlcjE=\nC: d3Jvbmc=\nC: AUTH PLAIN {Right}\nC: QUIT"),
        new("AUTH aborted", "plain", $"C: EHLO c\nC: AUTH LOGIN\nC: *\nC: AUTH PLAIN\nC: *\nC: AUTH LOGIN\nC: dXNlcjE=\nC: *\nC: AUTH PLAIN {Right}\nC: QUIT"),
        new("AUTH with bad base64", "plain", "C: EHLO c\nC: AUTH PLAIN !!!!\nC: AUTH PLAIN AAA\nC: AUTH PLAIN\nC: ä\nC: AUTH LOGIN\nC: ==\nC: AUTH PLAIN *\nC: QUIT"),
        new("AUTH with an unknown mechanism", "plain", "C: EHLO c\nC: AUTH FOO\nC: AUTH FOO x\nC: QUIT"),
        new("AUTH with a mechanism that is not offered", "plain", "C: EHLO c\nC: AUTH ANONYMOUS x\nC: QUIT"),
        new("AUTH with a mechanism that the filter hides", "plain", "C: EHLO c\nC: AUTH EXTERNAL =\nC: QUIT")
        {
            Meant = [(@"no such mechanism", "Invalid authentication mechanism", "Postfix only hides it and asks the auth server")],
        },
        new("AUTH with a wrong number of words", "plain", "C: EHLO c\nC: AUTH\nC: AUTH PLAIN x y\nC: AUTH  PLAIN   \nC: *\nC: QUIT"),
        new("AUTH with too long a response", "limits", $"C: EHLO c\nC: AUTH PLAIN\nC: {new string('A', 12_300)}\nC: NOOP\nC: AUTH LOGIN\nC: {new string('A', 40_000)}\nC: QUIT"),
        new("AUTH with too long an initial response", "plain", $"C: EHLO c\nC: AUTH PLAIN {new string('A', 4000)}\nC: QUIT")
        {
            Meant = [(@"^535 5\.7\.8 Error: authentication failed: malformed", "500 5.5.2 mail.example.com Error: command too long", "Postfix 3.9 and later refuse it; this one cuts it")],
        },
        new("AUTH during a mail", "plain", $"C: EHLO c\nC: MAIL FROM:<a@b.test>\nC: AUTH PLAIN {Right}\nC: RSET\nC: AUTH PLAIN {Right}\nC: QUIT"),
        new("a login lives on", "plain", $"C: EHLO c\nC: AUTH PLAIN {Right}\nC: RSET\nC: EHLO c\nC: AUTH PLAIN {Right}\nC: MAIL FROM:<a@b.test>\nC: RCPT TO:<far@away.test>\nC: RSET\nC: MAIL FROM:<>\nC: RCPT TO:<far@away.test>\nC: QUIT"),
        new("AUTH of MAIL", "plain", "C: EHLO c\nC: MAIL FROM:<a@b.test> AUTH=<>\nC: RSET\nC: MAIL FROM:<a@b.test> AUTH=x+40y\nC: RSET\nC: MAIL FROM:<a@b.test> AUTH=\nC: RSET\nC: MAIL FROM:<a@b.test> AUTH\nC: RSET\nC: MAIL FROM:<a@b.test> AUTH=x AUTH=y\nC: QUIT"),
        new("AUTH of MAIL where AUTH is off", "no auth", "C: EHLO c\nC: MAIL FROM:<a@b.test> AUTH=<>\nC: QUIT"),
        new("AUTH gives up after too many failures", "limits", $"C: EHLO c\nC: AUTH PLAIN {Wrong}\nC: AUTH PLAIN {Wrong}\nC: AUTH PLAIN {Wrong}\nC: AUTH PLAIN {Wrong}\nC: NOOP"),
        new("relaying in the walkthrough", "walkthrough F1", $"C: EHLO c\nC: MAIL FROM:<user1@example.com>\nC: RCPT TO:<far@away.test>\nC: RCPT TO:<user2@example.com>\nC: RSET\nC: AUTH LOGIN\nC: dXNlcjE=\nC: c2VjcmV0\nC: MAIL FROM:<user1@example.com>\nC: RCPT TO:<far@away.test>\nC: DATA\n0C: Subject: relayed\n0C:\n0C: text\nC: .\nC: QUIT"),
        new("submission", "submission", $"C: EHLO c\nC: STARTTLS\nTLS\nC: EHLO c\nC: MAIL FROM:<user1@example.com>\nC: RCPT TO:<user2@example.com>\nC: RSET\nC: AUTH PLAIN {Right}\nC: MAIL FROM:<user1@example.com>\nC: RCPT TO:<far@away.test>\nC: DATA\n0C: Subject: submitted\n0C:\n0C: text\nC: .\nC: QUIT"),
    ];
}
