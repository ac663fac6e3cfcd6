using System.Buffers;
using System.Globalization;
using Sasl.Hosting.Net;

namespace MailServers.Smtp.Commands;

/// <summary>
/// BDAT (RFC 3030 §2): chunks of counted bytes, in which a dot means nothing. Whatever is wrong, a chunk's bytes are read: they are text
/// and must never be taken for commands.
/// </summary>
static class BdatCommand
{
    public static async ValueTask<Reply> RunAsync(SmtpSession session, CommandLine line, CancellationToken stop)
    {
        if (session.Settings.Discards("CHUNKING"))
            return Reply.Error("521 5.5.1 Error: command not implemented");
        var words = line.Words;
        var last = words is [_, var word] && word.Equals("LAST", StringComparison.OrdinalIgnoreCase);
        // Without a count nobody knows where the next command begins: the session ends.
        if (words.Length is 0 or > 2 || (words.Length == 2 && !last) || !long.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out var size))
            return Reply.Error("521 5.5.4 Syntax: BDAT count [LAST]");
        if (session.Chunks is { Mail: null })
            return await DiscardAsync(session, size, $"551 5.0.0 Discarded {size} bytes after earlier error");
        if (DataCommand.Refusal(session, "BDAT") is { } refusal)
            return await FailAsync(session, size, refusal);
        var mail = session.Mail!;
        if (size == 0 && !last)
            return await FailAsync(session, 0, "551 5.7.1 Null BDAT request");
        if (session.Chunks is null)
        {
            if (await session.Server.Access.CheckDataAsync(session, "BDAT", mail, stop) is { } refused)
                return await FailAsync(session, size, refused);
            var (opened, problem) = await IncomingMail.OpenAsync(session, mail);
            if (opened is null)
                return await FailAsync(session, size, problem!);
            session.Chunks = new(opened);
        }
        if (session.Settings.MessageSizeLimit > 0 && size > session.Settings.MessageSizeLimit - session.Chunks.Size)
            return await FailAsync(session, size, "552 5.3.4 Chunk exceeds message size limit");
        return await ReceiveAsync(session, mail, session.Chunks, size, last);
    }

    static async ValueTask<Reply> ReceiveAsync(SmtpSession session, Transaction mail, ChunkedText chunks, long size, bool last)
    {
        var (incoming, text) = (chunks.Mail!, new ArrayBufferWriter<byte>());
        var status = await session.Connection.Reader.ReadLiteralAsync(size, async (block, stop) =>
        {
            foreach (var segment in block)
                chunks.Lines.Write(segment.Span, text);
            await incoming.WriteAsync(text.WrittenMemory, stop);
            text.ResetWrittenCount();
        }, CancellationToken.None);
        if (status != LineStatus.Complete)
            return session.LostIn($"BDAT ({chunks.Size} bytes)", status);
        chunks.Size += size;
        if (!last)
            return Reply.Ok($"250 2.0.0 Ok: {size} bytes");
        if (!chunks.Lines.AtLineStart)
            await incoming.WriteAsync("\r\n"u8.ToArray(), CancellationToken.None);
        var reply = await DataCommand.EndAsync(session, mail, incoming);
        SmtpMetrics.Ended(reply);
        await session.ResetMailAsync();
        return reply.IsError ? reply : Reply.Ok(reply.Lines[0].Replace("Ok:", $"Ok: {chunks.Size} bytes"));
    }

    /// <summary>The mail cannot be any more; the next chunks are thrown away until RSET.</summary>
    static async ValueTask<Reply> FailAsync(SmtpSession session, long size, string reply)
    {
        if (session.Chunks is { } chunks)
            await chunks.DisposeAsync();
        session.Chunks = new(null);
        return await DiscardAsync(session, size, reply);
    }

    static async ValueTask<Reply> DiscardAsync(SmtpSession session, long size, string reply)
    {
        var status = await session.Connection.Reader.ReadLiteralAsync(size, static (_, _) => ValueTask.CompletedTask, CancellationToken.None);
        return status == LineStatus.Complete ? Reply.Error(reply) : session.LostIn("BDAT", status);
    }
}
