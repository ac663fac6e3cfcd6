using System.Text;

namespace MailServers.Imap.Search;

/// <summary>MIME charset names.</summary>
static class Charsets
{
    /// <summary>A charset that nobody knows is read as Latin-1: ASCII is found all the same.</summary>
    public static Encoding Find(string name)
    {
        // Mail that says us-ascii and is not is mostly UTF-8, which ASCII is a part of.
        if (name.Equals("us-ascii", StringComparison.OrdinalIgnoreCase))
            return Encoding.UTF8;
        return Known(name) ?? Encoding.Latin1;
    }

    /// <summary>For a client's own words: what is not text in that charset throws DecoderFallbackException. Null when nobody knows it.</summary>
    public static Encoding? TryFind(string name) =>
        name.Equals("us-ascii", StringComparison.OrdinalIgnoreCase) ? Strict(Encoding.UTF8) : Known(name) is { } known ? Strict(known) : null;

    public static Encoding Strict(Encoding encoding)
    {
        var strict = (Encoding)encoding.Clone();
        strict.DecoderFallback = DecoderFallback.ExceptionFallback;
        return strict;
    }

    static Encoding? Known(string name)
    {
        try
        {
            return CodePagesEncodingProvider.Instance.GetEncoding(name) ?? Encoding.GetEncoding(name);
        }
        catch (Exception unknown) when (unknown is ArgumentException or NotSupportedException)
        {
            // NotSupportedException: UTF-7, which .NET knows and does not do.
            return null;
        }
    }
}
