using System.Buffers;

namespace MailStore.Structure;

/// <summary>
/// Reads a text line by line with offsets, in bounded memory: of a line that is longer than the buffer only the beginning is seen,
/// the rest follows as lines of their own that do not begin one (<see cref="StartsLine"/>).
/// </summary>
sealed class LineScanner(Stream text) : IDisposable
{
    const int Size = 32 * 1024;

    readonly byte[] _buffer = ArrayPool<byte>.Shared.Rent(Size);
    int _at, _count, _length;
    long _base;
    bool _ended;

    /// <summary>Where the present line begins, where the next one does.</summary>
    public long Start => _base + _at;

    public long End => _base + _at + _length;

    /// <summary>Line ends before the present line.</summary>
    public int LineEnds { get; private set; }

    public bool StartsLine { get; private set; } = true;

    /// <summary>The present line without its line end.</summary>
    public ReadOnlySpan<byte> Line
    {
        get
        {
            var line = _buffer.AsSpan(_at, _length);
            if (line.EndsWith("\n"u8))
                line = line[..^1];
            return line.EndsWith("\r"u8) ? line[..^1] : line;
        }
    }

    /// <summary>The present line as it stands.</summary>
    public ReadOnlySpan<byte> Raw => _buffer.AsSpan(_at, _length);

    /// <summary>It ends with an LF that no CR stands before.</summary>
    public bool EndsBare => _length > 0 && _buffer[_at + _length - 1] == '\n' && (_length == 1 || _buffer[_at + _length - 2] != '\r');

    public bool HasLine => _length > 0;

    /// <summary>Moves to the next line. False at the end of the text; Start and End are then the end.</summary>
    public bool Next()
    {
        if (_length > 0)
        {
            StartsLine = _buffer[_at + _length - 1] == '\n';
            LineEnds += StartsLine ? 1 : 0;
        }
        _at += _length;
        _length = 0;
        while (true)
        {
            var rest = _buffer.AsSpan(_at, _count - _at);
            var end = rest.IndexOf((byte)'\n');
            if (end >= 0)
                _length = end + 1;
            else if (_ended || rest.Length == Size)
                _length = rest.Length;
            if (_length > 0 || _ended)
                return _length > 0;
            Fill();
        }
    }

    void Fill()
    {
        _buffer.AsSpan(_at, _count - _at).CopyTo(_buffer);
        _base += _at;
        (_at, _count) = (0, _count - _at);
        var read = text.Read(_buffer, _count, Size - _count);
        _count += read;
        _ended = read == 0;
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(_buffer);
}
