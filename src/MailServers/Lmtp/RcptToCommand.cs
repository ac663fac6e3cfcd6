namespace MailServers.Lmtp;

/// <summary>RCPT TO (RFC 5321 §4.1.1.3) with NOTIFY and ORCPT (RFC 3461 §4.1, §4.2).</summary>
static class RcptToCommand
{
    static readonly string[] _known = ["NOTIFY", "ORCPT"], _knownInside = ["NOTIFY", "ORCPT", "XMAILBOX"];

    public static async ValueTask<Reply> RunAsync(LmtpServer server, string arguments, CancellationToken stop)
    {
        if (!arguments.StartsWith("TO:", StringComparison.OrdinalIgnoreCase))
            return new(501, "5.5.4", "Syntax: RCPT TO:<address>");
        if (MailPath.Take(arguments.AsSpan(3), out var rest) is not { Length: > 0 } address)
            return new(501, "5.1.3", "Bad recipient address syntax");
        if (EsmtpParameters.TryParse(rest, server.Service.IsInside ? _knownInside : _known) is not { } options)
            return new(555, "5.5.4", "Unsupported option");
        var notify = options.GetValueOrDefault("NOTIFY")?.ToUpperInvariant();
        if ((notify is not null && !IsNotify(notify)) || options.GetValueOrDefault("ORCPT") is { Length: > 500 })
            return new(501, "5.5.4", "Bad parameter value");
        // RFC 5321 §4.5.3.1.10: too many recipients is transient, so that the client sends the rest in another mail.
        if (server.Recipients >= server.Service.RecipientLimit)
            return new(452, "4.5.3", "Error: too many recipients");
        var reply = await server.Transaction!.AddAsync(new(address, notify, options.GetValueOrDefault("ORCPT"), options.ContainsKey("XMAILBOX")), stop);
        if (reply.IsPositive)
        {
            server.Recipients++;
            server.State = LmtpState.Recipients;
        }
        return reply;
    }

    // RFC 3461 §4.1: NEVER stands alone.
    public static bool IsNotify(string value) =>
        value == "NEVER" || Array.TrueForAll(value.Split(','), static v => v is "SUCCESS" or "FAILURE" or "DELAY");
}
