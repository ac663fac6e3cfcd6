namespace MailServers.Tests.Imap.Interop;

/// <summary>Messages whose envelope or structure is easy to get wrong, with LF.</summary>
static class TrickyMessages
{
    public static readonly (string Name, string Text)[] All =
    [
        ("plain", "From: a@example.com\nTo: b@example.com\nSubject: x\nDate: Mon, 7 Feb 1994 21:52:25 -0800\nMessage-ID: <1@x>\nIn-Reply-To: <0@x>\n\nhello\nworld\n"),
        ("no final line end", "Subject: x\n\nhello"),
        ("empty body", "Subject: x\n\n"),
        ("header only", "Subject: x\nFrom: a@b.c\n"),
        ("no header", "\nbody only\n"),
        ("addresses", "From: \"Q \\\"x\\\" Y\" <a@b.c>, plain@b.c (A Comment), <@r1,@r2:routed@b.c>\nSender: s@b.c\nReply-To: Group One: x@b.c, Y <y@b.c>;, after@b.c\n"
            + "To: undisclosed-recipients:;\nCc: local, Jürgen <j@b.c>, =?utf-8?q?J=C3=BCrgen?= <k@b.c>\nBcc: a.b.c@[127.0.0.1], \"quoted local\"@b.c\n\nx\n"),
        ("folded", "Subject: one\n two\n\tthree\nFrom: Very\n Long\n Name <a\n @b.c>\nTo:\n x@b.c,\n y@b.c\n\nx\n"),
        ("8-bit subject", "Subject: Grüße \"x\\\nFrom: a@b.c\n\nx\n"),
        ("mixed", "Content-Type: multipart/mixed; boundary=\"=_b\"\nMIME-Version: 1.0\n\npreamble\n--=_b\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\na=20\n\n"
            + "--=_b\nContent-Type: TEXT/HTML\nContent-ID: <id@x>\nContent-Description: some text\nContent-MD5: Q2hlY2sgSW50ZWdyaXR5IQ==\nContent-Language: en, de\nContent-Location: http://x/y\nContent-Disposition: attachment; filename=\"a b.html\"; size=5\n\n<b>\n--=_b--\nepilogue\n"),
        ("parts without headers", "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nfirst\n--b\n\nsecond\n\n--b--\n"),
        ("boundary is a prefix", "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: multipart/alternative; boundary=bb\n\n--bb\n\none\n--bb\n\ntwo\n--bb--\n--b\n\nthree\n--b--\n"),
        ("no closing boundary", "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\none\n--b\n\ntwo\n"),
        ("inner boundary not closed", "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=o\n\n--o\nContent-Type: multipart/mixed; boundary=i\n\n--i\n\none\n--o\n\ntwo\n--o--\n"),
        ("message", "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: message/rfc822\n\nFrom: in@b.c\nSubject: inner\n\ninside\ntwo lines\n--b--\n"),
        ("message as the root", "MIME-Version: 1.0\nContent-Type: message/rfc822\n\nSubject: inner\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\none\n--b--\n"),
        ("digest", "MIME-Version: 1.0\nContent-Type: multipart/digest; boundary=b\n\n--b\n\nSubject: first\n\none\n--b\n\nSubject: second\n\ntwo\n--b--\n"),
        ("parameters", "MIME-Version: 1.0\nContent-Type: application/x-y; a=b; name*0=abc; name*1=\"def\"; c=\"x \\\"y\\\" z\"; charset*=utf-8''%c3%a4\nContent-Disposition: INLINE; filename*=utf-8''%c3%a4.txt\nContent-Transfer-Encoding: BASE64\n\nAAEC\n"),
        ("comments", "MIME-Version: 1.0 (x)\nContent-Type: text (a) / plain (b) ; charset (c) = us-ascii (d)\nSubject: x (y)\nContent-Transfer-Encoding: (x) 8bit\n\nx\n"),
        ("broken content type", "MIME-Version: 1.0\nContent-Type: garbage\n\nx\n"),
        ("empty content type", "MIME-Version: 1.0\nContent-Type:\n\nx\n"),
        ("multipart without boundary", "MIME-Version: 1.0\nContent-Type: multipart/mixed\n\nx\n"),
        ("multipart without parts", "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\nno part here\n"),
        ("two of each", "Subject: one\nSubject: two\nFrom: a@b.c\nFrom: d@e.f\nTo: x@y.z\nTo: v@w.z\nDate: 1\nDate: 2\n\nx\n"),
        ("empty fields", "Subject:\nFrom:\nSender:\nTo:\nDate:\nMessage-ID:\n\nx\n"),
        ("words that are no addresses", "To: a b c, \"q\", A B a@b.c\nCc: a@b.c d@e.f\nBcc: x <a@b> y\n\nx\n"),
        ("words behind addresses", "To: a@b c\nCc: x <a@b> <c@d>\nBcc: a@b<c@d>\nFrom: a@b@c\nSender: a@b:25\nReply-To: a@b \"c\"\n\nx\n"),
        ("one language", "MIME-Version: 1.0\nContent-Language: en\n\nx\n"),
        ("text behind a boundary", "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b text\n\none\n--bx\n\ntwo\n--b\t \n\nthree\n--b--x\nepilogue\n"),
        ("boundary with a blank at its end", "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=\"a b \"\n\n--a b \n\nx\n--a b --\n"),
        ("9,000 parts", $"MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n{string.Concat(Enumerable.Repeat("--b\n\nx\n", 9000))}--b--\n"),
        ("deep", "MIME-Version: 1.0\n" + string.Concat(Enumerable.Range(0, 99).Select(static i => $"Content-Type: multipart/mixed; boundary=b{i:D2}\n\n--b{i:D2}\n")) + "\ndeep\n"),
        ("header longer than any buffer", "Subject: " + new string('x', 200_000) + "\nFrom: a@b.c\n\nx\n"),
        ("100,000 header lines", string.Concat(Enumerable.Repeat("X: y\n", 100_000)) + "Subject: last\n\nx\n"),
        ("3,000 addresses", "To: " + string.Join(", ", Enumerable.Range(0, 3000).Select(static i => $"u{i}@x.y")) + "\n\nx\n"),
        ("lines that are no fields", "Subject: x\nno field\nFrom: a@b.c\n: \nDate : 1\n\nx\n"),
        ("crlf", "Subject: x\r\nFrom: a@b.c\r\n\r\nhello\r\nworld\r\n"),
        ("blank lines at the end of parts", "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\n--b\nContent-Type: text/plain\n\n\n--b\nContent-Type: text/plain\n\n\n\n--b--\n\n\n"),
    ];
}
