using System.Buffers;
using MailServers.Imap.Wire;
using MailStore;
using Sasl.Hosting.Unix;

namespace MailServers.Imap.Commands;

/// <summary>
/// RFC 3501 §6.3.11, with APPENDUID (RFC 4315 §3) and APPENDLIMIT (RFC 7889). The text goes to the store as it comes; only when the
/// command has ended well and the store says that the message is durable is it there and acknowledged.
/// </summary>
static class AppendCommand
{
    public static async ValueTask<ImapReply> RunAsync(ImapSession session, ImapRequest request)
    {
        var arguments = request.Arguments;
        arguments.ExpectSpace();
        var mailbox = arguments.ExpectMailbox(session.Store.Separator);
        arguments.ExpectSpace();
        var (flags, keywords, date) = ExpectOptions(arguments);
        var (size, synchronising) = arguments.ExpectLiteralAhead();
        if (arguments.Failed)
            return ImapReply.Bad(arguments.Error!);
        if (size > session.Settings.LargestMessage)
            return ImapReply.No("Message is too large.", "TOOBIG");
        if (size == 0)
            return ImapReply.No("Can't save a zero byte message.");
        using var message = session.Store.Append(mailbox, flags, keywords, date);
        if (message is null)
            return ImapReply.TryCreate(session.Store, mailbox);
        if (synchronising)
            await session.Input.ContinueAsync("OK");
        return await TakeAsync(session, message);
    }

    static (MessageFlags, IReadOnlySet<string>, DateTimeOffset?) ExpectOptions(ImapDecoder arguments)
    {
        var flags = new FlagList();
        DateTimeOffset? date = null;
        if (arguments.Peek('('))
        {
            flags = FlagList.Expect(arguments);
            arguments.ExpectSpace();
        }
        if (arguments.Peek('"'))
        {
            if (ImapDate.TryParseDateTime(arguments.ExpectAsciiString(), out var time))
                date = time;
            else
                arguments.Fail("Invalid internal date.");
            arguments.ExpectSpace();
        }
        return (flags.Flags, flags.Keywords, date);
    }

    static async ValueTask<ImapReply> TakeAsync(ImapSession session, IMessageWriter message)
    {
        IOException? failure = null;
        var hasNul = false;
        var status = await session.Input.StreamAsync(async (block, stop) =>
        {
            // What comes after a failure is read all the same: the dialogue goes on behind the literal.
            foreach (var piece in block)
            {
                hasNul |= piece.Span.Contains((byte)0);
                if (failure is not null || hasNul)
                    continue;
                try
                {
                    await message.WriteAsync(piece, stop);
                }
                catch (IOException refused)
                {
                    failure = refused;
                }
            }
        }, session.Drain);
        var isEnd = false;
        if (status == InputStatus.Complete)
            (status, isEnd) = await session.Input.ReadEndAsync(session.Drain);
        if (status != InputStatus.Complete)
            return ImapReply.End(await session.EndAsync(status));
        if (!isEnd)
            return ImapReply.Bad("Unexpected argument.");
        // RFC 3501 §9: literal is CHAR8, without NUL.
        if (hasNul)
            return ImapReply.Bad("NULs in literal.");
        return await CommitAsync(message, failure);
    }

    static async ValueTask<ImapReply> CommitAsync(IMessageWriter message, IOException? failure)
    {
        try
        {
            if (failure is not null)
                throw failure;
            var (validity, uid) = await message.CommitAsync(CancellationToken.None);
            return ImapReply.Ok("Append completed.", $"APPENDUID {validity} {uid}");
        }
        catch (IOException full) when ((full is UnixException call ? call.Error : full.HResult) is UnixException.ENOSPC or UnixException.EDQUOT)
        {
            return ImapReply.No("Not enough disk space.", "OVERQUOTA");
        }
    }
}
