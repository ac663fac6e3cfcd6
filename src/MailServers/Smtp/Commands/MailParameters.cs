using System.Globalization;
using MailServers.Lmtp;
using MailServers.Smtp.Addresses;

namespace MailServers.Smtp.Commands;

/// <summary>The parameters of MAIL: SIZE (RFC 1870), BODY (RFC 6152), AUTH (RFC 4954 §5), RET and ENVID (RFC 3461 §4.3, §4.4).</summary>
sealed record MailParameters
{
    const int LongestEnvelopeId = 100;

    public bool Is8BitMime { get; private set; }

    public long? Size { get; private set; }

    /// <summary>AUTH=: noted for the log, not believed.</summary>
    public string? SaslSender { get; private set; }

    /// <summary>FULL, HDRS or null.</summary>
    public string? Return { get; private set; }

    /// <summary>As given, in xtext.</summary>
    public string? EnvelopeId { get; private set; }

    bool _sawAuth;

    /// <summary>Null when one is refused.</summary>
    public static MailParameters? TryParse(ReadOnlySpan<char> text, SmtpSettings settings, out string refusal)
    {
        var parameters = new MailParameters();
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
        switch (key, value?.ToUpperInvariant())
        {
            case ("SIZE", { } digits):
                return TakeSize(digits);
            case ("BODY", "8BITMIME"):
                Is8BitMime = true;
                return null;
            case ("BODY", "7BIT"):
                return null;
            case ("AUTH", not null):
                if (_sawAuth)
                    return "503 5.5.4 Error: multiple AUTH= options";
                _sawAuth = true;
                SaslSender = value is "" or "<>" ? null : Reply.Printable(value!);
                return null;
            case ("RET" or "ENVID", not null) when settings.Discards("DSN"):
                return "501 5.7.1 DSN support is disabled";
            case ("RET", var ret and not null):
                if (Return is not null || ret is not ("FULL" or "HDRS"))
                    return "501 5.5.4 Bad RET parameter syntax";
                Return = ret;
                return null;
            case ("ENVID", not null):
                if (EnvelopeId is not null || value!.Length > LongestEnvelopeId || Xtext.TryDecode(value) is not { Length: > 0 } decoded || decoded.AsSpan().ContainsAnyExceptInRange(' ', '~'))
                    return "501 5.5.4 Bad ENVID parameter syntax";
                EnvelopeId = value;
                return null;
            default:
                return "";
        }
    }

    string? TakeSize(string digits)
    {
        // RFC 1870 §4: up to 20 digits, more than any file system holds.
        if (digits.Length is 0 or > 20 || digits.AsSpan().ContainsAnyExceptInRange('0', '9'))
            return "501 5.5.4 Bad message size syntax";
        if (!long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var size))
            return "552 5.3.4 Message size exceeds file system imposed limit";
        Size = size;
        return null;
    }
}
