using MailServers.Lmtp;
using MailServers.Smtp.Addresses;

namespace MailServers.Smtp.Commands;

/// <summary>The parameters of RCPT: NOTIFY and ORCPT (RFC 3461 §4.1, §4.2).</summary>
sealed record RcptParameters
{
    const int LongestOriginal = 500;

    public static readonly RcptParameters None = new();

    /// <summary>In upper case, or null.</summary>
    public string? Notify { get; private set; }

    /// <summary>As given: a type, a semicolon, an address in xtext; or null.</summary>
    public string? Original { get; private set; }

    /// <summary>Null when one is refused.</summary>
    public static RcptParameters? TryParse(ReadOnlySpan<char> text, SmtpSettings settings, out string refusal)
    {
        var parameters = new RcptParameters();
        refusal = "";
        foreach (var (key, value, word) in PathParameters.Split(text.ToString()))
        {
            if (parameters.Take(key, value, settings) is not { } problem)
                continue;
            refusal = problem.Length > 0 ? problem : $"555 5.5.4 Unsupported option: {word}";
            return null;
        }
        return parameters;
    }

    /// <summary>Null: taken. Empty: nobody knows it.</summary>
    string? Take(string key, string? value, SmtpSettings settings)
    {
        switch (key)
        {
            case "NOTIFY" or "ORCPT" when value is not null && settings.Discards("DSN"):
                return "501 5.7.1 DSN support is disabled";
            case "NOTIFY" when value is not null:
                if (Notify is not null || !RcptToCommand.IsNotify(value.ToUpperInvariant()))
                    return "501 5.5.4 Error: Bad NOTIFY parameter syntax";
                Notify = value.ToUpperInvariant();
                return null;
            case "ORCPT" when value is not null:
                if (Original is not null || !IsOriginal(value))
                    return "501 5.5.4 Error: Bad ORCPT parameter syntax";
                Original = value;
                return null;
            default:
                return "";
        }
    }

    static bool IsOriginal(string value) =>
        value.Length <= LongestOriginal && value.IndexOf(';') is > 0 and var semicolon && !value.AsSpan(0, semicolon).ContainsAnyExceptInRange('!', '~')
        && Xtext.TryDecode(value.AsSpan(semicolon + 1)) is { Length: > 0 };
}
