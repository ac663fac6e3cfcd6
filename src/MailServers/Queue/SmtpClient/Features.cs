using System.Globalization;

namespace MailServers.Queue.SmtpClient;

/// <summary>What a server said that it can (RFC 5321 §4.1.1.1).</summary>
sealed record Features
{
    public static readonly Features None = new();

    public bool Pipelining { get; init; }

    public bool EightBit { get; init; }

    public bool StartTls { get; init; }

    public bool Dsn { get; init; }

    public bool Utf8 { get; init; }

    /// <summary>SIZE was offered; 0 is "no fixed limit".</summary>
    public long? Size { get; init; }

    public IReadOnlyList<string> Mechanisms { get; init; } = [];

    public static Features From(ClientReply reply)
    {
        var features = None;
        // The first line is the server's name.
        foreach (var line in reply.Lines.Skip(1))
        {
            var words = line.Split([' ', '='], StringSplitOptions.RemoveEmptyEntries);
            features = (words.Length > 0 ? words[0].ToUpperInvariant() : "") switch
            {
                "PIPELINING" => features with { Pipelining = true },
                "8BITMIME" => features with { EightBit = true },
                "STARTTLS" => features with { StartTls = true },
                "DSN" => features with { Dsn = true },
                "SMTPUTF8" => features with { Utf8 = true },
                "SIZE" => features with { Size = words.Length > 1 && long.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : 0 },
                // "AUTH=" is what old servers wrote for older clients.
                "AUTH" => features with { Mechanisms = [.. features.Mechanisms.Concat(words.Skip(1).Select(w => w.ToUpperInvariant())).Distinct()] },
                _ => features,
            };
        }
        return features;
    }
}
