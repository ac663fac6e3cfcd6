namespace MailServers.Tests.Imap.Commands;

/// <summary>CREATE, DELETE, RENAME, SUBSCRIBE, UNSUBSCRIBE, LIST, LSUB, STATUS, NAMESPACE.</summary>
public sealed class MailboxCommandsTests
{
    [Fact]
    public Task Create_list_rename_and_delete() => ImapHouse.PlayAsync("""
        C: a1 CREATE Work
        S: a1 OK Create completed.
        C: a2 CREATE Work
        S: a2 NO [ALREADYEXISTS] *
        C: a3 CREATE Work.Old.
        S: a3 OK Create completed.
        C: a4 CREATE inbox
        S: a4 NO [ALREADYEXISTS] *
        C: a5 LIST "" *
        S: * LIST (\HasNoChildren) "." INBOX
        S: * LIST (\HasChildren) "." Work
        S: * LIST (\HasNoChildren) "." Work.Old
        S: a5 OK List completed.
        C: a6 LIST "" %
        S: * LIST (\HasNoChildren) "." INBOX
        S: * LIST (\HasChildren) "." Work
        S: a6 OK List completed.
        C: a7 LIST Work. %
        S: * LIST (\HasNoChildren) "." Work.Old
        S: a7 OK List completed.
        C: a8 LIST "" ""
        S: * LIST (\Noselect) "." ""
        S: a8 OK List completed.
        C: a9 RENAME Work Job
        S: a9 OK Rename completed.
        C: b1 LIST "" J*
        S: * LIST (\HasChildren) "." Job
        S: * LIST (\HasNoChildren) "." Job.Old
        S: b1 OK List completed.
        C: b2 RENAME nowhere there
        S: b2 NO [NONEXISTENT] *
        C: b3 RENAME Job inbox
        S: b3 NO [ALREADYEXISTS] *
        C: b4 DELETE Job.Old
        S: b4 OK Delete completed.
        C: b5 DELETE Job.Old
        S: b5 NO [NONEXISTENT] *
        C: b6 DELETE InBox
        S: b6 NO [CANNOT] INBOX can't be deleted.
        """);

    [Fact]
    public Task Names_travel_in_modified_UTF_7() => ImapHouse.PlayAsync("""
        C: a1 CREATE "Entw&APw-rfe & mehr"
        S: a1 BAD Error in IMAP command CREATE: Mailbox name is not valid modified UTF-7.
        C: a2 CREATE "Entw&APw-rfe &- mehr"
        S: a2 OK Create completed.
        C: a3 LIST "" "Entw&APw-*"
        S: * LIST (\HasNoChildren) "." "Entw&APw-rfe &- mehr"
        S: a3 OK List completed.
        C: a4 CREATE "&AGE-"
        S: a4 BAD Error in IMAP command CREATE: Mailbox name is not valid modified UTF-7.
        C: a5 CREATE "ü"
        S: a5 BAD Error in IMAP command CREATE: Mailbox name is not valid modified UTF-7.
        C: a6 CREATE {4}
        S: + OK
        C+ a"b\\\r\n
        S: a6 OK Create completed.
        C: a7 LIST "" a*
        S: * LIST (\HasNoChildren) "." "a\"b\\"
        S: a7 OK List completed.
        """);

    [Fact]
    public Task Attack_a_name_with_line_ends_is_no_name_and_never_becomes_a_response() => ImapHouse.PlayAsync("""
        C: a1 CREATE {17+}
        C+ x\r\n* BYE gotcha\r\n\r\n
        S: a1 BAD Error in IMAP command CREATE: Mailbox name is not valid modified UTF-7.
        C: a2 CREATE "x&AA0ACg-y"
        S: a2 NO [CANNOT] *
        C: a3 SUBSCRIBE "x&AA0ACg-y"
        S: a3 NO *
        C: a4 SELECT "x&AA0ACg-y"
        S: a4 NO [CANNOT] Invalid mailbox name: *
        C: a5 CREATE "../../etc"
        S: a5 NO [CANNOT] *
        C: a6 CREATE "a/b"
        S: a6 NO [CANNOT] *
        C: a7 LSUB "" *
        S: a7 OK Lsub completed.
        """);

    [Fact]
    public Task Subscriptions() => ImapHouse.PlayAsync("""
        C: a1 CREATE news.comp.mail
        S: a1 OK *
        C: a2 SUBSCRIBE news.comp.mail
        S: a2 OK Subscribe completed.
        C: a3 SUBSCRIBE INBOX
        S: a3 OK Subscribe completed.
        C: a4 LSUB "" *
        S: * LSUB () "." INBOX
        S: * LSUB () "." news.comp.mail
        S: a4 OK Lsub completed.
        C: a5 LSUB "" %
        S: * LSUB () "." INBOX
        S: * LSUB (\Noselect) "." news
        S: a5 OK Lsub completed.
        C: a6 LSUB news. %
        S: * LSUB (\Noselect) "." news.comp
        S: a6 OK Lsub completed.
        C: a7 UNSUBSCRIBE news.comp.mail
        S: a7 OK Unsubscribe completed.
        C: a8 LSUB "" *
        S: * LSUB () "." INBOX
        S: a8 OK Lsub completed.
        """);

    [Fact]
    public Task Status() => ImapHouse.PlayAsync("""
        C: a1 STATUS inbox (MESSAGES UIDNEXT UNSEEN)
        S: * STATUS INBOX (MESSAGES 2 UIDNEXT 3 UNSEEN 2)
        S: a1 OK Status completed.
        C: a2 STATUS INBOX (recent uidvalidity size appendlimit)
        S: * STATUS INBOX (RECENT 2 UIDVALIDITY * SIZE 200 APPENDLIMIT 67108864)
        S: a2 OK Status completed.
        C: a3 STATUS nowhere (MESSAGES)
        S: a3 NO [NONEXISTENT] Mailbox doesn't exist: nowhere
        C: a4 STATUS INBOX (BOGUS)
        S: a4 BAD Error in IMAP command STATUS: Invalid status item BOGUS.
        C: a5 STATUS INBOX ()
        S: a5 BAD Error in IMAP command STATUS: Empty status list.
        C: a6 STATUS INBOX
        S: a6 BAD Error in IMAP command STATUS: Missing argument.
        """, ImapHouse.With(2));

    [Fact]
    public Task Namespace_id_enable() => ImapHouse.PlayAsync("""
        C: a1 NAMESPACE
        S: * NAMESPACE (("" ".")) NIL NIL
        S: a1 OK Namespace completed.
        C: a2 ID NIL
        S: * ID ("name" "mailservers")
        S: a2 OK ID completed.
        C: a3 ID ("name" "sodr" "version" "19.34" "vendor" NIL)
        S: * ID ("name" "mailservers")
        S: a3 OK ID completed.
        C: a4 ID ("name")
        S: a4 BAD *
        C: a5 ENABLE CONDSTORE X-GOOD-IDEA
        S: * ENABLED
        S: a5 OK Enabled.
        C: a6 ENABLE
        S: a6 BAD *
        """);
}
