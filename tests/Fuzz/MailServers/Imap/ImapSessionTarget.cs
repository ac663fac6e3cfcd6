using MailServers.Tests.Imap;
using MailServers.Tests.Login;

namespace Fuzz;

/// <summary>
/// A whole IMAP session on real mail. First as commands of a client, then as a message that is fetched and searched: the answer is always a sequence of
/// whole responses (<see cref="ImapResponses"/>), and no command ends in an internal error.
/// </summary>
static class ImapSessionTarget
{
    public static readonly string[] Commands =
    [
        "a SELECT INBOX\r\nb FETCH 1 (FLAGS ENVELOPE BODYSTRUCTURE BODY[] BODY[1.MIME]<0.5>)\r\nc LOGOUT\r\n", "a LIST \"\" *\r\nb CREATE A.B\r\nc RENAME A C\r\nd SUBSCRIBE C\r\ne LSUB \"\" %\r\nf STATUS C (MESSAGES UIDNEXT)\r\ng DELETE C\r\n",
        "a APPEND INBOX (\\Seen) {5+}\r\nabcde\r\nb SELECT INBOX\r\nc STORE 1:* +FLAGS (\\Deleted x)\r\nd UID COPY 1:* INBOX\r\ne EXPUNGE\r\n", "a SELECT {5}\r\nINBOX\r\nb SEARCH CHARSET UTF-8 TEXT \"x\" OR SEEN NOT HEADER Subject y\r\nc UID SEARCH UID 1:*\r\n",
        "a IDLE\r\nDONE\r\nb NOOP\r\nc ID NIL\r\nd ENABLE X\r\ne NAMESPACE\r\nf UNSELECT\r\ng CLOSE\r\nh CHECK\r\ni CAPABILITY\r\n", "a EXAMINE INBOX\r\nb UID FETCH 1:* (UID RFC822.SIZE BODY.PEEK[HEADER.FIELDS (SUBJECT \"a b\")])\r\nc MOVE 1 INBOX\r\n", "\0\r\na {\r\nb \"\r\nc LOGIN x y\r\n{5}\r\n",
    ];

    const string Message = "From: Fred <f@example.com>\nTo: g:a@b;\nSubject: =?utf-8?q?x?=\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nhello\n--b\nContent-Type: message/rfc822\n\nSubject: y\n\nz\n--b--\n";

    public static void RunCommands(ReadOnlySpan<byte> input)
    {
        var log = new LogLines();
        using var house = new ImapHouse { Log = log };
        house.AddAsync(Message).GetAwaiter().GetResult();
        Judge(Session.Play(house.ServeAsync, input), input.Length, log);
    }

    public static void RunMessage(ReadOnlySpan<byte> input)
    {
        var log = new LogLines();
        using var house = new ImapHouse { Log = log };
        using (var writer = house.Store.Append("INBOX", MailStore.MessageFlags.None, new HashSet<string>(), DateTimeOffset.UnixEpoch)!)
        {
            writer.WriteAsync(System.Text.Encoding.Latin1.GetBytes(Bytes.Latin1(input).ReplaceLineEndings("\r\n")), default).AsTask().GetAwaiter().GetResult();
            writer.CommitAsync(default).AsTask().GetAwaiter().GetResult();
        }
        var output = Session.Play(house.ServeAsync, "a SELECT INBOX\r\nb FETCH 1 (ENVELOPE BODYSTRUCTURE BODY RFC822.SIZE BODY[] BODY[HEADER] BODY[TEXT] BODY[1] BODY[1.MIME] BODY[1.1.HEADER] BODY[HEADER.FIELDS.NOT (SUBJECT)])\r\nc SEARCH OR TEXT x OR HEADER Subject y OR SENTON 1-Feb-1994 TO z\r\nd LOGOUT\r\n"u8);
        Judge(output, input.Length, log);
        foreach (var tag in "abcd")
            Check.That(output.Contains($"\r\n{tag} OK", StringComparison.Ordinal), $"command {tag} did not succeed");
    }

    static void Judge(string output, int length, LogLines log)
    {
        Check.That(output.Length <= 8192 + (3000L * length), "an answer out of all proportion");
        Check.That(!output.Contains("[SERVERBUG]", StringComparison.Ordinal), "an internal error");
        Check.That(!log.All.Any(l => l.Contains("Exception", StringComparison.Ordinal)), string.Join('\n', log.All));
        ImapResponses.Check(output);
    }
}
