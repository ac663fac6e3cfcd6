// Invariants of this file:
//  * One read and one write at a time; what the loop's thread finds goes to the read that waits, or stays in the kernel until there is one.
//  * Never more than the caller's maximum is held for one line; an over-long line is skipped, not stored.
//  * A line's bytes are wiped when the next one is read: they may have been a password.
using System.Net.Sockets;
using Sasl.Hosting.Unix;

namespace Sasl.Hosting.Net;

/// <summary>
/// A connection of lines on an <see cref="EventLoop"/>: for servers whose exchanges are a few microseconds long, at a fraction of the system calls and changes
/// of threads that a <see cref="Connection"/> costs. Who waits for a line goes on on the loop's thread and must not block it.
/// </summary>
public sealed class LoopConnection : IWatched, ILineWriter, IDisposable
{
    const int FirstSize = 4096;

    readonly Lock _gate = new();
    readonly EventLoop _loop;
    readonly Socket _socket;
    readonly TimeProvider _time;
    readonly ulong _key;
    readonly ReusablePromise<Line> _line = new();
    readonly ReusablePromise<bool> _written = new();
    byte[] _buffer = new byte[FirstSize];
    ReadOnlyMemory<byte> _unwritten;
    ITimer? _alarm;
    int _wiped, _begin, _end, _scanned, _max;
    bool _isWaiting, _isReadable = true, _isHungUp, _isSkipping, _isEnded, _isCancelled, _isClosed;

    public LoopConnection(Socket socket, EventLoop loop, TimeProvider? time = null)
    {
        (_socket, _loop, _time) = (socket, loop, time ?? TimeProvider.System);
        socket.Blocking = false;
        if (socket.AddressFamily is AddressFamily.InterNetwork or AddressFamily.InterNetworkV6)
            socket.NoDelay = true;
        _key = loop.Watch(socket.SafeHandle, this);
    }

    public Socket Socket => _socket;

    /// <summary>How long a read may take; infinite unless it is set.</summary>
    public TimeSpan Timeout { get; set; } = System.Threading.Timeout.InfiniteTimeSpan;

    /// <summary>A line that has come already, whole; false when more has to be read for it.</summary>
    public bool TryReadLine(int max, out Line line)
    {
        lock (_gate)
        {
            _max = max;
            return TryTake(out line);
        }
    }

    /// <summary>The next line of at most <paramref name="max"/> bytes, its LF not counted; its bytes are good until the next read.</summary>
    public ValueTask<Line> ReadLineAsync(int max)
    {
        lock (_gate)
        {
            _max = max;
            if (TryRead(out var line))
                return new(line);
            _isWaiting = true;
            if (Timeout != System.Threading.Timeout.InfiniteTimeSpan)
                StartAlarm();
            return new(_line, _line.Begin());
        }
    }

    /// <summary>Ends the read that waits, and every later one for which nothing has come yet: Closed.</summary>
    public void CancelRead()
    {
        lock (_gate)
        {
            _isCancelled = true;
            if (!_isWaiting)
                return;
            _isWaiting = false;
        }
        _line.Fulfil(new(LineStatus.Closed, default));
    }

    /// <summary>
    /// The peer's writes fail from now on, if a read is waiting and nothing has come for it; false when something has, and has to be served first. To ask
    /// and then to close would let a line slip in between.
    /// </summary>
    public bool TryEndInput()
    {
        lock (_gate)
        {
            if (_isClosed || !_isWaiting || _end > _begin || _socket.Available > 0)
                return false;
            _socket.Shutdown(SocketShutdown.Receive);
            return true;
        }
    }

    /// <summary>Writes all of it. Throws IOException when the peer has gone.</summary>
    public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        lock (_gate)
        {
            if (!TryWrite(ref bytes))
                return ValueTask.FromException(new IOException("the peer has gone"));
            if (bytes.IsEmpty)
                return default;
            _unwritten = bytes;
            var round = _written.Begin();
            _loop.Rewatch(_key, _socket.SafeHandle, isForWriting: true);
            return new(_written, round);
        }
    }

    public void Abort()
    {
        lock (_gate)
        {
            if (!_isClosed)
                RawSockets.End(_socket.SafeHandle);
        }
    }

    public void OnEvents(DescriptorEvents events)
    {
        if ((events & (DescriptorEvents.Writable | DescriptorEvents.HungUp | DescriptorEvents.Error)) != 0)
            GoOnWriting();
        Line line;
        lock (_gate)
        {
            _isReadable = true;
            _isHungUp |= (events & (DescriptorEvents.ReadClosed | DescriptorEvents.HungUp | DescriptorEvents.Error)) != 0;
            if (!_isWaiting || !TryRead(out line))
                return;
            _isWaiting = false;
        }
        _line.Fulfil(line);
    }

    public void Dispose()
    {
        var (wasWaiting, wasWriting) = (false, false);
        lock (_gate)
        {
            if (_isClosed)
                return;
            _isClosed = _isEnded = true;
            (wasWaiting, _isWaiting) = (_isWaiting, false);
            (wasWriting, _unwritten) = (!_unwritten.IsEmpty, default);
            _alarm?.Dispose();
            _loop.Forget(_key);
            _socket.Dispose();
            _buffer.AsSpan().Clear();
        }
        if (wasWaiting)
            _line.Fulfil(new(LineStatus.Closed, default));
        if (wasWriting)
            _written.Break(new IOException("the connection is closed"));
    }

    /// <summary>A line, or the end, as far as the kernel has it.</summary>
    bool TryRead(out Line line)
    {
        // The event for what has come last may not have been told yet.
        _isReadable |= _isCancelled;
        while (!TryTake(out line))
        {
            if (_isEnded || (_isCancelled && !_isReadable))
            {
                line = new(LineStatus.Closed, default);
                return true;
            }
            if (!_isReadable)
                return false;
            Fill();
        }
        return true;
    }

    bool TryTake(out Line line)
    {
        line = default;
        _buffer.AsSpan(_wiped, _begin - _wiped).Clear();
        _wiped = _begin;
        var feed = _buffer.AsSpan(_scanned, _end - _scanned).IndexOf((byte)'\n');
        if (feed < 0)
        {
            _scanned = _end;
            if (_end - _begin <= _max + 1)
                return false;
            (_isSkipping, _begin) = (true, _end);
            return false;
        }
        var bytes = _buffer.AsMemory(_begin, _scanned + feed - _begin);
        _begin = _scanned = _scanned + feed + 1;
        if (bytes.Span is [.., (byte)'\r'])
            bytes = bytes[..^1];
        line = _isSkipping || bytes.Length > _max ? new(LineStatus.TooLong, default)
            : new(bytes.Span.Contains((byte)0) ? LineStatus.Nul : LineStatus.Complete, bytes);
        _isSkipping = false;
        return true;
    }

    void Fill()
    {
        MakeRoom();
        var space = _buffer.AsSpan(_end);
        var count = RawSockets.Receive(_socket.SafeHandle, space);
        if (count > 0)
            _end += count;
        if (count == 0 || (count < 0 && count != -UnixException.EAGAIN && count != -UnixException.EINTR))
            _isEnded = true;
        // Edge-triggered: what comes after a read that did not fill the buffer is told by a new event (epoll(7)); the end may have been told already.
        else if (count == -UnixException.EAGAIN || (count > 0 && count < space.Length && !_isHungUp))
            _isReadable = false;
    }

    void MakeRoom()
    {
        if (_begin > 0)
        {
            _buffer.AsSpan(_begin, _end - _begin).CopyTo(_buffer);
            (_end, _scanned) = (_end - _begin, _scanned - _begin);
            _buffer.AsSpan(_end, _begin).Clear();
            _begin = _wiped = 0;
        }
        if (_end < _buffer.Length)
            return;
        var larger = new byte[Math.Min(_buffer.Length * 2, _max + 2)];
        _buffer.AsSpan(0, _end).CopyTo(larger);
        _buffer.AsSpan().Clear();
        _buffer = larger;
    }

    /// <summary>False when the peer has gone; else what is left in <paramref name="bytes"/> did not go out.</summary>
    bool TryWrite(ref ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var count = _isClosed ? -UnixException.EPIPE : RawSockets.Send(_socket.SafeHandle, bytes.Span);
            if (count < 0 && count != -UnixException.EINTR)
                return count == -UnixException.EAGAIN;
            bytes = bytes[Math.Max(count, 0)..];
        }
        return true;
    }

    void GoOnWriting()
    {
        bool isHere;
        lock (_gate)
        {
            if (_unwritten.IsEmpty || _isClosed)
                return;
            isHere = TryWrite(ref _unwritten);
            if (isHere && !_unwritten.IsEmpty)
                return;
            _unwritten = default;
            _loop.Rewatch(_key, _socket.SafeHandle, isForWriting: false);
        }
        if (isHere)
            _written.Fulfil(true);
        else
            _written.Break(new IOException("the peer has gone"));
    }

    void StartAlarm()
    {
        _alarm ??= _time.CreateTimer(static c => ((LoopConnection)c!).Late(), this, System.Threading.Timeout.InfiniteTimeSpan, System.Threading.Timeout.InfiniteTimeSpan);
        _alarm.Change(Timeout, System.Threading.Timeout.InfiniteTimeSpan);
    }

    void Late()
    {
        lock (_gate)
        {
            if (!_isWaiting || Timeout == System.Threading.Timeout.InfiniteTimeSpan)
                return;
            _isWaiting = false;
        }
        _line.Fulfil(new(LineStatus.TimedOut, default));
    }
}
