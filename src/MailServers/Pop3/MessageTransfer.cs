using System.Buffers;

namespace MailServers.Pop3;

/// <summary>Sends a message's text as RETR and TOP do, block by block, as fast as the client reads.</summary>
static class MessageTransfer
{
    const int BlockSize = 32 * 1024;

    /// <summary>Bytes of text sent, or null when the client has gone or does not read.</summary>
    public static async ValueTask<long?> SendAsync(Pop3Session session, Stream message, long? bodyLines)
    {
        var text = new MultiLineText(session.Connection.Output, bodyLines);
        var block = ArrayPool<byte>.Shared.Rent(BlockSize);
        try
        {
            while (await message.ReadAsync(block) is > 0 and var count)
            {
                var more = text.Write(block.AsSpan(0, count));
                if (!await session.Connection.FlushAsync())
                    return null;
                if (!more)
                    break;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block);
        }
        text.End();
        return text.Written;
    }
}
