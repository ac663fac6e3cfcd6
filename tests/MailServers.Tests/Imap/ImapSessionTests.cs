namespace MailServers.Tests.Imap;

public sealed class ImapSessionTests
{
    [Fact]
    public Task The_first_slice() => ImapHouse.PlayAsync("""
        C: a1 CAPABILITY
        S: * CAPABILITY IMAP4rev1 *
        S: a1 OK Capability completed.
        C: a2 select inbox
        S: * FLAGS (\Answered \Flagged \Deleted \Seen \Draft)
        S: * OK [PERMANENTFLAGS (\Answered \Flagged \Deleted \Seen \Draft \*)] Flags permitted.
        S: * 2 EXISTS
        S: * 2 RECENT
        S: * OK [UNSEEN 1] First unseen.
        S: * OK [UIDVALIDITY *] UIDs valid
        S: * OK [UIDNEXT 3] Predicted next UID
        S: a2 OK [READ-WRITE] Select completed.
        C: a3 FETCH 1:2 (FLAGS UID INTERNALDATE RFC822.SIZE BODY[])
        S: * 1 FETCH (FLAGS (\Seen \Recent) UID 1 INTERNALDATE "*" RFC822.SIZE 100 BODY[] {100}
        S: From: Fred Foobar <foobar@example.com>
        S: Subject: 1
        S: Date: Mon, 7 Feb 1994 21:52:25 -0800
        S:
        S: text 1
        S: )
        S: * 2 FETCH *
        S: From: Fred Foobar <foobar@example.com>
        S: Subject: 2
        S: Date: Mon, 7 Feb 1994 21:52:25 -0800
        S:
        S: text 2
        S: )
        S: a3 OK Fetch completed.
        C: a4 APPEND INBOX (\Seen) {12+}
        C+ A: b\r\n\r\nhi\r\n\r\n
        S: * 3 EXISTS
        S: * 3 RECENT
        S: a4 OK [APPENDUID * 3] Append completed.
        C: a5 LOGOUT
        S: * BYE Logging out
        S: a5 OK Logout completed.
        S: [closed]
        """, ImapHouse.With(2));
}
