using System.Buffers;
using Microsoft.Win32.SafeHandles;

namespace MailStore.Mbox;

/// <summary>Writes small pieces to a file at a place of its own.</summary>
sealed class BufferedWriter(SafeFileHandle file, long at) : IDisposable
{
    readonly byte[] _buffer = ArrayPool<byte>.Shared.Rent(64 * 1024);
    int _count;
    bool _ended = true;

    public void Write(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty)
            return;
        _ended = text[^1] == '\n';
        while (text.Length > 0)
        {
            if (_count == _buffer.Length)
                Flush();
            var part = text[..Math.Min(text.Length, _buffer.Length - _count)];
            part.CopyTo(_buffer.AsSpan(_count));
            _count += part.Length;
            text = text[part.Length..];
        }
    }

    /// <summary>A line end, unless one was written last.</summary>
    public void EndLine()
    {
        if (!_ended)
            Write("\n"u8);
    }

    public long Flush()
    {
        RandomAccess.Write(file, _buffer.AsSpan(0, _count), at);
        at += _count;
        _count = 0;
        return at;
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(_buffer);
}
