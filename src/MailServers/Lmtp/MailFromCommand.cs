using System.Globalization;

namespace MailServers.Lmtp;

/// <summary>MAIL FROM (RFC 5321 §4.1.1.2) with SIZE, BODY, SMTPUTF8 and the DSN parameters (RFC 3461 §4.3, §4.4).</summary>
static class MailFromCommand
{
    static readonly string[] _known = ["SIZE", "BODY", "RET", "ENVID", "SMTPUTF8", "AUTH"];

    public static async ValueTask<Reply> RunAsync(LmtpServer server, string arguments, CancellationToken stop)
    {
        if (!arguments.StartsWith("FROM:", StringComparison.OrdinalIgnoreCase))
            return new(501, "5.5.4", "Syntax: MAIL FROM:<address>");
        if (Parse(arguments, out var refusal) is not { } mail)
            return refusal;
        if (mail.Size > server.Service.SizeLimit)
            return new(552, "5.3.4", "Message size exceeds fixed limit");
        var (reply, transaction) = await server.Service.BeginAsync(mail with { Client = server.ClientName }, stop);
        if (transaction is null)
            return reply;
        server.Transaction = transaction;
        server.State = LmtpState.Mail;
        return reply;
    }

    static MailCommand? Parse(string arguments, out Reply refusal)
    {
        refusal = new(501, "5.1.7", "Bad sender address syntax");
        if (MailPath.Take(arguments.AsSpan(5), out var rest) is not { } sender)
            return null;
        refusal = new(555, "5.5.4", "Unsupported option");
        if (EsmtpParameters.TryParse(rest, _known) is not { } options)
            return null;
        refusal = new(501, "5.5.4", "Bad parameter value");
        long? size = null;
        if (options.TryGetValue("SIZE", out var digits))
        {
            if (!long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var n))
                return null;
            size = n;
        }
        var body = options.GetValueOrDefault("BODY")?.ToUpperInvariant();
        var ret = options.GetValueOrDefault("RET")?.ToUpperInvariant();
        if (body is not (null or "7BIT" or "8BITMIME") || ret is not (null or "FULL" or "HDRS") || options.GetValueOrDefault("ENVID") is { Length: > 100 })
            return null;
        return new(sender, size, body, ret, options.GetValueOrDefault("ENVID"), options.ContainsKey("SMTPUTF8"));
    }
}
