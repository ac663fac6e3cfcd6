// Invariants of this file:
//  * Nothing reaches the caller that its packet's check has not passed.
//  * Buffers hold one packet of the peer, bounded by what the layer takes, and one of ours.
//  * Once a packet was broken, or one of ours went out in part, that direction is over.
using System.Buffers;

namespace Sasl.Mechanisms;

/// <summary>
/// A connection under a security layer: what is written goes out in protected packets, what is read has been checked. One reader and one
/// writer at a time; both may run together.
/// </summary>
/// <param name="inner">The connection, at the byte after the exchange.</param>
/// <param name="layer">From <see cref="SaslOutcome.Success.Layer"/>; the stream disposes it.</param>
/// <param name="alreadyRead">What the caller has read of the connection behind the exchange; copied.</param>
/// <param name="leaveOpen">Leaves <paramref name="inner"/> open on disposal.</param>
public sealed class SaslLayerStream(Stream inner, SecurityLayer layer, ReadOnlyMemory<byte> alreadyRead = default, bool leaveOpen = false) : Stream
{
    const int LeastRoom = 4096, LongestWrite = 65536;

    readonly ArrayBufferWriter<byte> _plain = new(), _packet = new();
    byte[] _input = [.. alreadyRead.Span];
    int _begin, _end = alreadyRead.Length, _taken;
    bool _isHalfWritten;

    /// <inheritdoc/>
    public override bool CanRead => inner.CanRead;

    /// <inheritdoc/>
    public override bool CanWrite => inner.CanWrite;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanTimeout => inner.CanTimeout;

    /// <inheritdoc/>
    public override int ReadTimeout { get => inner.ReadTimeout; set => inner.ReadTimeout = value; }

    /// <inheritdoc/>
    public override int WriteTimeout { get => inner.WriteTimeout; set => inner.WriteTimeout = value; }

    /// <summary>Reads what is there, at most one packet's data; 0 at the end of the connection.</summary>
    /// <exception cref="IOException">A packet that was tampered with, or the connection ended inside one: close it.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int count;
        while (!TryTake(buffer.Span, out count) && Fill(await inner.ReadAsync(Room(), cancellationToken).ConfigureAwait(false)))
        {
        }
        return count;
    }

    /// <inheritdoc cref="ReadAsync(Memory{byte}, CancellationToken)"/>
    public override int Read(Span<byte> buffer)
    {
        int count;
        while (!TryTake(buffer, out count) && Fill(inner.Read(Room().Span)))
        {
        }
        return count;
    }

    /// <inheritdoc cref="ReadAsync(Memory{byte}, CancellationToken)"/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc cref="ReadAsync(Memory{byte}, CancellationToken)"/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <summary>Writes at once, in packets that the peer takes.</summary>
    /// <exception cref="IOException">A write before was given up with a packet half sent.</exception>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        for (var at = 0; at < buffer.Length; at += Part(buffer.Length - at))
        {
            await inner.WriteAsync(Wrap(buffer.Span.Slice(at, Part(buffer.Length - at))), cancellationToken).ConfigureAwait(false);
            _isHalfWritten = false;
        }
    }

    /// <inheritdoc cref="WriteAsync(ReadOnlyMemory{byte}, CancellationToken)"/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        for (var at = 0; at < buffer.Length; at += Part(buffer.Length - at))
        {
            inner.Write(Wrap(buffer.Slice(at, Part(buffer.Length - at))).Span);
            _isHalfWritten = false;
        }
    }

    /// <inheritdoc cref="WriteAsync(ReadOnlyMemory{byte}, CancellationToken)"/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc cref="WriteAsync(ReadOnlyMemory{byte}, CancellationToken)"/>
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Flush() => inner.Flush();

    /// <inheritdoc/>
    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    /// <summary>Not supported.</summary>
    public override long Length => throw new NotSupportedException();

    /// <summary>Not supported.</summary>
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>Not supported.</summary>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <summary>Not supported.</summary>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            layer.Dispose();
            if (!leaveOpen)
                inner.Dispose();
        }
        base.Dispose(disposing);
    }

    /// <summary>Data of the packets that are there. A reader of nothing waits until there is some.</summary>
    bool TryTake(Span<byte> buffer, out int count)
    {
        // A packet may hold no data.
        while (_taken == _plain.WrittenCount)
        {
            _plain.ResetWrittenCount();
            _taken = count = 0;
            var input = new ReadOnlySequence<byte>(_input, _begin, _end - _begin);
            var result = layer.Unwrap(ref input, _plain);
            if (result == UnwrapResult.Broken)
                throw new IOException("a packet of the security layer is broken");
            if (result == UnwrapResult.NeedMore)
                return false;
            _begin = _end - (int)input.Length;
        }
        count = Math.Min(buffer.Length, _plain.WrittenCount - _taken);
        _plain.WrittenSpan.Slice(_taken, count).CopyTo(buffer);
        _taken += count;
        return true;
    }

    /// <summary>Where to read to. It grows only while the layer still waits for the rest of a packet that it would take.</summary>
    Memory<byte> Room()
    {
        if (_begin > 0)
        {
            _input.AsSpan(_begin, _end - _begin).CopyTo(_input);
            (_begin, _end) = (0, _end - _begin);
        }
        if (_end == _input.Length)
            Array.Resize(ref _input, Math.Max(LeastRoom, 2 * _input.Length));
        return _input.AsMemory(_end);
    }

    /// <summary>False at the end.</summary>
    bool Fill(int count)
    {
        if (count == 0 && _begin < _end)
            throw new IOException("the connection ended inside a packet of the security layer");
        _end += count;
        return count > 0;
    }

    int Part(int left) => Math.Min(left, Math.Min(layer.LongestData, LongestWrite));

    ReadOnlyMemory<byte> Wrap(ReadOnlySpan<byte> part)
    {
        if (_isHalfWritten)
            throw new IOException("a packet of the security layer went out in part");
        _isHalfWritten = true;
        _packet.ResetWrittenCount();
        layer.Wrap(part, _packet);
        return _packet.WrittenMemory;
    }
}
