using System.Text;

namespace MailServers.Queue;

/// <summary>
/// Watches a message's header as it streams by: counts Received fields, remembers Message-ID, and lets a caller see each field's first
/// line. Holds at most the beginning of one line.
/// </summary>
sealed class HeaderScan(Action<string, string>? field = null)
{
    const int LongestKept = 998;

    readonly byte[] _line = new byte[LongestKept];
    int _length;
    bool _afterReturn;

    /// <summary>The empty line that ends the header has been seen.</summary>
    public bool IsOver { get; private set; }

    /// <summary>RFC 5321 §6.3: how many servers it came through.</summary>
    public int Hops { get; private set; }

    public string MessageId { get; private set; } = "";

    public void Add(ReadOnlySpan<byte> text)
    {
        foreach (var b in text)
        {
            if (IsOver)
                return;
            if (b == '\n' && _afterReturn)
            {
                EndLine();
            }
            else if (_length < LongestKept && b != '\r')
            {
                _line[_length++] = b;
            }
            _afterReturn = b == '\r';
        }
    }

    /// <summary>The value of the first field of that name in a whole header, its first line only; null when there is none.</summary>
    public static string? Field(ReadOnlySpan<byte> header, string name)
    {
        string? found = null;
        new HeaderScan((n, v) =>
        {
            if (found is null && n.Equals(name, StringComparison.OrdinalIgnoreCase))
                found = v;
        }).Add(header);
        return found;
    }

    void EndLine()
    {
        if (_length == 0)
        {
            IsOver = true;
            return;
        }
        var line = _line.AsSpan(0, _length);
        _length = 0;
        var colon = line.IndexOf((byte)':');
        if (colon <= 0 || line[0] is (byte)' ' or (byte)'\t')
            return;
        var name = Encoding.Latin1.GetString(line[..colon]).TrimEnd();
        var value = Encoding.UTF8.GetString(line[(colon + 1)..]).Trim();
        if (name.Equals("Received", StringComparison.OrdinalIgnoreCase))
            Hops++;
        else if (MessageId.Length == 0 && name.Equals("Message-ID", StringComparison.OrdinalIgnoreCase))
            MessageId = value;
        field?.Invoke(name, value);
    }
}
