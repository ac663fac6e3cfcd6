using Sasl.Hosting.Net;

namespace MailServers.Imap.Commands;

/// <summary>RFC 2177: tells changes at once until the client says DONE.</summary>
static class IdleCommand
{
    public static async ValueTask<ImapReply> RunAsync(ImapSession session, ImapRequest request)
    {
        request.Arguments.ExpectEnd();
        if (request.Arguments.Error is { } error)
            return ImapReply.Bad(error);
        await session.Input.ContinueAsync("idling");
        // A client may idle for as long as it likes: a peer that is gone shows when a keep-alive cannot be sent.
        var timeout = session.Reader.Timeout;
        if (session.Settings.IdleNotifyInterval > TimeSpan.Zero)
            session.Reader.Timeout = Timeout.InfiniteTimeSpan;
        try
        {
            return await WaitAsync(session, session.Input.ReadAheadAsync(session.Drain));
        }
        finally
        {
            session.Reader.Timeout = timeout;
        }
    }

    static async ValueTask<ImapReply> WaitAsync(ImapSession session, Task<Line> line)
    {
        using var over = new CancellationTokenSource();
        try
        {
            var change = session.Selected?.View.WaitForChangeAsync(over.Token) ?? Task.Delay(Timeout.InfiniteTimeSpan, over.Token);
            var notice = NoticeAsync(session, over.Token);
            while (true)
            {
                await session.TellChangesAsync(allowExpunge: true, withUid: false);
                await session.Writer.FlushAsync();
                var first = await Task.WhenAny(line, change, notice);
                if (first == line)
                    return await DoneAsync(session, await line);
                if (first == change)
                {
                    await change;
                    change = session.Selected!.View.WaitForChangeAsync(over.Token);
                }
                else
                {
                    await notice;
                    session.Writer.Line("* OK Still here");
                    notice = NoticeAsync(session, over.Token);
                }
            }
        }
        finally
        {
            await over.CancelAsync();
        }
    }

    static Task NoticeAsync(ImapSession session, CancellationToken stop) =>
        Task.Delay(session.Settings.IdleNotifyInterval > TimeSpan.Zero ? session.Settings.IdleNotifyInterval : Timeout.InfiniteTimeSpan,
            session.Settings.Time, stop);

    static async ValueTask<ImapReply> DoneAsync(ImapSession session, Line line)
    {
        if (line.IsEnd || line.Status == LineStatus.TooLong)
            return ImapReply.End(await session.EndAsync(Wire.ImapInput.Ended(line.Status)));
        return System.Text.Ascii.EqualsIgnoreCase(line.Bytes.Span, "DONE"u8) ? ImapReply.Ok("Idle completed.") : ImapReply.Bad("Expected DONE.");
    }
}
