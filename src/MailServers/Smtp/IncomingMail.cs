using System.Buffers;
using System.Text;
using MailServers.Smtp.Content;

namespace MailServers.Smtp;

/// <summary>
/// A mail's text on its way from the client to the queue: trace fields in front, header checks, limits. It never throws for the queue's
/// troubles, because the client's text must be read to its end before anything can be answered.
/// </summary>
sealed class IncomingMail : IAsyncDisposable
{
    const string WriteError = "451 4.3.0 Error: queue file write error";

    readonly SmtpSession _session;
    readonly QueueTransfer _transfer;
    readonly ArrayBufferWriter<byte> _buffer = new(16384);
    readonly HeaderFilter _header;

    IncomingMail(SmtpSession session, Transaction mail, QueueTransfer transfer)
    {
        (_session, _transfer) = (session, transfer);
        Id = transfer.Id ?? session.Server.Ids.Next();
        var now = session.Server.Time.GetLocalNow();
        var completes = session.Client.LocalUid is not null || session.Settings.AlwaysAddMissingHeaders
            || session.Server.Resolver.Domains.IsOwnAddress(session.Client.Address);
        _header = new HeaderFilter(_buffer, missing => completes ? TraceHeader.Complete(missing, session, mail, Id, now) : "");
        _buffer.Write(Encoding.UTF8.GetBytes(TraceHeader.Received(session, mail, Id, now)));
    }

    /// <summary>The id in our Received field: the queue's when it has told it, else our own.</summary>
    public string Id { get; }

    /// <summary>Bytes of text so far, ours not counted.</summary>
    public long Size { get; private set; }

    // Our own field counts, as with Postfix.
    bool IsLooping => _header.ReceivedCount + 1 >= _session.Settings.HopCountLimit;

    /// <summary>Exactly one of the two is not null: the mail, or the reply when the queue does not take it. The reason is in the log.</summary>
    public static async ValueTask<(IncomingMail? Mail, string? Refusal)> OpenAsync(SmtpSession session, Transaction mail)
    {
        var (transfer, problem) = await session.Server.Queue.OpenAsync(mail, CancellationToken.None);
        if (transfer is not null)
            return (new(session, mail, transfer), null);
        SmtpLog.QueueUnavailable(session.Log, problem!);
        // The envelope has been checked here: what the queue has against it is our own trouble, but for a full disk and a size.
        return (null, problem!.StartsWith("452 ") || problem.StartsWith("552 ") ? problem : WriteError);
    }

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> text, CancellationToken stop)
    {
        Size += text.Length;
        if (IsLooping || _transfer.IsBroken)
            return;
        _header.Write(text.Span);
        await PassOnAsync(stop);
    }

    /// <summary>The text is complete: the queue's 250 becomes ours, anything else a refusal.</summary>
    public async ValueTask<Reply> CommitAsync()
    {
        if (IsLooping)
            return Refuse("554 5.4.0 Error: too many hops");
        _header.Finish();
        await PassOnAsync(CancellationToken.None);
        var answer = await _transfer.CommitAsync(CancellationToken.None);
        if (answer.Id is not { } id)
        {
            SmtpLog.QueueUnavailable(_session.Log, answer.Reply);
            return Refuse(answer.Reply.StartsWith('5') || answer.Reply.StartsWith("452 ") ? answer.Reply : WriteError);
        }
        _session.MailQueued(id);
        return Reply.Ok($"250 2.0.0 Ok: queued as {id}");
    }

    public ValueTask DisposeAsync() => _transfer.DisposeAsync();

    Reply Refuse(string reply)
    {
        _session.LogReject("END-OF-MESSAGE", reply);
        return Reply.Error(reply);
    }

    async ValueTask PassOnAsync(CancellationToken stop)
    {
        await _transfer.WriteAsync(_buffer.WrittenMemory, stop);
        _buffer.ResetWrittenCount();
    }
}
