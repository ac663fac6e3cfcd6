using Sasl.Credentials;
using Sasl.Credentials.Remote.Imap;

namespace Fuzz;

/// <summary>What an IMAP server may say to our client: only a tagged OK lets anybody in, and a LOGIN of any name and password is one command.</summary>
static class RemoteImapTarget
{
    public static readonly string[] Seeds =
    [
        "* OK [CAPABILITY IMAP4rev1 LITERAL+ AUTH=PLAIN SASL-IR] ready\nsaslauthd OK in", "* CAPABILITY IMAP4REV2 LOGINDISABLED\nsaslauthd NO [UNAVAILABLE x] no", "+ \n+\n+ Z28=", "saslauthd BAD\n* BYE\n* PREAUTH x", "saslauthd\n*\n* \n ", "saslauthd NO [\nsaslauthd OK ]x[",
    ];

    public static void Run(ReadOnlySpan<byte> input)
    {
        var text = Bytes.Latin1(input);
        foreach (var line in text.Split('\n'))
        {
            var reply = ImapReply.Read(line, "saslauthd");
            Check.That(reply.Verdict is not { IsOk: true } || line.StartsWith("saslauthd OK", StringComparison.OrdinalIgnoreCase), "a login that nobody granted");
            Check.That(reply.Verdict is null || reply.Kind == ImapReplyKind.Tagged, "a verdict that is not tagged");
            Check.That(reply.Capabilities is null || reply.Kind is not ImapReplyKind.Continuation, "capabilities in a challenge");
            Check.That(reply.Capabilities?.All(c => c.Length > 0 && !c.Contains(' ')) ?? true, "a capability that is no word");
        }
        var half = input.Length / 2;
        using var command = new ImapLoginCommand("saslauthd", Bytes.Latin1(input[..half]), input[half..], ["LITERAL-"]);
        Check.That(command.Pieces.All(p => p.Length > 0) && command.Pieces.Count <= 3, "pieces of a command");
        Check.That(command.Pieces[^1].AsSpan().EndsWith("\r\n"u8), "a command without its end");
        Check.That(command.Pieces.SkipLast(1).All(p => p.AsSpan().EndsWith("}\r\n"u8)), "a piece that does not end at a literal");
    }
}
