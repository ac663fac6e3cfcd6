namespace MailServers.Smtp;

/// <summary>What a command answers. Text to the client is generic; detail goes to the log.</summary>
/// <param name="IsError">Counts against the client (smtpd_soft_error_limit, smtpd_hard_error_limit).</param>
sealed record Reply(bool IsError, params IReadOnlyList<string> Lines)
{
    /// <summary>Everything has been said already.</summary>
    public static readonly Reply None = new(false);

    /// <summary>Nothing is said and the session ends.</summary>
    public static readonly Reply Hangup = new(true) { Ends = true };

    /// <summary>RFC 5321 §4.5.3.1.5: a reply line has at most 512 bytes with its CRLF.</summary>
    const int LongestLine = 510;

    public static Reply Ok(string line) => new(false, line);

    public static Reply Error(string line) => new(true, line);

    /// <summary>An error after which the session ends, whatever its code.</summary>
    public static Reply Final(string line) => new(true, line) { Ends = true };

    /// <summary>The session ends although the code does not say so.</summary>
    public bool Ends { get; private init; }

    /// <summary>After a 421 or 521 nothing follows, nor after the goodbye.</summary>
    public bool Closes => Ends || Lines is [var first, ..] && (first.StartsWith("421 ") || first.StartsWith("521 ") || first.StartsWith("221 "));

    /// <summary>One line, made of printable ASCII whatever a client put into it, so that no reply can be split (CWE-113).</summary>
    public static string Printable(string line)
    {
        if (line.Length > LongestLine)
            line = line[..LongestLine];
        return line.AsSpan().ContainsAnyExceptInRange(' ', '~') ? string.Create(line.Length, line, static (span, source) =>
        {
            for (var i = 0; i < span.Length; i++)
                span[i] = source[i] is >= ' ' and <= '~' ? source[i] : '?';
        }) : line;
    }
}
