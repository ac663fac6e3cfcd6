using System.Buffers;
using System.Text;
using MailServers.Queue.Schedule;
using MailServers.Queue.Store;

namespace MailServers.Queue.SmtpClient;

/// <summary>One message over a session that is ready: MAIL, RCPT, DATA, text. One result per recipient, by SMTP's or LMTP's rules.</summary>
sealed class MailTransfer(ClientSession session, Features features, SmtpSettings settings, string relay, bool isLmtp)
{
    Delivery _delivery = null!;
    DeliveryResult?[] _results = [];

    /// <summary>ConversationException: the connection broke; nothing is known about the recipients.</summary>
    public async Task<IReadOnlyList<DeliveryResult>> RunAsync(Delivery delivery, CancellationToken stop)
    {
        _delivery = delivery;
        _results = new DeliveryResult?[delivery.Recipients.Count];
        var size = delivery.Message.Size + delivery.Prefix.Length;
        if (features.Size is > 0 and var limit && size > limit)
            return Refuse("5.3.4", $"message size {size} exceeds size limit {limit} of server {session.Peer}");
        if (NeedsUtf8() && !features.Utf8)
            return Refuse("5.6.7", $"SMTPUTF8 is required, but was not offered by host {session.Peer}");
        // RFC 6152 §3: text with the eighth bit goes to nobody who does not take it.
        if (!features.EightBit && !isLmtp && await HasEighthBitAsync(stop))
            return Refuse("5.6.3", $"8BITMIME is required, but was not offered by host {session.Peer}");
        if (!await EnvelopeAsync(size, stop))
            return Results();
        var go = await session.CommandAsync("DATA", "sending DATA command", settings.DataInitTimeout, stop);
        if (go.Code != 354)
        {
            FailOpen(go, "DATA command");
            return Results();
        }
        await TextAsync(stop);
        session.Phase = "sending end of data -- message may be sent more than once";
        // RFC 2033 §4.2: LMTP answers once per accepted recipient, SMTP once.
        ClientReply? last = null;
        for (var i = 0; i < _results.Length; i++)
        {
            if (_results[i] is { Verdict: not Verdict.Sent })
                continue;
            if (isLmtp || last is null)
                last = await session.ReadReplyAsync(settings.DataDoneTimeout, stop);
            _results[i] = From(i, last, "end of DATA command") with { Forwards = _results[i]?.Forwards ?? [] };
        }
        return Results();
    }

    /// <summary>MAIL and RCPT, in one go where the server takes that (RFC 2920). False when nobody is left to send the text to.</summary>
    async Task<bool> EnvelopeAsync(long size, CancellationToken stop)
    {
        session.Phase = "sending MAIL FROM";
        session.Write(Mail(size));
        if (features.Pipelining)
        {
            foreach (var recipient in _delivery.Recipients)
                session.Write(To(recipient));
        }
        await session.FlushAsync(stop);
        var mail = await session.ReadReplyAsync(settings.MailTimeout, stop);
        if (!mail.IsPositive)
            FailOpen(mail, "MAIL FROM command");
        session.Phase = "sending RCPT TO";
        for (var i = 0; i < _results.Length; i++)
        {
            if (!features.Pipelining)
            {
                if (!mail.IsPositive)
                    return false;
                session.Write(To(_delivery.Recipients[i]));
                await session.FlushAsync(stop);
            }
            var reply = await session.ReadReplyAsync(settings.RecipientTimeout, stop);
            if (mail.IsPositive && Recipient(i, reply) is { } result)
                _results[i] = result;
        }
        return _results.Any(r => r is null or { Verdict: Verdict.Sent });
    }

    /// <summary>Null: accepted, the text decides. A worker's 251 is accepted too and says who else gets it.</summary>
    DeliveryResult? Recipient(int i, ClientReply reply)
    {
        // RFC 5321 §3.4, between us and our own workers: 551 <a> <b> replaces the recipient, 251 <a> adds to it (.forward).
        if (isLmtp && reply.Code is 251 or 551 && ForwardPaths.Parse(reply.Text) is { Count: > 0 } paths)
        {
            var recipient = _delivery.Recipients[i];
            return new(recipient, reply.Code == 251 ? Verdict.Sent : Verdict.Expanded, "2.0.0", $"forwarded to {string.Join(' ', paths.Select(p => $"<{p}>"))}")
            {
                Relay = relay,
                Forwards = [.. paths.Select(p => new Recipient(p))],
            };
        }
        return reply.IsPositive ? null : From(i, reply, "RCPT TO command");
    }

    async Task TextAsync(CancellationToken stop)
    {
        session.Phase = "sending message body";
        session.Connection.WriteTimeout = settings.DataTransferTimeout;
        await session.WriteTextAsync(Encoding.UTF8.GetBytes(_delivery.Prefix), stop);
        await using var text = _delivery.OpenText();
        var block = ArrayPool<byte>.Shared.Rent(32 * 1024);
        try
        {
            while (await text.ReadAsync(block, stop) is > 0 and var read)
                await session.WriteTextAsync(block.AsMemory(0, read), stop);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block);
        }
        await session.EndTextAsync(stop);
    }

    /// <summary>Whether the sender said so or not; looked at only for servers of another age.</summary>
    async Task<bool> HasEighthBitAsync(CancellationToken stop)
    {
        await using var text = _delivery.OpenText();
        var block = ArrayPool<byte>.Shared.Rent(32 * 1024);
        try
        {
            while (await text.ReadAsync(block, stop) is > 0 and var read)
            {
                if (!Ascii.IsValid(block.AsSpan(0, read)))
                    return true;
            }
            return false;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block);
        }
    }

    string Mail(long size)
    {
        var command = new StringBuilder($"MAIL FROM:<{_delivery.Sender}>");
        if (features.Size is not null)
            command.Append($" SIZE={size}");
        if (features.EightBit && _delivery.Message.Envelope.EightBit)
            command.Append(" BODY=8BITMIME");
        if (features.Utf8 && (NeedsUtf8() || _delivery.Message.Envelope.Utf8))
            command.Append(" SMTPUTF8");
        if (features.Dsn && _delivery.Message.Envelope.Return is { } ret)
            command.Append($" RET={ret}");
        if (features.Dsn && _delivery.Message.Envelope.EnvelopeId is { } id)
            command.Append($" ENVID={id}");
        return command.ToString();
    }

    string To(Recipient recipient)
    {
        var command = new StringBuilder($"RCPT TO:<{recipient.Address}>");
        if (features.Dsn && recipient.Notify is { } notify)
            command.Append($" NOTIFY={notify}");
        if (features.Dsn && recipient.Original is { } original)
            command.Append($" ORCPT={original}");
        return command.ToString();
    }

    bool NeedsUtf8() => !Ascii.IsValid(_delivery.Sender) || _delivery.Recipients.Any(r => !Ascii.IsValid(r.Address));

    void FailOpen(ClientReply reply, string command)
    {
        for (var i = 0; i < _results.Length; i++)
        {
            if (_results[i] is null or { Verdict: Verdict.Sent })
                _results[i] = From(i, reply, command);
        }
    }

    DeliveryResult From(int i, ClientReply reply, string command) => new(_delivery.Recipients[i],
        reply.IsPositive ? Verdict.Sent : reply.IsPermanent ? Verdict.Bounced : Verdict.Deferred, reply.Status,
        reply.IsPositive ? reply.Text : $"host {session.Peer} said: {reply.Text} (in reply to {command})")
    {
        Relay = relay,
        RemoteHost = session.Peer.Split('[')[0],
        RemoteReply = reply.Text,
        PassedOnNotify = features.Dsn && !isLmtp,
    };

    List<DeliveryResult> Refuse(string status, string text) => [.. _delivery.Recipients.Select(r => new DeliveryResult(r, Verdict.Bounced, status, text) { Relay = relay })];

    DeliveryResult[] Results() => [.. _results.Select((r, i) => r ?? new(_delivery.Recipients[i], Verdict.Deferred, "4.3.0", "no reply") { Relay = relay })];
}
