using System.Text;

namespace MailStore.Structure;

/// <summary>The fields of one header that a structure is made of; everything else is passed over. Bounded however large the header is.</summary>
sealed class HeaderFields
{
    const int LongestValue = 256 * 1024;

    static readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _wanted = new[]
    {
        "Date", "Subject", "From", "Sender", "Reply-To", "To", "Cc", "Bcc", "In-Reply-To", "Message-ID", "Content-Type",
        "Content-Transfer-Encoding", "Content-ID", "Content-Description", "Content-Disposition", "Content-Language", "Content-Location",
        "Content-MD5",
    }.Select((name, index) => (name, index)).ToDictionary(p => p.name, p => p.index, StringComparer.OrdinalIgnoreCase)
        .GetAlternateLookup<ReadOnlySpan<char>>();

    readonly Dictionary<int, List<byte>> _values = [];
    List<byte>? _open;

    /// <summary>The first field of that name, unfolded; null when there is none.</summary>
    public string? this[string name] => _values.TryGetValue(_wanted[name], out var value) ? Text(value) : null;

    /// <summary>Takes one line of the header.</summary>
    public void Take(ReadOnlySpan<byte> line, bool startsLine)
    {
        if (!startsLine || line.Length > 0 && line[0] is (byte)' ' or (byte)'\t')
        {
            // RFC 5322 §2.2.3: unfolding removes the line end only.
            Append(line);
            return;
        }
        _open = null;
        var colon = line.IndexOf((byte)':');
        if (colon <= 0)
            return;
        var name = line[..colon].TrimEnd(" \t"u8);
        Span<char> chars = stackalloc char[32];
        if (name.Length == 0 || name.Length > chars.Length || !Encoding.ASCII.TryGetChars(name, chars, out var length)
            || !_wanted.TryGetValue(chars[..length], out var index))
            return;
        // A field that may stand once and stands twice: the first one counts.
        if (_values.ContainsKey(index))
            return;
        _values[index] = _open = [];
        Append(line[(colon + 1)..]);
    }

    void Append(ReadOnlySpan<byte> text)
    {
        if (_open is not null && _open.Count + text.Length <= LongestValue)
            _open.AddRange(text);
    }

    /// <summary>UTF-8 where it is that (RFC 6532), otherwise every byte is a character; controls that no string may hold become blanks.</summary>
    static string Text(List<byte> value)
    {
        var bytes = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(value).Trim(" \t\r\n"u8);
        var text = System.Text.Unicode.Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : Encoding.Latin1.GetString(bytes);
        return text.AsSpan().IndexOfAny('\0', '\r', '\n') < 0 ? text : text.Replace('\0', ' ').Replace('\r', ' ').Replace('\n', ' ');
    }
}
