namespace MailServers.Lmtp;

/// <summary>LHLO (RFC 2033 §4.1).</summary>
static class LhloCommand
{
    public static async ValueTask<Reply> RunAsync(LmtpServer server, string arguments, CancellationToken stop)
    {
        if (arguments.Length == 0)
            return new(501, "5.5.4", "Syntax: LHLO hostname");
        await server.ResetAsync();
        server.State = LmtpState.Greeted;
        server.ClientName = string.Concat(arguments.Take(255).Select(static c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or ':' or '[' or ']' or '_' ? c : '?'));
        // RFC 2033 §5: PIPELINING, ENHANCEDSTATUSCODES and 8BITMIME belong to every LMTP server.
        foreach (var line in (ReadOnlySpan<string>)[server.Service.HostName, "PIPELINING", "ENHANCEDSTATUSCODES", "8BITMIME", "SMTPUTF8", "DSN"])
            server.Connection.WriteLine($"250-{line}");
        return new(250, "", $"SIZE {server.Service.SizeLimit}");
    }
}
