using Sasl.Hosting.Net;

namespace MailServers.Lmtp;

/// <summary>DATA (RFC 2033 §4.2): the text is streamed to the transaction; then one reply per recipient.</summary>
static class DataCommand
{
    public static async ValueTask<Reply> RunAsync(LmtpServer server, string arguments, CancellationToken stop)
    {
        if (arguments.Length > 0)
            return new(501, "5.5.4", "Syntax: DATA");
        var (connection, transaction, recipients) = (server.Connection, server.Transaction!, server.Recipients);
        if (await transaction.OpenAsync(stop) is { } refusal)
            return refusal;
        // Our own SMTP server writes the id into Received, before it sends the text.
        server.Write(new(354, "", transaction.Id is { } id ? $"End data with <CR><LF>.<CR><LF>; id {id}" : "End data with <CR><LF>.<CR><LF>"));
        if (!await connection.FlushAsync(stop))
            return Lost(server);
        Reply? failure = null;
        var result = await connection.Reader.ReadDotBlockAsync(async (block, token) =>
        {
            if (failure is not null)
                return;
            try
            {
                await transaction.WriteAsync(block, token);
            }
            catch (IOException trouble)
            {
                // The rest must still be read: the client listens only after its final dot.
                failure = Reply.From(trouble);
                LmtpLog.WriteFailed(server.Log, trouble.Message);
            }
        }, server.Service.SizeLimit, stop);
        if (result.Status is LineStatus.Closed or LineStatus.TimedOut)
            return Lost(server);
        if (result.Status == LineStatus.TooLong)
            failure = new(552, "5.3.4", "Error: message file too big");
        IReadOnlyList<Reply> replies = failure is { } reply ? Enumerable.Repeat(reply, recipients).ToList() : await CommitAsync(server, transaction, recipients, stop);
        foreach (var one in replies)
            server.Write(one);
        await server.ResetAsync();
        return default;
    }

    static async ValueTask<IReadOnlyList<Reply>> CommitAsync(LmtpServer server, ILmtpTransaction transaction, int recipients, CancellationToken stop)
    {
        try
        {
            return await transaction.CommitAsync(stop);
        }
        catch (IOException trouble)
        {
            LmtpLog.WriteFailed(server.Log, trouble.Message);
            return Enumerable.Repeat(Reply.From(trouble), recipients).ToList();
        }
    }

    static Reply Lost(LmtpServer server)
    {
        LmtpLog.LostInData(server.Log);
        server.IsQuit = true;
        return default;
    }
}
