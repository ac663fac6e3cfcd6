namespace Sasl.Credentials.Remote.Smtp;

/// <summary>A server's reply.</summary>
/// <param name="Lines">Their texts, without the code.</param>
sealed record SmtpReply(int Code, IReadOnlyList<string> Lines)
{
    public bool IsTemporary => Code is >= 400 and < 500;

    /// <summary>STARTTLS stands in the answer to EHLO.</summary>
    public bool HasStartTls => Lines.Skip(1).Any(l => l.Trim().Equals("STARTTLS", StringComparison.OrdinalIgnoreCase));

    /// <summary>The mechanisms in the answer to EHLO, in capitals. Old servers write "AUTH=" for older clients.</summary>
    public IReadOnlyCollection<string> Mechanisms =>
        [.. Lines.Skip(1).Select(l => l.ToUpperInvariant().Split([' ', '='], StringSplitOptions.RemoveEmptyEntries)).Where(w => w is ["AUTH", ..]).SelectMany(w => w.Skip(1)).Distinct()];

    /// <summary>What it says to AUTH; null when it is none of what AUTH has.</summary>
    public Verdict? Verdict => Code switch
    {
        // RFC 4954 §4 and §6.
        235 => RemoteTexts.Ok,
        535 => RemoteTexts.Refused,
        // RFC 5248 §2: the user's account is disabled.
        525 => new(VerdictKind.Disabled, $"{RemoteTexts.Rejected}: the account is disabled"),
        _ when IsTemporary => new(VerdictKind.Unavailable, RemoteTexts.Unavailable),
        _ => null,
    };

    /// <summary>One line: code, whether more follow, text. Null when it is no reply line (RFC 5321 §4.2.1).</summary>
    public static (int Code, bool More, string Text)? ReadLine(string line)
    {
        if (line.Length < 3 || line[0] is < '2' or > '5' || !char.IsAsciiDigit(line[1]) || !char.IsAsciiDigit(line[2]) || (line.Length > 3 && line[3] is not (' ' or '-')))
            return null;
        return (((line[0] - '0') * 100) + ((line[1] - '0') * 10) + (line[2] - '0'), line.Length > 3 && line[3] == '-', line.Length > 4 ? line[4..] : "");
    }
}
