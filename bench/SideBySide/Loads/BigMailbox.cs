using System.Text;
using Sasl.Hosting.Unix;
using SideBySide.Contenders;

namespace SideBySide.Loads;

/// <summary>A Maildir of ordinary mail: four plain messages, then one with a text, an HTML twin and an attachment.</summary>
static class BigMailbox
{
    public static void Write(string maildir, int messages)
    {
        var parent = Path.GetDirectoryName(maildir)!;
        foreach (var directory in new[] { parent, maildir, $"{maildir}/cur", $"{maildir}/new", $"{maildir}/tmp" })
            Own(Directory.CreateDirectory(directory).FullName, 0x1C0);
        for (var i = 0; i < messages; i++)
        {
            var path = $"{maildir}/cur/{1_700_000_000 + i}.M{i:D6}P1.bench:2,{(i % 3 == 0 ? "" : "S")}";
            File.WriteAllBytes(path, Encoding.ASCII.GetBytes(Message(i)));
            Own(path, 0x180);
        }
    }

    static void Own(string path, uint mode)
    {
        Files.ChangeMode(path, mode);
        if (Identity.IsRoot)
            Files.ChangeOwner(path, BenchUsers.Uid, BenchUsers.Gid);
    }

    static string Message(int i)
    {
        var text = new StringBuilder($"""
            Return-Path: <sender{i % 50}@example.org>
            Received: from mx.example.org (mx.example.org [192.0.2.7]) by mail.test.example with ESMTPS id {i:x8} for <reader@test.example>; Tue, 1 Jul 2025 10:52:37 +0200
            Date: Tue, 1 Jul 2025 10:{i / 60 % 60:D2}:{i % 60:D2} +0200
            From: "Sender, Number {i % 50}" <sender{i % 50}@example.org>
            To: Reader <reader@test.example>, =?utf-8?Q?J=C3=BCrgen?= <juergen@test.example>
            Cc: list@lists.example.org
            Subject: Message {i} of the mailbox
            Message-ID: <{i}.bench@example.org>
            In-Reply-To: <{i - 1}.bench@example.org>
            References: <{i - 2}.bench@example.org> <{i - 1}.bench@example.org>
            MIME-Version: 1.0

            """);
        if (i % 5 < 4)
            return text.Append("Content-Type: text/plain; charset=us-ascii\n\n").Append(Lines(16)).ToString();
        return text.Append($"""
            Content-Type: multipart/mixed; boundary="mixed{i}"

            --mixed{i}
            Content-Type: multipart/alternative; boundary="alternative{i}"

            --alternative{i}
            Content-Type: text/plain; charset=utf-8

            {Lines(10)}
            --alternative{i}
            Content-Type: text/html; charset=utf-8

            <html><body>{Lines(10)}</body></html>
            --alternative{i}--
            --mixed{i}
            Content-Type: application/octet-stream; name="data.bin"
            Content-Disposition: attachment; filename="data.bin"
            Content-Transfer-Encoding: base64

            {Convert.ToBase64String(new byte[3000], Base64FormattingOptions.InsertLineBreaks)}
            --mixed{i}--

            """).Replace("\r", "").ToString();
    }

    static string Lines(int count) => string.Concat(Enumerable.Repeat("The quick brown fox jumps over the lazy dog and comes back for more of it.\n", count));
}
