namespace MailServers.Tests.Interop;

[CollectionDefinition(nameof(DovecotDaemon))]
public sealed class DovecotDaemonCollection : ICollectionFixture<DovecotDaemon>;

/// <summary>Before the login: what Dovecot's imap-login answers, ours answers, status and code alike.</summary>
[Collection(nameof(DovecotDaemon))]
public sealed class ImapLoginComparisonTests(DovecotDaemon dovecot)
{
    [DaemonFact]
    public Task Commands() => ImapComparison.PlayAsync(dovecot, """
        a CAPABILITY
        b NOOP
        c ID NIL
        d ID ("name" "x")
        e ENABLE CONDSTORE
        f noop
        g CAPABILITY x
        h NOOP x
        i ID garbage
        j LOGIN
        k LOGOUT
        """);

    [DaemonFact]
    public Task The_third_bad_command_is_the_last() => ImapComparison.PlayAsync(dovecot, "a FOO\nb SELECT INBOX\nc BAZ\n");

    [DaemonFact]
    public Task Bad_arguments_count_too() => ImapComparison.PlayAsync(dovecot, "a LOGIN\nb LOGIN alice\nc LOGIN alice secret x\n");

    [DaemonFact]
    public Task Lines_without_a_tag() => ImapComparison.PlayAsync(dovecot, """
        "a" NOOP
        {1}
        """);

    [DaemonFact]
    public Task A_wrong_password() => ImapComparison.PlayAsync(dovecot, """
        a LOGIN alice wrong
        b LOGIN "" ""
        c LOGIN alice ""
        d AUTHENTICATE PLAIN AGFsaWNlAHdyb25n
        e AUTHENTICATE PLAIN AAA=
        f AUTHENTICATE PLAIN eA==
        g AUTHENTICATE PLAIN AGFsaWNlAHNlY3JldAB4
        h AUTHENTICATE PLAIN =
        i NOOP
        """);

    [DaemonFact]
    public Task Mechanisms() => ImapComparison.PlayAsync(dovecot, """
        a AUTHENTICATE FOO
        b AUTHENTICATE CRAM-MD5 abc
        c AUTHENTICATE GSSAPI
        d AUTHENTICATE PLAIN
        *
        e AUTHENTICATE PLAIN !!!
        f AUTHENTICATE PLAIN AAA
        g NOOP
        # Dovecot 2.4 says BAD as we do, 2.3 NO [ALERT].
        h AUTHENTICATE PLAIN
        ~!!!
        i AUTHENTICATE
        """);

    [DaemonFact]
    public Task Login_by_atoms() => ImapComparison.PlayAsync(dovecot, "a LOGIN alice secret\nb NOOP\n");

    [DaemonFact]
    public Task Login_by_quoted_strings() => ImapComparison.PlayAsync(dovecot, "a LOGIN \"alice\" \"secret\"\nb NOOP\n");

    [DaemonFact]
    public Task Login_by_literals() => ImapComparison.PlayAsync(dovecot, "a LOGIN {5}\nalice {6}\nsecret\nb NOOP\n");

    [DaemonFact]
    public Task Login_by_literals_that_do_not_wait() => ImapComparison.PlayAsync(dovecot, @"a LOGIN {5+}\r\nalice {6+}\r\nsecret");

    [DaemonFact]
    public Task Plain_with_an_initial_response() => ImapComparison.PlayAsync(dovecot, "a authenticate plain AGFsaWNlAHNlY3JldA==\nb NOOP\n");

    [DaemonFact]
    public Task Plain_without_one() => ImapComparison.PlayAsync(dovecot, "a AUTHENTICATE PLAIN\nAGFsaWNlAHNlY3JldA==\nb NOOP\n");

    [DaemonFact]
    public Task Commands_sent_together_with_the_login() => ImapComparison.PlayAsync(dovecot, @"a LOGIN alice secret\r\nb NOOP\r\nc CAPABILITY\r\nd LOGOUT");

    [DaemonFact]
    public Task Odd_characters() => ImapComparison.PlayAsync(dovecot, """
        a LOGIN alice sec*ret
        b LOGIN alice sec%ret
        c LOGIN alice sec]ret
        d LOGIN "al\\"ice" "x\\\\y"
        e LOGIN ali(ce secret
        f LOGIN "alice secret
        """);

    [DaemonFact]
    public Task Passwords_are_refused_on_an_open_line() => ImapComparison.PlayAsync(dovecot, """
        a CAPABILITY
        b LOGIN alice secret
        c LOGIN alice secret
        d LOGIN alice secret
        e AUTHENTICATE PLAIN
        # The password went out all the same: we tell the user as after LOGIN.
        ~f AUTHENTICATE PLAIN AGFsaWNlAHNlY3JldA==
        g AUTHENTICATE FOO
        h NOOP
        i LOGOUT
        """, strict: true);
}
