namespace MailServers.Tests.Imap.Commands;

/// <summary>COPY, MOVE and their UID forms.</summary>
public sealed class CopyTests
{
    const string Select = """
        C: s1 CREATE Archive
        S: s1 OK *
        C: s2 SELECT INBOX
        S: * FLAGS *
        S: * OK [PERMANENTFLAGS *
        S: * 4 EXISTS
        S: * 4 RECENT
        S: * OK [UNSEEN 1] *
        S: * OK [UIDVALIDITY *
        S: * OK [UIDNEXT *
        S: s2 OK *

        """;

    [Fact]
    public Task Copy_and_move() => ImapHouse.PlayAsync(Select + """
        C: a1 COPY 2:4 Archive
        S: a1 OK [COPYUID * 2:4 1:3] Copy completed.
        C: a2 UID COPY 1,4 Archive
        S: a2 OK [COPYUID * 1,4 4:5] Copy completed.
        C: a3 COPY 1 nowhere
        S: a3 NO [TRYCREATE] Mailbox doesn't exist: nowhere
        C: a4 COPY 9 Archive
        S: a4 BAD Error in IMAP command COPY: Invalid messageset.
        C: a5 UID COPY 9 Archive
        S: a5 OK No messages found.
        C: a6 MOVE 2 Archive
        S: * OK [COPYUID * 2 6] Moved UIDs.
        S: * 2 EXPUNGE
        S: * 3 RECENT
        S: a6 OK Move completed.
        C: a7 UID MOVE 1,3 Archive
        S: * OK [COPYUID * 1,3 7:8] Moved UIDs.
        S: * 1 EXPUNGE
        S: * 1 EXPUNGE
        S: * 1 RECENT
        S: a7 OK Move completed.
        C: a8 MOVE 1 nowhere
        S: a8 NO [TRYCREATE] *
        C: a9 STATUS Archive (MESSAGES)
        S: * STATUS Archive (MESSAGES 8)
        S: a9 OK *
        """, ImapHouse.With(4));

    [Fact]
    public Task Move_removes_only_what_it_was_asked_to() => ImapHouse.PlayAsync(Select + """
        C: a1 STORE 1,3 +FLAGS.SILENT (\Deleted)
        S: a1 OK *
        C: a2 MOVE 2 Archive
        S: * OK [COPYUID * 2 1] Moved UIDs.
        S: * 2 EXPUNGE
        S: * 3 RECENT
        S: a2 OK *
        C: a3 FETCH 1:* UID
        S: * 1 FETCH (UID 1)
        S: * 2 FETCH (UID 3)
        S: * 3 FETCH (UID 4)
        S: a3 OK *
        """, ImapHouse.With(4));
}
