using MailStore;

namespace MailServers.Tests.Imap.Commands;

/// <summary>SELECT, EXAMINE, CLOSE, UNSELECT, CHECK, EXPUNGE.</summary>
public sealed class SelectTests
{
    const string Selected = """
        S: * FLAGS *
        S: * OK [PERMANENTFLAGS *
        S: * EXISTS
        S: * RECENT

        """;

    [Fact]
    public Task Examine_changes_nothing() => ImapHouse.PlayAsync("""
        C: a1 EXAMINE INBOX
        S: * FLAGS (\Answered \Flagged \Deleted \Seen \Draft $Forwarded)
        S: * OK [PERMANENTFLAGS ()] Read-only mailbox.
        S: * 1 EXISTS
        S: * RECENT
        S: * OK [UIDVALIDITY *] UIDs valid
        S: * OK [UIDNEXT 2] Predicted next UID
        S: a1 OK [READ-ONLY] Examine completed.
        C: a2 STORE 1 +FLAGS (\Deleted)
        S: a2 NO [READ-ONLY] Mailbox is read-only.
        C: a3 EXPUNGE
        S: a3 NO [READ-ONLY] Mailbox is read-only.
        C: a4 MOVE 1 INBOX
        S: a4 NO [READ-ONLY] Mailbox is read-only.
        C: a5 FETCH 1 (RFC822.TEXT FLAGS)
        S: * 1 FETCH (RFC822.TEXT {4}
        S: hi
        S:  FLAGS (\Seen *$Forwarded))
        S: a5 OK Fetch completed.
        C: a6 CHECK
        S: a6 OK Completed.
        C: a7 CLOSE
        S: a7 OK Close completed.
        C: a8 STATUS INBOX (MESSAGES)
        S: * STATUS INBOX (MESSAGES 1)
        S: a8 OK Status completed.
        """, house => house.AddAsync("A: b\n\nhi\n", "INBOX", MessageFlags.Seen, "$Forwarded"));

    [Fact]
    public Task A_second_SELECT_closes_the_first_mailbox_even_when_it_fails() => ImapHouse.PlayAsync("C: a1 SELECT INBOX\n" + Selected + """
        S: * OK [UIDVALIDITY *
        S: * OK [UIDNEXT 1] *
        S: a1 OK [READ-WRITE] Select completed.
        C: a2 SELECT nowhere
        S: * OK [CLOSED] Previous mailbox closed.
        S: a2 NO [NONEXISTENT] Mailbox doesn't exist: nowhere
        C: a3 CHECK
        S: a3 BAD Error in IMAP command CHECK: No mailbox selected.
        """);

    [Fact]
    public Task Expunge_tells_numbers_that_count_down() => ImapHouse.PlayAsync("C: a1 SELECT INBOX\n" + Selected + """
        S: * OK [UNSEEN 1] First unseen.
        S: * OK [UIDVALIDITY *
        S: * OK [UIDNEXT *
        S: a1 OK *
        C: a2 STORE 3,4,7,11 +FLAGS.SILENT (\Deleted)
        S: a2 OK Store completed.
        C: a3 EXPUNGE
        S: * 3 EXPUNGE
        S: * 3 EXPUNGE
        S: * 5 EXPUNGE
        S: * 8 EXPUNGE
        S: * 7 RECENT
        S: a3 OK Expunge completed.
        C: a4 UID FETCH 1:* FLAGS
        S: * 1 FETCH (UID 1 FLAGS (\Recent))
        S: * 2 FETCH (UID 2 FLAGS (\Recent))
        S: * 3 FETCH (UID 5 FLAGS (\Recent))
        S: * 4 FETCH (UID 6 FLAGS (\Recent))
        S: * 5 FETCH (UID 8 FLAGS (\Recent))
        S: * 6 FETCH (UID 9 FLAGS (\Recent))
        S: * 7 FETCH (UID 10 FLAGS (\Recent))
        S: a4 OK Fetch completed.
        C: a5 STORE 1:2 +FLAGS.SILENT (\Deleted)
        S: a5 OK Store completed.
        C: a6 UID EXPUNGE 2:4
        S: * 2 EXPUNGE
        S: * 6 RECENT
        S: a6 OK Expunge completed.
        C: a7 UNSELECT
        S: a7 OK Unselect completed.
        C: a8 STATUS INBOX (MESSAGES)
        S: * STATUS INBOX (MESSAGES 6)
        S: a8 OK *
        C: a9 SELECT INBOX
        S: * FLAGS *
        S: * OK [PERMANENTFLAGS *
        S: * 6 EXISTS
        S: * 0 RECENT
        S: * OK [UNSEEN 1] *
        S: * OK [UIDVALIDITY *
        S: * OK [UIDNEXT *
        S: a9 OK *
        C: b1 CLOSE
        S: b1 OK Close completed.
        C: b2 STATUS INBOX (MESSAGES)
        S: * STATUS INBOX (MESSAGES 5)
        S: b2 OK *
        """, ImapHouse.With(11));

    [Fact]
    public Task Deleting_the_selected_mailbox_leaves_it() => ImapHouse.PlayAsync("""
        C: a1 CREATE x
        S: a1 OK *
        C: a2 SELECT x
        S: * FLAGS *
        S: * OK *
        S: * 0 EXISTS
        S: * 0 RECENT
        S: * OK *
        S: * OK *
        S: a2 OK *
        C: a3 DELETE x
        S: * OK [CLOSED] Selected mailbox was deleted.
        S: a3 OK Delete completed.
        C: a4 NOOP
        S: a4 OK *
        """);
}
