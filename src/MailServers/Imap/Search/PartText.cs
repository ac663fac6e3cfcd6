using System.Buffers;
using System.Text;
using MimeKit.Encodings;

namespace MailServers.Imap.Search;

/// <summary>Looks for a string in one part's text while decoding it, block by block: memory does not grow with the part.</summary>
static class PartText
{
    const int Block = 8 * 1024;

    public static async ValueTask<bool> ContainsAsync(Stream stream, long start, long end, string encoding, string charset, string text)
    {
        var decoder = Decoder(encoding);
        var input = ArrayPool<byte>.Shared.Rent(Block);
        var output = decoder is null ? input : ArrayPool<byte>.Shared.Rent(decoder.EstimateOutputLength(input.Length));
        var charsets = Charset(charset).GetDecoder();
        var chars = ArrayPool<char>.Shared.Rent(text.Length + output.Length + 16);
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
                    count = decoder.Decode(input, 0, count, output);
                var length = kept + charsets.GetChars(output.AsSpan(0, count), chars.AsSpan(kept), flush: false);
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
            if (decoder is not null)
                ArrayPool<byte>.Shared.Return(output);
            ArrayPool<char>.Shared.Return(chars);
        }
    }

    static IMimeDecoder? Decoder(string encoding) => encoding.ToUpperInvariant() switch
    {
        "BASE64" => new Base64Decoder(),
        "QUOTED-PRINTABLE" => new QuotedPrintableDecoder(),
        _ => null,
    };

    /// <summary>A charset that nobody knows is read as Latin-1: ASCII is found all the same.</summary>
    static Encoding Charset(string name)
    {
        try
        {
            return name.Equals("us-ascii", StringComparison.OrdinalIgnoreCase) ? Encoding.UTF8
                : CodePagesEncodingProvider.Instance.GetEncoding(name) ?? Encoding.GetEncoding(name);
        }
        catch (ArgumentException)
        {
            return Encoding.Latin1;
        }
    }
}
