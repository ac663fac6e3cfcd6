using MailServers.Imap;

namespace MailServers.Tests.Imap.Commands;

public sealed class AppendTests
{
    [Fact]
    public Task The_example_of_RFC_3501() => ImapHouse.PlayAsync("""
        C: A000 CREATE saved-messages
        S: A000 OK *
        C: A003 APPEND saved-messages (\Seen) {310}
        S: + OK
        C: Date: Mon, 7 Feb 1994 21:52:25 -0800 (PST)
        C: From: Fred Foobar <foobar@Blurdybloop.COM>
        C: Subject: afternoon meeting
        C: To: mooch@owatagu.siam.edu
        C: Message-Id: <B27397-0100000@Blurdybloop.COM>
        C: MIME-Version: 1.0
        C: Content-Type: TEXT/PLAIN; CHARSET=US-ASCII
        C:
        C: Hello Joe, do you think we can meet at 3:30 tomorrow?
        C:
        S: A003 OK [APPENDUID * 1] Append completed.
        C: A004 EXAMINE saved-messages
        S: * FLAGS *
        S: * OK *
        S: * 1 EXISTS
        S: * RECENT
        S: * OK *
        S: * OK *
        S: A004 OK *
        C: A005 FETCH 1 (RFC822.SIZE BODY[TEXT]<0.9>)
        S: * 1 FETCH (RFC822.SIZE 310 BODY[TEXT]<0> {9}
        S: Hello Joe)
        S: A005 OK *
        """);

    [Fact]
    public Task Flags_keywords_date_and_a_mailbox_as_a_literal() => ImapHouse.PlayAsync("""
        C: a1 APPEND {5}
        S: + OK
        C+ inbox (\\Flagged $Label1) "01-Feb-2003 04:05:06 +0200" {9}\r\n
        S: + OK
        C+ A: b\r\n\r\nc\r\n
        S: a1 OK [APPENDUID * 1] Append completed.
        C: a2 EXAMINE INBOX
        S: * FLAGS (*$Label1)
        S: * OK *
        S: * 1 EXISTS
        S: * RECENT
        S: * OK [UNSEEN 1] *
        S: * OK *
        S: * OK *
        S: a2 OK *
        C: a3 FETCH 1 (FLAGS INTERNALDATE)
        S: * 1 FETCH (FLAGS (\Flagged *$Label1) INTERNALDATE "01-Feb-2003 02:05:06 +0000")
        S: a3 OK *
        """);

    [Fact]
    public Task Refusals_take_the_literal_when_it_comes_unasked() => ImapHouse.PlayAsync("""
        C: a1 APPEND nowhere {10}
        S: a1 NO [TRYCREATE] Mailbox doesn't exist: nowhere
        C: a2 APPEND nowhere {13+}
        C: a3 LOGOUT
        C+ xx\r\n
        S: a2 NO [TRYCREATE] Mailbox doesn't exist: nowhere
        C: a4 APPEND INBOX {21+}
        C: a5 LOGOUT
        C+ xx12345678\r\n
        S: a4 NO [TOOBIG] Message is too large.
        C: a6 APPEND INBOX "yesterday" {5}
        S: a6 BAD Error in IMAP command APPEND: Invalid internal date.
        C: a7 APPEND INBOX
        S: a7 BAD *
        C: a8 APPEND INBOX "not a literal"
        S: a8 BAD *
        C: a9 APPEND INBOX {5+}
        C+ a\0b\r\n\r\n
        S: a9 BAD Error in IMAP command APPEND: NULs in literal.
        C: b1 APPEND INBOX {5+}
        C+ a:b\r\n trailing\r\n
        S: b1 BAD Error in IMAP command APPEND: Unexpected argument.
        C: b2 STATUS INBOX (MESSAGES)
        S: * STATUS INBOX (MESSAGES 0)
        S: b2 OK *
        """, settings: ImapSettings.Default with { LargestMessage = 20 });
}
