using System.Text;

namespace MailServers.Tests.Interop;

/// <summary>The messages that both servers get.</summary>
static class Mail
{
    public static readonly string[] Some =
    [
        "From: Alice <a@b.c>\nTo: bob@d.e\nSubject: one\nDate: Mon, 7 Feb 1994 21:52:25 -0800\nMessage-ID: <1@x>\n\nhello world\n",
        "From: c@d.e\nSubject: =?utf-8?q?K=C3=B6ln?= two\nCc: x@y.z\nDate: Tue, 8 Feb 1994 21:52:25 +0000\n\nsecond body needle\n",
        "From: e@f.g\nSubject: three\nBcc: secret@h.i\nX-Foo: bar\n\nthird\n",
        "Subject: four\nMIME-Version: 1.0\nContent-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: quoted-printable\n\nK=F6ln\n",
        "Subject: five\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Transfer-Encoding: base64\n\naGVsbG8gYmFzZTY0IG5lZWRsZQ==\n--b\n\npart two\n--b--\n",
    ];

    /// <summary>What dots, line ends and missing pieces do to RETR and TOP.</summary>
    public static readonly string[] Dots =
    [
        "Subject: one\nFrom: a@b.c\n\nhello\n.dot line\n..two dots\n.\nend\n",
        "Subject: two\n\nno final newline",
        "Subject: three\n\n",
        "Subject: four\n",
        "Subject: crlf\r\n\r\nx\r\n.\r\n",
        "\nbody only\n",
        "Subject: nul\n\na\0b\n",
        $"Subject: long\n\n{new string('x', 3000)}\n{string.Concat(Enumerable.Repeat("y\n", 50))}",
        "Subject: bare cr\n\na\rb\n\rc\r\r\n",
    ];

    public static void Seed(string maildir, IReadOnlyList<string> messages)
    {
        foreach (var sub in (string[])["cur", "new", "tmp"])
            Directory.CreateDirectory(Path.Combine(maildir, sub));
        for (var i = 0; i < messages.Count; i++)
        {
            var file = Path.Combine(maildir, "new", $"{1_000_000_000 + i}.M1P1.host");
            File.WriteAllText(file, messages[i], new UTF8Encoding(false));
            File.SetLastWriteTimeUtc(file, DateTime.UnixEpoch.AddSeconds(1_300_000_000 + (i * 86_400)));
        }
    }
}
