namespace MailServers.Tests.Imap.Commands;

public sealed class FetchTests
{
    /// <summary>The tree of RFC 3501 §6.4.5: text, data, an embedded multipart message, and a multipart with one.</summary>
    const string Tree = """
        From: "Fred \"Q\" Foobar" <foobar@example.com>, Group: a@example.org, b@example.org;
        To: =?utf-8?q?J=C3=BCrgen?= <j@example.com>
        Subject: tree
        Date: Mon, 7 Feb 1994 21:52:25 -0800
        Message-Id: <1@example.com>
        MIME-Version: 1.0
        Content-Type: multipart/mixed; boundary=outer

        preamble
        --outer
        Content-Type: text/plain; charset=us-ascii
        Content-Language: en, de

        one
        --outer
        Content-Type: application/octet-stream; name="x \"y\".bin"
        Content-Disposition: attachment; filename=x.bin
        Content-Transfer-Encoding: base64

        AAEC
        --outer
        Content-Type: message/rfc822
        Content-Description: inner message

        From: inner@example.com
        Subject: inner
        Content-Type: multipart/alternative; boundary=inner

        --inner

        three one
        --inner
        Content-Type: text/html

        <b>three two</b>
        --inner--

        --outer--

        """;

    const string Select = """
        C: s SELECT INBOX
        S: * FLAGS *
        S: * OK [PERMANENTFLAGS *
        S: * EXISTS
        S: * RECENT
        S: * OK [UNSEEN 1] *
        S: * OK [UIDVALIDITY *
        S: * OK [UIDNEXT *
        S: s OK *

        """;

    static Task Prepare(ImapHouse house) => house.AddAsync(Tree);

    [Fact]
    public Task Envelope() => ImapHouse.PlayAsync(Select + """
        C: a1 FETCH 1 ENVELOPE
        S: * 1 FETCH (ENVELOPE ("Mon, 7 Feb 1994 21:52:25 -0800" "tree" (("Fred \"Q\" Foobar" NIL "foobar" "example.com")(NIL NIL "Group" NIL)(NIL NIL "a" "example.org")(NIL NIL "b" "example.org")(NIL NIL NIL NIL)) (("Fred \"Q\" Foobar" NIL "foobar" "example.com")(NIL NIL "Group" NIL)(NIL NIL "a" "example.org")(NIL NIL "b" "example.org")(NIL NIL NIL NIL)) (("Fred \"Q\" Foobar" NIL "foobar" "example.com")(NIL NIL "Group" NIL)(NIL NIL "a" "example.org")(NIL NIL "b" "example.org")(NIL NIL NIL NIL)) (("=?utf-8?q?J=C3=BCrgen?=" NIL "j" "example.com")) NIL NIL NIL "<1@example.com>"))
        S: a1 OK Fetch completed.
        """, Prepare);

    [Fact]
    public Task Body_and_bodystructure() => ImapHouse.PlayAsync(Select + """
        C: a1 FETCH 1 BODY
        S: * 1 FETCH (BODY (("text" "plain" ("charset" "us-ascii") NIL NIL "7bit" 3 *)("application" "octet-stream" ("name" "x \"y\".bin") NIL NIL "base64" 4)("message" "rfc822" NIL NIL "inner message" "7bit" * (NIL "inner" ((NIL NIL "inner" "example.com")) ((NIL NIL "inner" "example.com")) ((NIL NIL "inner" "example.com")) NIL NIL NIL NIL NIL) (("text" "plain" * "7bit" 9 *)("text" "html" * "7bit" 16 *) "alternative") *) "mixed"))
        S: a1 OK Fetch completed.
        C: a2 FETCH 1 BODYSTRUCTURE
        S: * 1 FETCH (BODYSTRUCTURE (("text" "plain" ("charset" "us-ascii") NIL NIL "7bit" 3 * NIL NIL ("en" "de") NIL)("application" "octet-stream" * NIL NIL "base64" 4 NIL ("attachment" ("filename" "x.bin")) NIL NIL)("message" * "alternative" ("boundary" "inner") NIL NIL NIL) * NIL NIL NIL NIL) "mixed" ("boundary" "outer") NIL NIL NIL))
        S: a2 OK Fetch completed.
        """, Prepare);

    [Fact]
    public Task Sections_by_number() => ImapHouse.PlayAsync(Select + """
        C: a1 FETCH 1 BODY.PEEK[1]
        S: * 1 FETCH (BODY[1] {3}
        S: one)
        S: a1 OK *
        C: a2 FETCH 1 (BODY.PEEK[2.MIME] BODY.PEEK[2])
        S: * 1 FETCH (BODY[2.MIME] {*}
        S: Content-Type: application/octet-stream; name="x \"y\".bin"
        S: Content-Disposition: attachment; filename=x.bin
        S: Content-Transfer-Encoding: base64
        S:
        S:  BODY[2] {4}
        S: AAEC)
        S: a2 OK *
        C: a3 FETCH 1 BODY.PEEK[3.HEADER]
        S: * 1 FETCH (BODY[3.HEADER] {*}
        S: From: inner@example.com
        S: Subject: inner
        S: Content-Type: multipart/alternative; boundary=inner
        S:
        S: )
        S: a3 OK *
        C: a4 FETCH 1 (BODY.PEEK[3.1] BODY.PEEK[3.2])
        S: * 1 FETCH (BODY[3.1] {9}
        S: three one BODY[3.2] {16}
        S: <b>three two</b>)
        S: a4 OK *
        C: a5 FETCH 1 BODY.PEEK[3.HEADER.FIELDS.NOT (subject)]
        S: * 1 FETCH (BODY[3.HEADER.FIELDS.NOT (SUBJECT)] {*}
        S: From: inner@example.com
        S: Content-Type: multipart/alternative; boundary=inner
        S:
        S: )
        S: a5 OK *
        C: a6 FETCH 1 (BODY.PEEK[4] BODY.PEEK[1.2] BODY.PEEK[3.3.TEXT] BODY.PEEK[1.HEADER])
        S: * 1 FETCH (BODY[4] NIL BODY[1.2] NIL BODY[3.3.TEXT] NIL BODY[1.HEADER] {0}
        S: )
        S: a6 OK *
        C: a7 FETCH 1 BODY.PEEK[3.TEXT]<0.7>
        S: * 1 FETCH (BODY[3.TEXT]<0> {7}
        S: --inner)
        S: a7 OK *
        """, Prepare);

    [Fact]
    public Task Header_text_and_partials() => ImapHouse.PlayAsync(Select + """
        C: a1 FETCH 1 BODY.PEEK[HEADER]
        S: * 1 FETCH (BODY[HEADER] {92}
        S: From: Fred Foobar <foobar@example.com>
        S: Subject: 1
        S: Date: Mon, 7 Feb 1994 21:52:25 -0800
        S:
        S: )
        S: a1 OK *
        C: a2 FETCH 1 BODY.PEEK[HEADER.FIELDS (Subject DATE x)]
        S: * 1 FETCH (BODY[HEADER.FIELDS (SUBJECT DATE X)] {52}
        S: Subject: 1
        S: Date: Mon, 7 Feb 1994 21:52:25 -0800
        S:
        S: )
        S: a2 OK *
        C: a3 FETCH 1 BODY.PEEK[HEADER.FIELDS (Subject)]<9.2>
        S: * 1 FETCH (BODY[HEADER.FIELDS (SUBJECT)]<9> {2}
        S: 1
        S: )
        S: a3 OK *
        C: a4 FETCH 1 (BODY.PEEK[]<92.6> BODY.PEEK[]<1000.5> BODY.PEEK[TEXT]<4.4294967295>)
        S: * 1 FETCH (BODY[]<92> {6}
        S: text 1 BODY[]<1000> {0}
        S:  BODY[TEXT]<4> {4}
        S:  1
        S: )
        S: a4 OK *
        C: a5 FETCH 1 (FLAGS RFC822.HEADER)
        S: * 1 FETCH (FLAGS (\Recent) RFC822.HEADER {92}
        S: From: *
        S: Subject: *
        S: Date: *
        S:
        S: )
        S: a5 OK *
        C: a6 FETCH 1 BODY[1]
        S: * 1 FETCH (BODY[1] {8}
        S: text 1
        S:  FLAGS (\Seen \Recent))
        S: a6 OK *
        C: a7 UID FETCH 1 (RFC822 FLAGS)
        S: * 1 FETCH (UID 1 RFC822 {100}
        S: From: *
        S: Subject: *
        S: Date: *
        S:
        S: text 1
        S:  FLAGS (\Seen \Recent))
        S: a7 OK *
        """, ImapHouse.With(1));

    [Fact]
    public Task Sets_macros_and_refusals() => ImapHouse.PlayAsync(Select + """
        C: a1 FETCH 2,4:* FAST
        S: * 2 FETCH (FLAGS (\Recent) INTERNALDATE "*" RFC822.SIZE 100)
        S: * 4 FETCH (FLAGS (\Recent) INTERNALDATE "*" RFC822.SIZE 100)
        S: * 5 FETCH (FLAGS (\Recent) INTERNALDATE "*" RFC822.SIZE 100)
        S: a1 OK *
        C: a2 UID FETCH 77:* UID
        S: * 5 FETCH (UID 5)
        S: a2 OK *
        C: a3 UID FETCH 77 FLAGS
        S: a3 OK *
        C: a4 FETCH 1 ALL
        S: * 1 FETCH (FLAGS (\Recent) INTERNALDATE "*" RFC822.SIZE 100 ENVELOPE (*))
        S: a4 OK *
        C: a5 FETCH 1 FULL
        S: * 1 FETCH (FLAGS (\Recent) INTERNALDATE "*" RFC822.SIZE 100 ENVELOPE (*) BODY ("text" "plain" * "7bit" 8 1))
        S: a5 OK *
        C: a6 FETCH 6 FLAGS
        S: a6 BAD Error in IMAP command FETCH: Invalid messageset.
        C: a7 FETCH 0 FLAGS
        S: a7 BAD *
        C: a8 FETCH 1 BOGUS
        S: a8 BAD Error in IMAP command FETCH: Unknown FETCH item.
        C: a9 FETCH 1
        S: a9 BAD *
        C: b1 FETCH 1 (FLAGS
        S: b1 BAD *
        """, ImapHouse.With(5));

    [Fact]
    public Task Attack_8_bit_quotes_and_line_ends_in_a_header_stay_inside_strings() => ImapHouse.PlayAsync(Select + """
        C: a1 FETCH 1 ENVELOPE
        S: * 1 FETCH (ENVELOPE (NIL {*}
        S: Grü*e "x\ NIL NIL NIL NIL NIL NIL NIL NIL))
        S: a1 OK *
        """.Replace("Grü", "Gr\u00c3\u00bc"), house => house.AddAsync("Subject: Grüße \"x\\\n\n\n"));
}
