namespace MailServers.Imap.Fetch;

/// <summary>
/// RFC 3501 §6.4.5 HEADER.FIELDS and HEADER.FIELDS.NOT over a header that comes in blocks cut anywhere. Holds one field name, nothing
/// more: a header may be as long as a message.
/// </summary>
sealed class HeaderFilter
{
    enum Place { LineStart, Name, Field, Done }

    const int LongestName = 256;

    readonly HashSet<string> _fields;
    readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> _byName;
    readonly bool _not;
    readonly byte[] _name = new byte[LongestName + 1];
    int _nameLength;
    Place _place = Place.LineStart;
    bool _keep;

    public HeaderFilter(IReadOnlyList<string> fields, bool not)
    {
        _fields = new HashSet<string>(fields, StringComparer.OrdinalIgnoreCase);
        _byName = _fields.GetAlternateLookup<ReadOnlySpan<char>>();
        _not = not;
    }

    public delegate void Sink(ReadOnlySpan<byte> kept);

    /// <summary>The empty line behind the header was seen: there is no more to come.</summary>
    public bool IsDone => _place == Place.Done;

    /// <summary>Takes a block and hands on what is kept. The empty line is not handed on.</summary>
    public void Take(ReadOnlySpan<byte> block, Sink sink)
    {
        while (!block.IsEmpty && _place != Place.Done)
        {
            var used = _place switch
            {
                Place.LineStart => AtLineStart(block[0]),
                Place.Name => InName(block, sink),
                _ => InField(block, sink),
            };
            block = block[used..];
        }
    }

    int AtLineStart(byte first)
    {
        // A folded line belongs to its field (RFC 5322 §2.2.3).
        if (first is (byte)' ' or (byte)'\t')
        {
            _place = Place.Field;
            return 0;
        }
        (_place, _nameLength) = (first is (byte)'\r' or (byte)'\n' ? Place.Done : Place.Name, 0);
        return 0;
    }

    int InName(ReadOnlySpan<byte> block, Sink sink)
    {
        var b = block[0];
        _name[_nameLength++] = b;
        if (b is not ((byte)':' or (byte)'\n') && _nameLength <= LongestName)
            return 1;
        _keep = b == ':' && IsAsked() != _not || b != ':' && _not;
        if (_keep)
            sink(_name.AsSpan(0, _nameLength));
        _place = b == '\n' ? Place.LineStart : Place.Field;
        return 1;
    }

    int InField(ReadOnlySpan<byte> block, Sink sink)
    {
        var end = block.IndexOf((byte)'\n');
        var used = end < 0 ? block.Length : end + 1;
        if (_keep)
            sink(block[..used]);
        if (end >= 0)
            _place = Place.LineStart;
        return used;
    }

    bool IsAsked()
    {
        Span<char> name = stackalloc char[LongestName];
        var length = _nameLength - 1;
        while (length > 0 && _name[length - 1] is (byte)' ' or (byte)'\t')
            length--;
        for (var i = 0; i < length; i++)
            name[i] = (char)_name[i];
        return _byName.Contains(name[..length]);
    }
}
