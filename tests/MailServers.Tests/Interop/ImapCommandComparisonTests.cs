namespace MailServers.Tests.Interop;

/// <summary>
/// After the login: every command of RFC 3501 and of the extensions that we announce, answered as Dovecot's imap answers it. Where the
/// answer is meant to be another one ("~") the line above says why.
/// </summary>
[Collection(nameof(DovecotDaemon))]
public sealed class ImapCommandComparisonTests(DovecotDaemon dovecot)
{
    Task PlayAsync(string script) => ImapComparison.PlayAsync(dovecot, script, login: true);

    [DaemonFact]
    public Task Any_state() => PlayAsync("""
        a CAPABILITY
        b NOOP
        c CHECK
        d FETCH 1 FLAGS
        e NAMESPACE
        f ID NIL
        g ID ("name" "x")
        h LOGIN a b
        i AUTHENTICATE PLAIN
        j STARTTLS
        k CLOSE
        l UNSELECT
        m EXPUNGE
        n FOO
        o UID FOO
        p UID
        # RFC 5161 §3.2: the ENABLED response comes also when there is nothing in it.
        ~q ENABLE FOO
        # RFC 2971 §3.1: the parameter list is no option.
        ~r ID
        # RFC 3501 §9: these commands have no argument.
        ~s NOOP x
        ~t CAPABILITY x
        """);

    [DaemonFact]
    public Task Lines_that_are_no_commands() => PlayAsync("""
        a
        b (
        c {
        """);

    [DaemonFact]
    public Task Too_many_bad_commands() => PlayAsync(string.Concat(Enumerable.Repeat("a BAD\n", 20)));

    [DaemonFact]
    public Task Select_and_examine() => PlayAsync("""
        a SELECT INBOX
        b SELECT inbox
        c EXAMINE "INBOX"
        # RFC 5530 §3: NONEXISTENT, as Dovecot 2.4 has it.
        ~d SELECT nope
        e FETCH 1 FLAGS
        f SELECT {5}
        INBOX
        g SELECT ""
        h SELECT .foo
        i SELECT a..b
        j SELECT "../x"
        k SELECT a/b
        # RFC 3501 §5.1.3: a mailbox name is modified UTF-7, anything else is no argument.
        ~l SELECT &garbage
        m EXAMINE INBOX
        n STATUS INBOX ()
        o UNSELECT
        p FETCH 1 FLAGS
        q SELECT INBOX
        r CLOSE
        s CLOSE
        """);

    [DaemonFact]
    public Task Fetch_numbers_and_items() => PlayAsync("""
        a SELECT INBOX
        b FETCH 1:* (FLAGS UID RFC822.SIZE)
        c FETCH 1 ALL
        d FETCH 1 FAST
        e FETCH 1 FULL
        f FETCH 1 (ALL)
        g FETCH 1 (FAST FLAGS)
        h FETCH 9 FLAGS
        i FETCH 0 FLAGS
        j FETCH * UID
        k FETCH *:1 UID
        l FETCH 5:9 UID
        m FETCH 1,1,1 UID
        n FETCH 2:1,4 UID
        o FETCH x UID
        p FETCH 1:x UID
        q FETCH 1
        r FETCH 1 ()
        s FETCH 1 FOO
        t FETCH 1 (FLAGS FOO)
        u FETCH 1 (FLAGS
        v FETCH 1 FLAGS x
        w UID FETCH 1:* FLAGS
        x UID FETCH 99 FLAGS
        y UID FETCH 99:* FLAGS
        z UID FETCH *:99 (UID FLAGS)
        a1 FETCH 1 (UID UID FLAGS FLAGS)
        a2 FETCH 4294967295 UID
        a3 FETCH 4294967296 UID
        a4 UID FETCH 4294967295:* UID
        a5 FETCH , UID
        a6 FETCH 1:2:3 UID
        # RFC 3501 §9: one space, no comma at the end, no zero in front.
        ~a7 FETCH 1 (FLAGS  UID)
        ~a8 FETCH 1, UID
        ~a9 FETCH 01 UID
        """);

    [DaemonFact]
    public Task Fetch_sections() => PlayAsync("""
        a EXAMINE INBOX
        b FETCH 1 BODY[]
        c FETCH 1 BODY.PEEK[]
        d FETCH 1 RFC822
        e FETCH 1 RFC822.HEADER
        f FETCH 1 RFC822.TEXT
        g FETCH 1 BODY[]<0.10>
        h FETCH 1 BODY[]<999999.10>
        i FETCH 1 BODY[]<0.4294967295>
        j FETCH 1 BODY[]<4294967295.4294967295>
        k FETCH 1 BODY[HEADER.FIELDS (Subject)]
        l FETCH 1 BODY[HEADER.FIELDS ()]
        m FETCH 1 BODY[HEADER.FIELDS]
        n FETCH 1 BODY[HEADER.FIELDS.NOT (Subject From To)]
        o FETCH 1 BODY[FOO]
        p FETCH 1 BODY[MIME]
        q FETCH 1 BODY[1.MIME]
        r FETCH 1 BODY[1
        s FETCH 1 BODY[]x
        t FETCH 1 BODY[1.]
        u FETCH 1 BODY[.1]
        v FETCH 1 BODY.PEEK
        w FETCH 1 BODY.PEEK[TEXT]<0.5>
        x FETCH 1 (BODY[] BODY[TEXT] BODY[HEADER])
        y FETCH 1 RFC822.HEADER.LINES
        z FETCH 1 BODY[HEADER.FIELDS (Su:bject)]
        a1 FETCH 1 BODY[TEXT.1]
        a2 FETCH 1 BODY[HEADER]<3.7>
        a3 FETCH 1 BODY[HEADER.FIELDS (FROM SUBJECT)]<3.7>
        a4 FETCH 5 (BODY[1] BODY[2] BODY[1.1] BODY[1.MIME] BODY[2.MIME])
        # RFC 3501 §9: a range has a length, and it is not zero; a part's number is neither.
        ~a5 FETCH 1 BODY[]<5>
        ~a6 FETCH 1 BODY[]<0.0>
        ~a7 FETCH 1 BODY[0]
        # A part that is not there is NIL for us and empty for Dovecot.
        ~a8 FETCH 1 BODY[2]
        """);

    [DaemonFact]
    public Task Fetch_sets_seen() => PlayAsync("""
        a SELECT INBOX
        b FETCH 1 BODY.PEEK[]
        c FETCH 1 FLAGS
        d FETCH 2 RFC822.HEADER
        e FETCH 2 FLAGS
        f FETCH 2 (FLAGS RFC822.TEXT)
        g FETCH 2 RFC822
        # The new flags stand at the end for us.
        ~h FETCH 1 BODY[TEXT]
        ~i UID FETCH 4 BODY[1]
        ~j FETCH 5 BODY[HEADER.FIELDS (X)]
        k FETCH 1:* FLAGS
        """);

    [DaemonFact]
    public Task Store() => PlayAsync("""
        a SELECT INBOX
        b STORE 1 +FLAGS (\\Seen)
        c STORE 1 FLAGS (\\Flagged \\Answered)
        d STORE 1 -FLAGS \\Flagged
        e STORE 1 +FLAGS.SILENT (\\Deleted)
        f FETCH 1 FLAGS
        g STORE 1 +FLAGS (foo $Bar)
        h STORE 2 +FLAGS (FOO)
        i STORE 1:* +FLAGS (\\Recent)
        j STORE 1 +FLAGS (\\Foo)
        k STORE 1 FLAGS ()
        l STORE 1 FLAGS \\Seen \\Draft
        m STORE 9 FLAGS ()
        n UID STORE 99 +FLAGS (\\Seen)
        o STORE 1 FLAGS.FOO (\\Seen)
        p STORE 1 ++FLAGS (\\Seen)
        q STORE 1 + FLAGS (\\Seen)
        r STORE 1 +FLAGS ("x")
        s STORE 1 +FLAGS (a b c d e)
        t FETCH 1:* FLAGS
        u STORE 1 -FLAGS.SILENT (a b c d e foo)
        v FETCH 1 FLAGS
        w STORE 1:* FLAGS (\\Seen)
        x STORE 1 +FLAGS (\\Seen))
        y STORE 1 +FLAGS (\\*)
        z UID STORE 1:2 -FLAGS (\\Seen)
        # RFC 3501 §6.4.6: the new value comes also when it is the old one; Dovecot says nothing then.
        ~a1 STORE 2 +FLAGS ()
        # RFC 3501 §9: there must be a flag-list, of atoms.
        ~a2 STORE 1 FLAGS
        ~a3 STORE 1 +FLAGS (]x)
        # RFC 3501 §6.3.2: "no changes to the permanent state of the mailbox"; a client that asks for one hears NO.
        ~a4 EXAMINE INBOX
        ~a5 STORE 1 FLAGS (\\Seen)
        ~a6 EXPUNGE
        ~a7 UID EXPUNGE 1:*
        """);

    [DaemonFact]
    public Task Expunge() => PlayAsync("""
        a SELECT INBOX
        b STORE 2,4 +FLAGS.SILENT (\\Deleted)
        c UID EXPUNGE 4
        d UID EXPUNGE 99
        e UID EXPUNGE
        f EXPUNGE
        g EXPUNGE
        h FETCH 1:* UID
        i STORE 1 +FLAGS (\\Deleted)
        j CLOSE
        k SELECT INBOX
        l STORE 1 +FLAGS.SILENT (\\Deleted)
        m UNSELECT
        n SELECT INBOX
        o FETCH 1:* (UID FLAGS)
        """);

    [DaemonFact]
    public Task Copy_and_move() => PlayAsync("""
        a SELECT INBOX
        b COPY 1 nope
        c CREATE box
        d COPY 1:2 box
        e COPY 9 box
        f COPY 1 INBOX
        g UID COPY 1:3 box
        h UID COPY 99 box
        i COPY 1 ""
        j COPY x box
        k COPY 1
        l COPY 1 a/b
        m MOVE 1 box
        n UID MOVE 2 box
        o MOVE 99 box
        p MOVE 1 nope
        q UID MOVE 99 box
        r SELECT box
        s FETCH 1:* (UID FLAGS)
        t STORE 1 +FLAGS (\\Seen kw)
        u COPY 1 INBOX
        # The same numbers go, from the front for us.
        ~v MOVE 1:* INBOX
        w EXAMINE INBOX
        x FETCH 1:* (UID FLAGS)
        y COPY 1 box
        # RFC 6851 §3.3 with RFC 3501 §6.3.2: nothing leaves a mailbox that is open for reading.
        ~z MOVE 1 box
        """);

    [DaemonFact]
    public Task Append() => PlayAsync("""
        a APPEND INBOX {10}
        x: y\r\n\r\nhi
        b APPEND INBOX (\\Seen kw) "17-Jul-1996 02:44:25 -0700" {10}
        x: y\r\n\r\nhi
        c SELECT INBOX
        d FETCH 6:7 (FLAGS INTERNALDATE BODY[])
        e APPEND nope {10}
        f APPEND nope {10+}\r\nx: y\r\n\r\nhi
        g APPEND INBOX {0}
        h APPEND INBOX {5+}\r\nhello
        i APPEND INBOX () {5+}\r\nhello
        j APPEND INBOX " 7-Jul-1996 02:44:25 -0700" {5+}\r\nhello
        k APPEND INBOX "7-Jul-1996 02:44:25 -0700" {5+}\r\nhello
        l APPEND INBOX hello
        m APPEND INBOX "hello"
        n APPEND INBOX
        o APPEND
        p FETCH 8:* (FLAGS INTERNALDATE RFC822.SIZE)
        q APPEND a/b {5+}\r\nhello
        r UNSELECT
        s APPEND inbox {5+}\r\nhello
        t STATUS INBOX (MESSAGES UIDNEXT)
        """);

    [DaemonFact]
    public Task Mailboxes() => PlayAsync("""
        a CREATE foo
        b CREATE foo
        c CREATE foo.bar.baz
        d LIST "" *
        e LIST "" %
        f LIST "" foo.%
        g LIST foo. %
        h LIST foo %
        i LIST "" ""
        j LIST "" inbox
        k LIST "" InBoX
        l LIST "" INBOX*
        m LIST "" "*x*"
        n LIST "" %.%
        o LIST "" foo.*
        p LIST "" *.baz
        q LIST "" nope
        r LIST "" %o%
        s LIST
        t LIST ""
        u LIST "" * x
        v CREATE "x y"
        w CREATE &AOQ-
        x CREATE "a/b"
        y CREATE INBOX
        z CREATE inbox.sub
        a1 CREATE .x
        a2 CREATE x.
        a3 CREATE x..y
        a4 CREATE ""
        a5 CREATE ..
        a6 CREATE "a%b"
        a7 CREATE "tmp"
        a8 CREATE "cur.new"
        a9 CREATE {3}
        a"b
        b1 LIST "" *
        b2 DELETE nope
        # RFC 5530 §3: CANNOT is the code for it.
        ~b3 DELETE INBOX
        b4 DELETE foo
        # RFC 3501 §6.3.4: what is left of a name with inferiors is \\Noselect; Dovecot shows what it remembers.
        ~b5 LIST "" *
        b6 DELETE foo.bar.baz
        b7 LIST "" foo*
        b8 DELETE ""
        b9 CREATE foo
        # RFC 3501 §6.3.4: "an error to delete a name that has inferior names and \\Noselect", not one that is not there.
        ~c1 DELETE cur
        """);

    [DaemonFact]
    public Task Rename() => PlayAsync("""
        a CREATE one
        b CREATE one.sub
        c CREATE one.sub.deep
        d RENAME one two
        e LIST "" *
        f RENAME nope x
        g RENAME two two
        h CREATE three
        i RENAME two three
        j RENAME two INBOX
        k RENAME two.sub new.parent.child
        l LIST "" *
        m RENAME two "a/b"
        n RENAME two ""
        o RENAME two
        p SUBSCRIBE three
        q RENAME three four
        r LSUB "" *
        s RENAME new renamed
        t LIST "" *
        # RFC 5530 §3: CANNOT is the code for it.
        ~u RENAME two two.x
        # RFC 3501 §6.3.5: renaming INBOX moves its messages; Dovecot does not do it.
        ~v RENAME INBOX old
        ~w STATUS old (MESSAGES UIDNEXT)
        """);

    [DaemonFact]
    public Task Subscriptions() => PlayAsync("""
        a SUBSCRIBE INBOX
        b CREATE foo.bar
        c SUBSCRIBE foo.bar
        d LSUB "" *
        e LSUB "" %
        f LSUB "" foo.%
        g UNSUBSCRIBE never
        h DELETE foo.bar
        i LSUB "" *
        j LSUB "" ""
        k UNSUBSCRIBE foo.bar
        l LSUB "" *
        m CREATE a.b.c
        n SUBSCRIBE a.b.c
        o LSUB "" %
        p LSUB "" *
        q LSUB a. %
        r LSUB "" inbox
        s CREATE &AOQ-
        t SUBSCRIBE &AOQ-
        u LSUB "" *
        v SUBSCRIBE
        w LSUB "" a.b
        x LSUB "" a.%.c
        y SUBSCRIBE inbox
        # RFC 3501 §6.3.6: a server may look whether the mailbox is there; we take names that come back later.
        ~z SUBSCRIBE nope
        """);

    [DaemonFact]
    public Task Status() => PlayAsync("""
        a STATUS INBOX (MESSAGES RECENT UIDNEXT UIDVALIDITY UNSEEN)
        b STATUS INBOX (SIZE)
        c STATUS INBOX ()
        d STATUS INBOX
        e STATUS INBOX MESSAGES
        f STATUS INBOX (FOO)
        g STATUS INBOX (MESSAGES MESSAGES)
        h STATUS "" (MESSAGES)
        i STATUS a/b (MESSAGES)
        j SELECT INBOX
        k CREATE box
        l STATUS box (MESSAGES UIDNEXT UNSEEN RECENT)
        m COPY 1:2 box
        n STATUS box (MESSAGES UIDNEXT UNSEEN RECENT)
        # RFC 5530 §3: NONEXISTENT, as Dovecot 2.4 has it.
        ~o STATUS nope (MESSAGES)
        # Dovecot scolds the client; it is allowed (RFC 3501 §6.3.10: "SHOULD NOT").
        ~p STATUS INBOX (MESSAGES)
        """);

    [DaemonFact]
    public Task Idle() => PlayAsync("""
        a IDLE
        DONE
        b SELECT INBOX
        c IDLE
        done
        d IDLE
        nonsense
        e IDLE
        DONE
        f NOOP
        """);

    [DaemonFact]
    public Task Bytes_that_no_command_holds() => PlayAsync("""
        a NOOP
        b SELECT "IN\x00BOX"
        c NO\rOP
        d SELECT "INBOX
        # RFC 3501 §9: no NUL in a literal.
        ~e SELECT {5+}\r\nIN\x00BO
        """);

    [DaemonFact]
    public Task Search() => PlayAsync("a SELECT INBOX\nb STORE 2 +FLAGS (\\\\Seen \\\\Flagged foo)\n" + string.Concat(_searches.Select((key, i) => $"s{i} SEARCH {key}\n"))
        + "u UID SEARCH ALL\nv UID SEARCH 1:2\nw UID SEARCH UID 3\nx UID SEARCH SUBJECT one\n"
        // Without a Date field there is no date: it is neither before nor after another (RFC 3501 §6.4.4).
        + "~y SEARCH SENTBEFORE 8-Feb-1994\n~z SEARCH SENTBEFORE 1-Jan-1990\n"
        // RFC 3501 §9: no such day, no such number, a flag is no keyword.
        + "~a1 SEARCH BEFORE 32-Jan-2020\n~a2 SEARCH LARGER 99999999999\n~a3 SEARCH KEYWORD \\\\Seen\n");

    static readonly string[] _searches =
    [
        "ALL", "UNSEEN", "SEEN", "NEW", "OLD", "RECENT", "ANSWERED", "UNANSWERED", "DELETED", "UNDELETED", "DRAFT", "UNDRAFT", "FLAGGED", "UNFLAGGED", "KEYWORD foo",
        "UNKEYWORD foo", "KEYWORD", "FROM alice", "FROM a@b.c", "FROM \"Alice <a@b.c>\"", "FROM \"\"", "TO bob", "TO \"\"", "CC x@y.z", "BCC secret", "SUBJECT one",
        "SUBJECT \"\"", "BODY needle", "BODY hello", "BODY \"\"", "TEXT Subject", "TEXT needle", "TEXT \"hello base64\"", "TEXT bar", "TEXT \"\"", "HEADER X-Foo bar",
        "HEADER X-Foo \"\"", "HEADER x-foo BAR", "HEADER Subject one", "HEADER Nope \"\"", "HEADER From alice", "HEADER Message-ID 1@x", "HEADER X-Foo", "BEFORE 1-Jan-2020",
        "SINCE 1-Jan-1990", "SINCE \"1-Jan-1990\"", "BEFORE 1-Foo-2020", "BEFORE 2020-01-01", "SENTON 7-Feb-1994", "SENTON 8-Feb-1994", "SENTSINCE 8-Feb-1994", "LARGER 100",
        "SMALLER 100", "LARGER 0", "LARGER x", "LARGER -1", "UID 1:2", "UID 99", "UID *", "UID 99:*", "UID x", "1:2", "99", "*", "1,3", "0", "NOT 1", "NOT NOT 1", "NOT SEEN",
        "OR SEEN 1", "OR 1 2", "OR (1) (2)", "OR OR 1 2 3", "OR 1", "NOT", "(1 2)", "(1:3 NOT 2)", "()", "(1", "1)", "1 2", "ALL ALL", "FOO", "CHARSET UTF-8 ALL",
        "CHARSET utf-8 SUBJECT {5+}\\r\\nKöln", "CHARSET US-ASCII ALL", "CHARSET ISO-8859-1 ALL", "CHARSET UTF-8", "CHARSET \"UTF-8\" ALL", "CHARSET UTF-8 BODY {5+}\\r\\nKöln",
        "SUBJECT {5+}\\r\\nKöln", "SUBJECT {5+}\\r\\nköln", "BODY {5+}\\r\\nKÖLN", "ALL x", "SEEN UNSEEN", "ANSWERED OR SEEN", "BODY \"a\" \"b\"", "SUBJECT one FROM alice",
        "SUBJECT one FROM c@d", "SINCE 1-jan-1990", "TEXT \"part two\"", "FROM alice <a",
    ];
}
