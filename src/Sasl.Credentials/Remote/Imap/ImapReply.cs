namespace Sasl.Credentials.Remote.Imap;

enum ImapReplyKind
{
    /// <summary>Not a response at all, or one to a command that nobody sent.</summary>
    Other,

    /// <summary>"* …"</summary>
    Untagged,

    /// <summary>"+ …"</summary>
    Continuation,

    /// <summary>To the command that runs.</summary>
    Tagged,
}

/// <summary>One line of an IMAP server (RFC 3501 §7).</summary>
/// <param name="Word">OK, NO, BAD, BYE, PREAUTH, CAPABILITY, …, in capitals; empty for a continuation.</param>
/// <param name="Code">What stands in the brackets behind it (RFC 3501 §7.1), in capitals; empty for nothing.</param>
/// <param name="Text">All behind the word, or behind the plus.</param>
readonly record struct ImapReply(ImapReplyKind Kind, string Word, string Code, string Text)
{
    public static ImapReply Read(string line, string tag)
    {
        // RFC 3501 §7.5: the blank is part of it; some servers leave it out where nothing follows.
        if (line == "+" || line.StartsWith("+ ", StringComparison.Ordinal))
            return new(ImapReplyKind.Continuation, "", "", line.Length > 2 ? line[2..] : "");
        var blank = line.IndexOf(' ');
        if (blank <= 0)
            return new(ImapReplyKind.Other, "", "", "");
        var kind = line.AsSpan(0, blank) is "*" ? ImapReplyKind.Untagged : line.AsSpan(0, blank).SequenceEqual(tag) ? ImapReplyKind.Tagged : ImapReplyKind.Other;
        var rest = line[(blank + 1)..];
        var end = rest.IndexOf(' ');
        var word = (end < 0 ? rest : rest[..end]).ToUpperInvariant();
        var text = end < 0 ? "" : rest[(end + 1)..];
        return new(kind, word, CodeOf(text), text);
    }

    /// <summary>The capabilities that it lists, in its code or by itself; null when it lists none.</summary>
    public IReadOnlyCollection<string>? Capabilities =>
        Kind == ImapReplyKind.Untagged && Word == "CAPABILITY" ? Words(Text.ToUpperInvariant())
        : Code.StartsWith("CAPABILITY ", StringComparison.Ordinal) ? Words(Code["CAPABILITY ".Length..])
        : null;

    /// <summary>What a tagged response to a login says; null when it is none that a login has.</summary>
    public Verdict? Verdict => Kind != ImapReplyKind.Tagged ? null : Word switch
    {
        "OK" => RemoteTexts.Ok,
        "NO" => Refusal(Code),
        _ => null,
    };

    static Verdict Refusal(string code) => code.Split(' ')[0] switch
    {
        // RFC 5530 §3: nothing of these is about the password.
        "UNAVAILABLE" or "SERVERBUG" or "INUSE" or "LIMIT" or "PRIVACYREQUIRED" => new(VerdictKind.Unavailable, RemoteTexts.Unavailable),
        "EXPIRED" => new(VerdictKind.Expired, $"{RemoteTexts.Rejected}: they have expired"),
        _ => RemoteTexts.Refused,
    };

    static string CodeOf(string text)
    {
        var end = text.StartsWith('[') ? text.IndexOf(']') : -1;
        return end < 0 ? "" : text[1..end].ToUpperInvariant();
    }

    static HashSet<string> Words(string text) => [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries)];
}
