namespace MailServers.Lmtp;

/// <summary>RSET (RFC 5321 §4.1.1.5).</summary>
static class RsetCommand
{
    public static async ValueTask<Reply> RunAsync(LmtpServer server, string arguments, CancellationToken stop)
    {
        await server.ResetAsync();
        return Reply.Ok;
    }
}
