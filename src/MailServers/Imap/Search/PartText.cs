using System.Buffers;

namespace MailServers.Imap.Search;

/// <summary>Looks for a string in one part's text while decoding it, block by block: memory does not grow with the part.</summary>
static class PartText
{
    const int Block = 8 * 1024;

    public static async ValueTask<bool> ContainsAsync(Stream stream, long start, long end, string encoding, string charset, string text)
    {
        var decoder = TransferDecoder.For(encoding);
        var input = ArrayPool<byte>.Shared.Rent(Block);
        var charsets = Charsets.Find(charset).GetDecoder();
        var chars = ArrayPool<char>.Shared.Rent(text.Length + input.Length + 16);
        try
        {
            if (start < end)
                stream.Position = start;
            var kept = 0;
            while (start < end)
            {
                var count = await stream.ReadAsync(input.AsMemory(0, (int)Math.Min(Block, end - start)));
                if (count == 0)
                    break;
                start += count;
                if (decoder is not null)
                    count = decoder.Decode(input.AsSpan(0, count));
                var length = kept + charsets.GetChars(input.AsSpan(0, count), chars.AsSpan(kept), flush: false);
                if (chars.AsSpan(0, length).Contains(text, StringComparison.OrdinalIgnoreCase))
                    return true;
                // The string may lie across two blocks: as much as could be its beginning stays.
                kept = Math.Min(length, text.Length - 1);
                chars.AsSpan(length - kept, kept).CopyTo(chars);
            }
            return false;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(input);
            ArrayPool<char>.Shared.Return(chars);
        }
    }
}
