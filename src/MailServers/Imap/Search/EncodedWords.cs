using System.Text;

namespace MailServers.Imap.Search;

/// <summary>RFC 2047: "=?charset?encoding?text?=" in a header's text.</summary>
static class EncodedWords
{
    const int LongestCharset = 60, LongestWord = 4096;

    public static string Decode(string raw)
    {
        if (!raw.Contains("=?", StringComparison.Ordinal))
            return raw;
        var text = new StringBuilder(raw.Length);
        // The bytes of neighbouring words of one charset: a character may be cut between two words, though it should not be.
        var pending = new List<byte>();
        var (at, charset) = (0, "");
        while (at < raw.Length)
        {
            var start = raw.IndexOf("=?", at, StringComparison.Ordinal);
            if (start < 0)
                break;
            if (!TryWord(raw, start, out var end, out var wordCharset, out var bytes))
            {
                Flush(text, pending, charset);
                text.Append(raw, at, start + 2 - at);
                at = start + 2;
                continue;
            }
            var between = raw.AsSpan(at, start - at);
            // §6.2: white space between two encoded words is not shown.
            var joined = pending.Count > 0 && between.IsWhiteSpace();
            if (!joined || !wordCharset.Equals(charset, StringComparison.OrdinalIgnoreCase))
                Flush(text, pending, charset);
            if (!joined)
                text.Append(between);
            pending.AddRange(bytes);
            (at, charset) = (end, wordCharset);
        }
        Flush(text, pending, charset);
        return text.Append(raw, at, raw.Length - at).ToString();
    }

    static void Flush(StringBuilder text, List<byte> pending, string charset)
    {
        if (pending.Count == 0)
            return;
        text.Append(Charsets.Find(charset).GetString([.. pending]));
        pending.Clear();
    }

    static bool TryWord(string raw, int start, out int end, out string charset, out byte[] bytes)
    {
        (end, charset, bytes) = (0, "", []);
        var first = raw.IndexOf('?', start + 2);
        if (first < 0 || first - start > LongestCharset || first + 3 > raw.Length || raw[first + 2] != '?')
            return false;
        // Bounded, or a header of beginnings without an end would be read once for each of them.
        var close = raw.IndexOf("?=", first + 3, Math.Min(LongestWord, raw.Length - first - 3), StringComparison.Ordinal);
        if (close < 0)
            return false;
        var encoded = raw[(first + 3)..close];
        if (encoded.AsSpan().IndexOfAnyExceptInRange('!', '~') >= 0)
            return false;
        var quoted = raw[first + 1] is 'q' or 'Q';
        if (!quoted && raw[first + 1] is not ('b' or 'B'))
            return false;
        // RFC 2231 §5: the charset may have a language behind it.
        charset = raw[(start + 2)..first].Split('*')[0];
        bytes = Encoding.ASCII.GetBytes(quoted ? encoded.Replace('_', ' ') : encoded);
        bytes = bytes[..TransferDecoder.For(quoted ? "Q" : "BASE64")!.Decode(bytes)];
        end = close + 2;
        return true;
    }
}
