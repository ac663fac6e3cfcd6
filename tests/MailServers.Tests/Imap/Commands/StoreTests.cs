namespace MailServers.Tests.Imap.Commands;

public sealed class StoreTests
{
    const string Select = """
        C: s SELECT INBOX
        S: * FLAGS *
        S: * OK [PERMANENTFLAGS *
        S: * 2 EXISTS
        S: * 2 RECENT
        S: * OK [UNSEEN 1] *
        S: * OK [UIDVALIDITY *
        S: * OK [UIDNEXT *
        S: s OK *

        """;

    [Fact]
    public Task Flags_are_set_added_and_removed() => ImapHouse.PlayAsync(Select + """
        C: a1 STORE 1:2 +FLAGS (\Deleted)
        S: * 1 FETCH (FLAGS (\Deleted \Recent))
        S: * 2 FETCH (FLAGS (\Deleted \Recent))
        S: a1 OK Store completed.
        C: a2 UID STORE 2 FLAGS \Seen \answered
        S: * 2 FETCH (UID 2 FLAGS (\Answered \Seen \Recent))
        S: a2 OK Store completed.
        C: a3 STORE 2 -FLAGS.SILENT (\Seen)
        S: a3 OK Store completed.
        C: a4 STORE 1 FLAGS ()
        S: * 1 FETCH (FLAGS (\Recent))
        S: a4 OK Store completed.
        C: a5 FETCH 1:2 FLAGS
        S: * 1 FETCH (FLAGS (\Recent))
        S: * 2 FETCH (FLAGS (\Answered \Recent))
        S: a5 OK Fetch completed.
        """, ImapHouse.With(2));

    [Fact]
    public Task A_new_keyword_is_announced_first() => ImapHouse.PlayAsync(Select + """
        C: a1 STORE 1 +FLAGS ($Junk)
        S: * FLAGS (\Answered \Flagged \Deleted \Seen \Draft $Junk)
        S: * OK [PERMANENTFLAGS (\Answered \Flagged \Deleted \Seen \Draft $Junk \*)] Flags permitted.
        S: * 1 FETCH (FLAGS (\Recent $Junk))
        S: a1 OK Store completed.
        C: a2 SEARCH KEYWORD $junk
        S: * SEARCH 1
        S: a2 OK Search completed.
        """, ImapHouse.With(2));

    [Fact]
    public Task Refusals() => ImapHouse.PlayAsync(Select + """
        C: a1 STORE 3 FLAGS (\Seen)
        S: a1 BAD Error in IMAP command STORE: Invalid messageset.
        C: a2 STORE 1 FLAGS (\Recent)
        S: a2 BAD Error in IMAP command STORE: Invalid system flag \Recent.
        C: a3 STORE 1 FLAGS (\Bogus)
        S: a3 BAD Error in IMAP command STORE: Invalid system flag \Bogus.
        C: a4 STORE 1 LABELS (x)
        S: a4 BAD Error in IMAP command STORE: Invalid STORE item.
        C: a5 STORE 1 +FLAGS
        S: a5 BAD *
        C: a6 UID STORE 77 +FLAGS (\Seen)
        S: a6 OK Store completed.
        """, ImapHouse.With(2));

    [Fact]
    public Task Changes_of_another_session_are_told_and_expunges_only_when_numbers_may_change() => ImapHouse.PlayAsync(Select + """
        C: a1 COPY 1:2 INBOX
        S: * 4 EXISTS
        S: * 4 RECENT
        S: a1 OK [COPYUID * 1:2 3:4] Copy completed.
        C: a2 UID STORE 1 +FLAGS.SILENT (\Deleted)
        S: a2 OK *
        C: a3 MOVE 2 INBOX
        S: * OK [COPYUID * 2 5] Moved UIDs.
        S: * 2 EXPUNGE
        S: * 4 EXISTS
        S: a3 OK Move completed.
        """, ImapHouse.With(2));
}
