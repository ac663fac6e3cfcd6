using System.Text;
using MailStore;

namespace MailServers.Tests.Imap.Commands;

public sealed class SearchTests
{
    static async Task PrepareAsync(ImapHouse house)
    {
        await house.AddAsync("From: Smith <smith@example.com>\nTo: a@example.org\nSubject: plain\nDate: Mon, 7 Feb 1994 21:52:25 -0800\nX-Id: 17\n\nneedle\n", flags: MessageFlags.Flagged);
        await house.AddAsync("From: =?utf-8?q?J=C3=BCrgen?= <j@example.com>\nCc: c@example.org\nSubject: =?utf-8?b?S8O2bG4=?=\nDate: Tue, 1 Mar 2005 10:00:00 +0100\n\nnothing\n", flags: MessageFlags.Seen);
        await house.AddAsync("From: x@example.com\nBcc: secret@example.org\nSubject: parts\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n"
            + "--b\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n" + Convert.ToBase64String(Encoding.UTF8.GetBytes("Grüße vom Nädelöhr")) + "\n"
            + "--b\nContent-Type: application/octet-stream\nContent-Transfer-Encoding: base64\n\nbmVlZGxl\n--b--\n", keywords: "$Junk");
        await house.AddAsync("Subject: " + new string('l', 200) + "\n\n" + string.Concat(Enumerable.Repeat("long line\n", 100)), flags: MessageFlags.Deleted | MessageFlags.Answered | MessageFlags.Draft);
    }

    const string Select = """
        C: s SELECT INBOX
        S: * FLAGS *
        S: * OK [PERMANENTFLAGS *
        S: * 4 EXISTS
        S: * RECENT
        S: * OK [UNSEEN 1] *
        S: * OK [UIDVALIDITY *
        S: * OK [UIDNEXT *
        S: s OK *

        """;

    [Fact]
    public Task Every_key() => ImapHouse.PlayAsync(Select + string.Concat(new (string Search, string Found)[]
    {
        ("ALL", "1 2 3 4"), ("1,3:*", "1 3 4"), ("UID 2:3", "2 3"), ("99", ""), ("UID 99:*", "4"),
        ("FLAGGED", "1"), ("UNFLAGGED", "2 3 4"), ("SEEN", "2"), ("UNSEEN", "1 3 4"), ("DELETED", "4"), ("UNDELETED", "1 2 3"),
        ("ANSWERED", "4"), ("UNANSWERED", "1 2 3"), ("DRAFT", "4"), ("UNDRAFT", "1 2 3"), ("KEYWORD $Junk", "3"), ("UNKEYWORD $Junk", "1 2 4"),
        ("NOT SEEN", "1 3 4"), ("OR SEEN FLAGGED", "1 2"), ("(SEEN FLAGGED)", ""), ("NOT (OR SEEN FLAGGED)", "3 4"), ("OR (SEEN) (NOT NOT DELETED)", "2 4"),
        ("FROM smith", "1"), ("FROM \"smith <SMITH@example\"", "1"), ("FROM \"j\u00fcrgen\"", "2"), ("TO example.org", "1"), ("CC c@", "2"), ("BCC secret", "3"),
        ("SUBJECT \"k\u00f6ln\"", "2"), ("CHARSET UTF-8 SUBJECT \"K\u00d6LN\"", "2"), ("SUBJECT =?utf", ""),
        ("HEADER X-ID 17", "1"), ("HEADER X-ID \"\"", "1"), ("HEADER cc \"\"", "2"), ("HEADER X-Id 18", ""), ("HEADER subject \"K\u00f6ln\"", "2"),
        ("SENTON 7-Feb-1994", "1"), ("SENTSINCE 1-Jan-2000", "2"), ("SENTBEFORE 1-Mar-2005", "1"), ("SENTSINCE \"1-Mar-2005\" SENTBEFORE 2-Mar-2005", "2"),
        ("ON 17-Jul-1996", "1 2 3 4"), ("BEFORE 17-Jul-1996", ""), ("SINCE 17-Jul-1996", "1 2 3 4"), ("BEFORE 18-Jul-1996", "1 2 3 4"),
        ("LARGER 1000", "4"), ("SMALLER 1000", "1 2 3"),
        ("BODY needle", "1"), ("BODY \"n\u00e4del\"", "3"), ("BODY plain", ""), ("TEXT plain", "1 3"), ("TEXT \"k\u00f6ln\"", "2"), ("BODY bmVl", ""), ("BODY \"\"", "1 2 3 4"),
        ("FLAGGED SINCE 1-Feb-1994 NOT FROM \"Jones\"", "1"),
    }.Select(s => $"C: a1 SEARCH {s.Search}\nS: * SEARCH{(s.Found.Length > 0 ? " " : "")}{s.Found}\nS: a1 OK Search completed.\n")), PrepareAsync);

    [Fact]
    public Task Uid_search_literals_and_charsets() => ImapHouse.PlayAsync(Select + """
        C: a1 STORE 1 +FLAGS.SILENT (\Deleted)
        S: a1 OK *
        C: a2 UID EXPUNGE 1
        S: * 1 EXPUNGE
        S: * 3 RECENT
        S: a2 OK *
        C: a3 UID SEARCH ALL
        S: * SEARCH 2 3 4
        S: a3 OK *
        C: a4 SEARCH CHARSET UTF-8 TEXT {5}
        S: + OK
        C+ K\xc3\xb6ln\r\n
        S: * SEARCH 1
        S: a4 OK *
        C: a5 SEARCH CHARSET X-NOBODY TEXT x
        S: a5 NO [BADCHARSET (US-ASCII UTF-8)] Unknown charset.
        C+ a9 SEARCH CHARSET ISO-8859-1 TEXT {4+}\r\nK\xf6ln\r\n
        S: * SEARCH 1
        S: a9 OK *
        C+ a6 SEARCH SUBJECT "\xff"\r\n
        S: a6 BAD *
        C: a7 SEARCH BOGUS
        S: a7 BAD Error in IMAP command SEARCH: Unknown search key BOGUS.
        C: a8 SEARCH
        S: a8 BAD *
        """, PrepareAsync);

    [Fact]
    public Task Recent_new_and_old() => ImapHouse.PlayAsync("""
        C: a1 SELECT INBOX
        S: * FLAGS *
        S: * OK *
        S: * 2 EXISTS
        S: * 2 RECENT
        S: * OK *
        S: * OK *
        S: * OK *
        S: a1 OK *
        C: a2 STORE 1 FLAGS.SILENT (\Seen)
        S: a2 OK *
        C: a3 SEARCH RECENT
        S: * SEARCH 1 2
        S: a3 OK *
        C: a4 SEARCH NEW
        S: * SEARCH 2
        S: a4 OK *
        C: a5 SEARCH OLD
        S: * SEARCH
        S: a5 OK *
        """, ImapHouse.With(2));
}
