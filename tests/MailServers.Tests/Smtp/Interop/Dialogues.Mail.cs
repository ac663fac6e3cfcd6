namespace MailServers.Tests.Smtp.Interop;

static partial class Dialogues
{
    const string Envelope = "C: EHLO c\nC: MAIL FROM:<a@b.test>\nC: RCPT TO:<user1@example.com>\n";

    const string Start = Envelope + "C: DATA\n";

    static SmtpDialogue[] Mail =>
    [
        new("by hand", "plain", "C: helo mail.example.com\nC: mail from:user1@example.com\nC: rcpt to:user2@example.com\nC: data\n0C: hello\n0C: by hand\nC: .\nC: quit"),
        new("addresses as people type them", "plain", """
            C: EHLO c
            C: Mail From: a@b.test
            C: Rcpt To: user1@example.com
            C: RCPT TO:user2
            C: RCPT TO: <user1@EXAMPLE.com>
            C: RCPT TO:<USER1@example.com>
            C: RCPT TO:<user1@example.com.>
            C: RCPT TO:<user1+tag@example.com>
            C: RCPT TO:<user1@[127.0.0.1]>
            C: RCPT TO:"user1"@example.com
            C: RCPT TO:<"user1"@example.com>
            C: RCPT TO:<user1@>
            C: RCPT TO:<@example.com>
            C: RCPT TO:<user1@localhost>
            C: RCPT TO:<postmaster>
            C: RCPT TO:<PostMaster>
            C: RCPT TO:postmaster@example.com
            C: QUIT
            """)
        {
            Meant = [(@"^501 5\.1\.3 Bad recipient address syntax\n250 2\.1\.5 Ok\n", "501 5.1.3 Bad recipient address syntax\n501 5.1.3 Bad recipient address syntax\n", "RFC 5321 §4.1.2: a local part is not empty")],
        },
        new("addresses that are wrong", "plain", """
            C: EHLO c
            C: MAIL FROM:a@b.test>
            C: RSET
            C: MAIL FROM:<a@b.test
            C: RSET
            C: MAIL FROM:<a b@c.test>
            C: RSET
            C: MAIL FROM:<a@b@c.test>
            C: RSET
            C: MAIL FROM:<"a b"@c.test>
            C: RSET
            C: MAIL FROM:<a@b..test>
            C: RSET
            C: MAIL FROM:<.a@b.test>
            C: RSET
            C: MAIL FROM:<a@-b.test>
            C: RSET
            C: MAIL FROM:<a@b.test>x
            C: RSET
            C: MAIL FROM:x <a@b.test>
            C: QUIT
            """)
        {
            Meant = [(@"(250 CHUNKING\n)250 2\.1\.0 Ok", "${1}501 5.1.7 Bad sender address syntax", "RFC 5321 §4.1.2: a closing bracket without an opening one")],
        },
        new("recipients that are wrong", "plain", $"""
            C: EHLO c
            C: MAIL FROM:<a@b.test>
            C: RCPT TO:<user1@example.com
            C: RCPT TO:<user1 x@example.com>
            C: RCPT TO:<"user1@example.com>
            C: RCPT TO:<-user1@example.com>
            C: RCPT TO:<{new string('x', 64)}@example.com>
            C: RCPT TO:<{new string('x', 65)}@example.com>
            C: RCPT TO:<{new string('x', 300)}@example.com>
            C: RCPT TO:<user1@{new string('x', 250)}.example.com>
            C: RCPT TO:<us,er1@example.com>
            C: RCPT TO:<us:er1@example.com>
            C: RCPT TO:<us;er1@example.com>
            C: RCPT TO:<us(er)1@example.com>
            C: RCPT TO:<nobody@example.com>
            C: RCPT TO:<nobody>
            C: QUIT
            """)
        {
            Meant = [(@"^550 5\.1\.1 <(x{300}|us:er1)@example\.com>: .*$", "501 5.1.3 Bad recipient address syntax", "RFC 5321 §4.5.3.1.3 limits a path to 256 octets, §4.1.2 has no bare colon in a local part")],
        },
        new("source routes and routes in the local part", "plain", """
            C: EHLO c
            C: MAIL FROM:<@r1.test,@r2.test:a@b.test>
            C: RCPT TO:<@r1.test,@r2.test:user1@example.com>
            C: RCPT TO:<@r1.test:far@away.test>
            C: RCPT TO:<@r1.test>
            C: RCPT TO:<user1%example.com@example.com>
            C: RCPT TO:<far%away.test@example.com>
            C: RCPT TO:<far%away.test>
            C: RCPT TO:<away.test!far>
            C: RCPT TO:<away.test!far@example.com>
            C: RCPT TO:<"far@away.test"@example.com>
            C: RCPT TO:<far@away.test@example.com>
            C: RCPT TO:<example.com!user1>
            C: RCPT TO:<x@relay.test>
            C: RCPT TO:<x%relay.test@example.com>
            C: RCPT TO:<relay.test!x>
            C: RCPT TO:<user1%localhost%example.com@example.com>
            C: RCPT TO:<x@sub.relay.test>
            C: RCPT TO:<x%away.test@relay.test>
            C: RCPT TO:<"x@away.test"@relay.test>
            C: QUIT
            """)
        {
            Meant = [(@"^454 4\.7\.1 <@r1\.test>: Relay access denied", "501 5.1.3 Bad recipient address syntax", "a route without an address behind it")],
        },
        new("relaying is refused", "plain", "C: EHLO c\nC: MAIL FROM:<user1@example.com>\nC: RCPT TO:<far@away.test>\nC: RCPT TO:far@away.test\nC: RCPT TO:<far@[192.0.2.9]>\nC: RCPT TO:<far@[IPv6:2001:db8::1]>\nC: DATA\nC: QUIT"),
        new("parameters of MAIL", "plain", """
            C: EHLO c
            C: MAIL FROM:<a@b.test> SIZE=1000 BODY=8BITMIME
            C: RSET
            C: MAIL FROM:<a@b.test> body=7bit size=0
            C: RSET
            C: MAIL FROM:<a@b.test> BODY=BINARYMIME
            C: RSET
            C: MAIL FROM:<a@b.test> BODY=
            C: RSET
            C: MAIL FROM:<a@b.test> SIZE=
            C: RSET
            C: MAIL FROM:<a@b.test> SIZE=x
            C: RSET
            C: MAIL FROM:<a@b.test> SIZE=-1
            C: RSET
            C: MAIL FROM:<a@b.test> FOO
            C: RSET
            C: MAIL FROM:<a@b.test> FOO=BAR
            C: QUIT
            """),
        new("sizes", "plain", "C: EHLO c\nC: MAIL FROM:<a@b.test> SIZE=10240000\nC: RSET\nC: MAIL FROM:<a@b.test> SIZE=10240001\nC: RSET\nC: MAIL FROM:<a@b.test> SIZE=99999999999999999999\nC: MAIL FROM:<a@b.test> SIZE\nC: QUIT"),
        new("delivery status parameters", "plain", """
            C: EHLO c
            C: MAIL FROM:<a@b.test> RET=HDRS ENVID=abc+2Bdef
            C: RCPT TO:<user1@example.com> NOTIFY=SUCCESS,FAILURE ORCPT=rfc822;user1@example.com
            C: RCPT TO:<user2@example.com> NOTIFY=NEVER
            C: RCPT TO:<user2@example.com> NOTIFY=NEVER,SUCCESS
            C: RCPT TO:<user2@example.com> NOTIFY=FOO
            C: RCPT TO:<user2@example.com> NOTIFY=
            C: RCPT TO:<user2@example.com> ORCPT=x
            C: RCPT TO:<user2@example.com> ORCPT=
            C: RCPT TO:<user2@example.com> ORCPT=rfc822;a+b
            C: RCPT TO:<user2@example.com> FOO=BAR
            C: RSET
            C: MAIL FROM:<a@b.test> RET=FOO
            C: RSET
            C: MAIL FROM:<a@b.test> RET=FULL RET=HDRS
            C: RSET
            C: MAIL FROM:<a@b.test> ENVID=
            C: RSET
            C: MAIL FROM:<a@b.test> ENVID=a+zz
            C: RSET
            C: MAIL FROM:<a@b.test> ret=full envid=x
            C: QUIT
            """),
        new("null sender", "plain", "C: EHLO c\nC: MAIL FROM:<>\nC: RCPT TO:<user1@example.com>\nC: RCPT TO:<user2@example.com>\nC: DATA\n0C: Subject: null\n0C:\nC: .\nC: QUIT")
        {
            Meant = [(@"^From: MAILER-DAEMON(?=\r\n)", "From: MAILER-DAEMON@mail.example.com", "RFC 5322 §3.4.1: an address has a domain")],
        },
        new("an empty message", "plain", Start + "C: .\nC: QUIT"),
        new("dots", "plain", Start + "0C: Subject: dots\n0C:\n0C: ..\n0C: ..two\n0C: .one\n0C: a.\n0C: . \n0C: ...\nC: .\nC: QUIT"),
        new("a header and a body", "plain", Start + "0C: Received: from x by y; Mon, 1 Jan 2024 00:00:00 +0000\n0C: Subject: x\n0C:  folded\n0C: Bcc: hidden@x.test\n0C: Return-Path: <x@x.test>\n0C: Content-Length: 3\n0C: From: a@b.test\n0C: Date: Mon, 1 Jan 2024 00:00:00 +0000\n0C: Message-ID: <1@b.test>\n0C:\n0C: body\n0C:\nC: .\nC: QUIT"),
        new("no header", "plain", Start + "0C: just text\n0C: more: text\nC: .\nC: QUIT"),
        new("a message that begins with an empty line", "plain", Start + "0C:\n0C: body\nC: .\nC: QUIT"),
        new("a message that begins with a blank", "plain", Start + "0C:  x\n0C: Subject: y\n0C:\n0C: body\nC: .\nC: QUIT"),
        new("a message that begins with From_", "plain", Start + "0C: From a@b.test Mon Jan  1 00:00:00 2024\n0C: Subject: y\n0C:\n0C: body\nC: .\nC: QUIT"),
        new("a message that begins with a quoted From_", "plain", Start + "0C: >>From x\n0C: Subject: y\n0C:\n0C: From x\nC: .\nC: QUIT"),
        new("a line in the header that is none", "plain", Start + "0C: Subject: y\n0C: no header line\n0C: From: x@y.test\n0C:\n0C: body\nC: .\nC: QUIT"),
        new("only a header", "plain", Start + "0C: Subject: y\n0C: From: x@y.test\nC: .\nC: QUIT"),
        new("8-bit text and NUL", "plain", Start + "0C: Subject: ü\n0C:\n0C+ \\xff\\xfe\\r\\nü\\r\\n\nC: .\nC: QUIT"),
        new("long lines", "plain", Start + $"0C: Subject: long\n0C:\n0C: {new string('x', 990)}\n0C: {new string('y', 998)}\n0C: end\nC: .\nC: QUIT"),
        new("bare LF in a text", "plain", Start + "0C+ Subject: x\\n\\nline\\nline\\r\\n\nC: .\nC: QUIT"),
        new("two mails", "plain", Start + "0C: Subject: 1\n0C:\nC: .\nC: DATA\nC: RCPT TO:<user1@example.com>\nC: MAIL FROM:<c@d.test>\nC: RCPT TO:<user2@example.com>\nC: DATA\n0C: Subject: 2\n0C:\nC: .\nC: QUIT"),
        new("BDAT", "plain", Envelope + "C+ BDAT 14\\r\\nSubject: x\\r\\n\\r\\n\nC+ BDAT 9 LAST\\r\\n.\\r\\n.x\\r\\n\\r\\n\nC: QUIT"),
        new("BDAT without text", "plain", Envelope + "C: BDAT 0 LAST\nC: QUIT"),
        new("BDAT of nothing", "plain", Envelope + "C: BDAT 0\nC: BDAT 0 LAST\nC: RSET\nC: QUIT"),
        new("BDAT in no order", "plain", "C: EHLO c\nC+ BDAT 3\\r\\nabc\nC: MAIL FROM:<a@b.test>\nC+ BDAT 3\\r\\nabc\nC: RCPT TO:<nobody@example.com>\nC+ BDAT 3 LAST\\r\\nabc\nC: RSET\nC: MAIL FROM:<a@b.test>\nC: RCPT TO:<user1@example.com>\nC+ BDAT 3\\r\\nabc\nC: RCPT TO:<user2@example.com>\nC: MAIL FROM:<a@b.test>\nC: DATA\nC: NOOP\nC: RSET\nC: QUIT"),
        new("BDAT with a bad count", "plain", Envelope + "C: BDAT x\nC: NOOP"),
        new("BDAT with too many words", "plain", Envelope + "C: BDAT 3 LAST x\nC: NOOP"),
        new("BDAT without a count", "plain", Envelope + "C: BDAT\nC: NOOP"),
        new("BDAT pipelined", "plain", "C: EHLO c\n4C+ MAIL FROM:<a@b.test>\\r\\nRCPT TO:<user1@example.com>\\r\\nBDAT 12\\r\\nSubject: x\\r\\nBDAT 0 LAST\\r\\n\nC: QUIT"),
        new("BDAT that is too large", "limits", Envelope + $"C+ BDAT 4000 LAST\\r\\n{new string('x', 4000)}\nC: NOOP\nC: QUIT"),
        new("lost in the middle of a text", "plain", Start + "0C: Subject: lost"),
    ];
}
