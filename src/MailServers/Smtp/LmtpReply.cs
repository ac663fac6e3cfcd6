using Sasl.Hosting.Net;

namespace MailServers.Smtp;

/// <summary>One reply of the queue, its lines collected (RFC 5321 §4.2.1).</summary>
sealed record LmtpReply(int Code, IReadOnlyList<string> Lines)
{
    const int LongestLine = 2048, MostLines = 64;

    public bool IsPositive => Code is >= 200 and < 300;

    public string Text => $"{Code} {Lines[^1]}";

    public string? LastWord => Lines[^1].Split(' ', StringSplitOptions.RemoveEmptyEntries) is [.., var word] ? word : null;

    /// <summary>"354 …; id ID": our own queue names the mail before it takes the text.</summary>
    public string? MailId => Lines[^1].Split("; id ") is [_, var id] && id.All(char.IsAsciiLetterOrDigit) ? id : null;

    public bool Lists(string keyword) => Lines.Skip(1).Any(l => l.Split(' ')[0].Equals(keyword, StringComparison.OrdinalIgnoreCase));

    /// <summary>Null when the queue is gone, too slow, or talks nonsense.</summary>
    public static async ValueTask<LmtpReply?> ReadAsync(Connection connection, CancellationToken stop)
    {
        var lines = new List<string>();
        while (lines.Count < MostLines)
        {
            var line = await connection.Reader.ReadLineAsync(LongestLine, stop);
            if (!line.IsComplete || line.ToString() is not { Length: >= 3 } text || !int.TryParse(text.AsSpan(0, 3), out var code))
                return null;
            lines.Add(text.Length > 4 ? text[4..] : "");
            if (text.Length == 3 || text[3] == ' ')
                return new(code, lines);
        }
        return null;
    }
}
