using System.Buffers;
using MailServers.Imap.Wire;

namespace MailServers.Imap.Fetch;

/// <summary>Writes one section of a message's text as a literal, block by block.</summary>
static class SectionWriter
{
    const int Block = 16 * 1024;

    /// <summary>Returns the number of bytes sent.</summary>
    public static async ValueTask<long> WriteAsync(ImapWriter writer, BodySection section, SectionRange range, Stream text)
    {
        if (section.FiltersHeader)
            return await WriteFilteredAsync(writer, section, range, text);
        var (skip, count) = Cut(section, range.Length);
        Announce(writer, count);
        if (count > 0)
            text.Position = range.Start + skip;
        await writer.CopyAsync(text, count);
        return count;
    }

    /// <summary>Twice over the header: once to count, once to write. What is counted must be told before the first byte.</summary>
    static async ValueTask<long> WriteFilteredAsync(ImapWriter writer, BodySection section, SectionRange range, Stream text)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(Block);
        try
        {
            var length = 0L;
            var hasBlankLine = false;
            await foreach (var (filter, count) in BlocksAsync(section, range, text, buffer))
            {
                filter.Take(buffer.AsSpan(0, count), kept => length += kept.Length);
                hasBlankLine = filter.IsDone;
            }
            // RFC 3501 §6.4.5: "the delimiting blank line between the header and the body is included", if there is one.
            if (hasBlankLine)
                length += 2;
            var (skip, rest) = Cut(section, length);
            var sent = rest;
            Announce(writer, rest);
            void Keep(ReadOnlySpan<byte> kept)
            {
                var from = (int)Math.Min(skip, kept.Length);
                skip -= from;
                var part = kept.Slice(from, (int)Math.Min(kept.Length - from, rest));
                rest -= part.Length;
                writer.CopyContent(part);
            }
            await foreach (var (filter, count) in BlocksAsync(section, range, text, buffer))
            {
                filter.Take(buffer.AsSpan(0, count), Keep);
                await writer.FlushIfFullAsync();
            }
            if (hasBlankLine)
                Keep("\r\n"u8);
            return rest == 0 ? sent : throw new EndOfStreamException("a header changed while it was sent");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    static async IAsyncEnumerable<(HeaderFilter, int)> BlocksAsync(BodySection section, SectionRange range, Stream text, byte[] buffer)
    {
        var filter = new HeaderFilter(section.Fields, section.Text == SectionText.HeaderFieldsNot);
        text.Position = range.Start;
        var left = range.Length;
        while (left > 0 && !filter.IsDone)
        {
            var count = await text.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, left)));
            if (count == 0)
                break;
            left -= count;
            yield return (filter, count);
        }
    }

    static (long Skip, long Count) Cut(BodySection section, long length)
    {
        if (section.Partial is not { } partial)
            return (0, length);
        var skip = Math.Min(partial.Start, length);
        return (skip, Math.Min(partial.Count, length - skip));
    }

    static void Announce(ImapWriter writer, long count) => writer.Text("{").Number(count).Bytes("}\r\n"u8);
}
