using System.Buffers;
using Microsoft.Win32.SafeHandles;

namespace MailStore.Text;

/// <summary>
/// Part of a file of LF (or mixed) text, read in CRLF form. The length is promised beforehand and kept even when somebody changes
/// the file meanwhile (cut, or filled up with line ends): a session that announced it must not lose step with its client.
/// </summary>
sealed class CrlfStream(SafeFileHandle file, long start, long end, long length) : Stream
{
    const int BufferSize = 32 * 1024;

    byte[]? _buffer;
    int _at, _count;
    long _read, _position;
    bool _afterCr, _owesLf;

    /// <summary>Size of the CRLF form of a file from start to end.</summary>
    public static long Measure(SafeFileHandle file, long start, long end)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            var size = 0L;
            var afterCr = false;
            while (start < end)
            {
                var count = RandomAccess.Read(file, buffer.AsSpan(0, (int)Math.Min(BufferSize, end - start)), start);
                if (count == 0)
                    break;
                start += count;
                size += count + BareLineEnds(buffer.AsSpan(0, count), ref afterCr);
            }
            return size;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    static int BareLineEnds(ReadOnlySpan<byte> text, ref bool afterCr)
    {
        if (text.IndexOf((byte)'\r') < 0 && !afterCr)
            return text.Count((byte)'\n');
        var bare = 0;
        foreach (var b in text)
        {
            if (b == '\n' && !afterCr)
                bare++;
            afterCr = b == '\r';
        }
        return bare;
    }

    public override int Read(Span<byte> output)
    {
        var wanted = (int)Math.Min(output.Length, length - _position);
        var filled = 0;
        while (filled < wanted)
        {
            if (_at == _count && !_owesLf && !Fill())
            {
                for (; filled < wanted; filled++)
                    output[filled] = (byte)((length - _position - filled) % 2 == 0 ? '\r' : '\n');
                break;
            }
            filled += Copy(output[filled..wanted]);
        }
        _position += filled;
        return filled;
    }

    int Copy(Span<byte> output)
    {
        if (_owesLf)
        {
            _owesLf = false;
            output[0] = (byte)'\n';
            return 1;
        }
        var text = _buffer.AsSpan(_at, Math.Min(_count - _at, output.Length));
        if (text[0] == '\n')
        {
            _at++;
            (_owesLf, var bare) = (!_afterCr, !_afterCr);
            _afterCr = false;
            output[0] = (byte)(bare ? '\r' : '\n');
            return 1;
        }
        var line = text.IndexOf((byte)'\n');
        if (line >= 0)
            text = text[..line];
        text.CopyTo(output);
        _at += text.Length;
        _afterCr = text[^1] == '\r';
        return text.Length;
    }

    bool Fill()
    {
        _buffer ??= ArrayPool<byte>.Shared.Rent(BufferSize);
        _at = 0;
        _count = RandomAccess.Read(file, _buffer.AsSpan(0, (int)Math.Min(BufferSize, end - start - _read)), start + _read);
        _read += _count;
        return _count > 0;
    }

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => length;

    /// <summary>Going forward reads, going back begins again: line ends are nowhere counted.</summary>
    public override long Position
    {
        get => _position;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            if (value < _position)
            {
                (_at, _count, _read, _position, _afterCr, _owesLf) = (0, 0, 0, 0, false, false);
            }
            Span<byte> skipped = stackalloc byte[4096];
            while (_position < value && Read(skipped[..(int)Math.Min(skipped.Length, value - _position)]) > 0)
            {
            }
        }
    }

    public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => _position + offset,
        _ => length + offset,
    };

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(Read(buffer.Span));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        Task.FromResult(Read(buffer.AsSpan(offset, count)));

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (Interlocked.Exchange(ref _buffer, null) is { } buffer)
            ArrayPool<byte>.Shared.Return(buffer);
        file.Dispose();
        base.Dispose(disposing);
    }
}
