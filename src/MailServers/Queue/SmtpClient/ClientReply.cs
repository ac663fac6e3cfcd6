using MailServers.Queue.Schedule;

namespace MailServers.Queue.SmtpClient;

/// <summary>A server's reply; several lines are one in the log, as with Postfix.</summary>
sealed record ClientReply(int Code, IReadOnlyList<string> Lines)
{
    public bool IsPositive => Code is >= 200 and < 400;

    public bool IsPermanent => Code >= 500;

    /// <summary>All lines with their codes, in one.</summary>
    public string Text => string.Join(' ', Lines.Select((line, i) => $"{Code}{(i < Lines.Count - 1 ? '-' : ' ')}{line}"));

    /// <summary>The enhanced status of the first line when it fits the code (RFC 2034 §4), else the general one.</summary>
    public string Status
    {
        get
        {
            var (status, _) = EnhancedStatus.Split(Lines[0], "");
            return status.Length > 0 && status[0] - '0' == Code / 100 ? status : $"{Code / 100}.0.0";
        }
    }

    /// <summary>"550 5.1.1 No such user" → "No such user".</summary>
    public static string WithoutCodes(string text) => EnhancedStatus.Split(text.Length > 4 && char.IsAsciiDigit(text[0]) ? text[4..] : text, "").Text;

    /// <summary>One line: code, whether more follow, text. Null when it is no reply line (RFC 5321 §4.2.1).</summary>
    public static (int Code, bool More, string Text)? ReadLine(string line)
    {
        if (line.Length < 3 || line[0] is < '2' or > '5' || !char.IsAsciiDigit(line[1]) || !char.IsAsciiDigit(line[2]))
            return null;
        if (line.Length > 3 && line[3] is not (' ' or '-'))
            return null;
        return (int.Parse(line.AsSpan(0, 3)), line.Length > 3 && line[3] == '-', line.Length > 4 ? line[4..] : "");
    }
}
