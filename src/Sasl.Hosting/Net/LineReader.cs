// Invariants of this file:
//  * Only this class calls AdvanceTo on its pipe.
//  * Never more than the caller's maximum (plus one pipe segment) is held for one line; an over-long line is skipped, not stored.
//  * Every read has a deadline; when it passes, the read ends with TimedOut and the pipe stays usable.
using System.Buffers;
using System.IO.Pipelines;

namespace Sasl.Hosting.Net;

/// <summary>Reads lines, literals and dot blocks from a byte stream. One read at a time; not thread-safe.</summary>
public sealed partial class LineReader(PipeReader pipe, TimeProvider time) : IDisposable
{
    byte[] _line = new byte[512];
    ITimer? _alarm;
    bool _late;

    /// <summary>How long each read may take. A line, a literal's every block and a dot block's every block have this long.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(5);

    public LineEnding Ending { get; set; } = LineEnding.Lenient;

    /// <summary>Whether NUL in a line is an error (<see cref="LineStatus.Nul"/>). Off only where a protocol wants NULs in lines.</summary>
    public bool RefuseNul { get; set; } = true;

    /// <summary>Bytes have come that no one has read yet. STARTTLS must refuse to go on when this is true (command injection).</summary>
    public bool HasBufferedInput
    {
        get
        {
            if (!pipe.TryRead(out var result))
                return false;
            var any = !result.Buffer.IsEmpty;
            pipe.AdvanceTo(result.Buffer.Start);
            return any;
        }
    }

    /// <summary>Takes all bytes that have come and nobody read: they travel with the descriptor at a hand-off.</summary>
    public byte[] TakeBufferedInput()
    {
        if (!pipe.TryRead(out var result))
            return [];
        var bytes = result.Buffer.ToArray();
        pipe.AdvanceTo(result.Buffer.End);
        return bytes;
    }

    /// <summary>A line that has come already, whole; false when more has to be read for it.</summary>
    public bool TryReadLine(int max, out Line line)
    {
        line = default;
        if (!pipe.TryRead(out var result))
            return false;
        if (result.IsCanceled || result.Buffer.PositionOf((byte)'\n') is not { } feed)
        {
            pipe.AdvanceTo(result.Buffer.Start);
            return false;
        }
        line = Finish(result.Buffer.Slice(0, feed), max);
        pipe.AdvanceTo(result.Buffer.GetPosition(1, feed));
        return true;
    }

    /// <summary>Reads one line of at most <paramref name="max"/> bytes, its end not counted.</summary>
    public async ValueTask<Line> ReadLineAsync(int max, CancellationToken stop = default)
    {
        var tooLong = false;
        StartDeadline();
        try
        {
            while (true)
            {
                var (status, buffer, completed) = await FillAsync(stop);
                if (status is { } end)
                    return new(end, default);
                if (buffer.PositionOf((byte)'\n') is { } feed)
                {
                    var raw = buffer.Slice(0, feed);
                    var line = tooLong ? new Line(LineStatus.TooLong, default) : Finish(raw, max);
                    pipe.AdvanceTo(buffer.GetPosition(1, feed));
                    return line;
                }
                if (completed)
                {
                    pipe.AdvanceTo(buffer.End);
                    return new(LineStatus.Closed, default);
                }
                if (tooLong || buffer.Length > max + 1)
                {
                    tooLong = true;
                    pipe.AdvanceTo(buffer.End);
                }
                else
                {
                    pipe.AdvanceTo(buffer.Start, buffer.End);
                }
            }
        }
        finally
        {
            StopDeadline();
        }
    }

    /// <summary>
    /// Copies exactly <paramref name="size"/> bytes to <paramref name="sink"/>, block by block. Returns Complete, Closed or TimedOut.
    /// The caller has checked the size against its limit.
    /// </summary>
    public async ValueTask<LineStatus> ReadLiteralAsync(long size, Func<ReadOnlySequence<byte>, CancellationToken, ValueTask> sink, CancellationToken stop = default)
    {
        while (size > 0)
        {
            StartDeadline();
            try
            {
                var (status, buffer, completed) = await FillAsync(stop);
                if (status is { } end)
                    return end;
                var block = buffer.Length > size ? buffer.Slice(0, size) : buffer;
                await sink(block, stop);
                size -= block.Length;
                pipe.AdvanceTo(block.End);
                if (completed && size > 0)
                    return LineStatus.Closed;
            }
            finally
            {
                StopDeadline();
            }
        }
        return LineStatus.Complete;
    }

    /// <summary>As the other overload, into memory. Use it for small literals only.</summary>
    public async ValueTask<LineStatus> ReadLiteralAsync(Memory<byte> target, CancellationToken stop = default)
    {
        var at = 0;
        return await ReadLiteralAsync(target.Length, (block, _) =>
        {
            block.CopyTo(target.Span[at..]);
            at += (int)block.Length;
            return ValueTask.CompletedTask;
        }, stop);
    }

    /// <summary>Waits until bytes have come, without taking them. False when the deadline passed or the connection ended.</summary>
    public async ValueTask<bool> WaitForInputAsync(CancellationToken stop = default)
    {
        StartDeadline();
        try
        {
            var (status, buffer, _) = await FillAsync(stop);
            if (status is not null)
                return false;
            pipe.AdvanceTo(buffer.Start);
            return !buffer.IsEmpty;
        }
        finally
        {
            StopDeadline();
        }
    }

    public void Dispose() => _alarm?.Dispose();

    Line Finish(ReadOnlySequence<byte> raw, int max)
    {
        if (raw.Length > max + 1)
            return new(LineStatus.TooLong, default);
        var length = (int)raw.Length;
        if (_line.Length < length)
            _line = new byte[Math.Max(length, Math.Min(_line.Length * 2, max + 1))];
        raw.CopyTo(_line);
        var carriageReturn = length > 0 && _line[length - 1] == '\r';
        if (carriageReturn)
            length--;
        if (length > max)
            return new(LineStatus.TooLong, default);
        var bytes = _line.AsMemory(0, length);
        if (RefuseNul && bytes.Span.Contains((byte)0))
            return new(LineStatus.Nul, bytes);
        return new(Ending == LineEnding.Strict && !carriageReturn ? LineStatus.BareLineFeed : LineStatus.Complete, bytes);
    }

    /// <summary>One read of the pipe: bytes, or how the connection ended.</summary>
    async ValueTask<(LineStatus? End, ReadOnlySequence<byte> Buffer, bool Completed)> FillAsync(CancellationToken stop)
    {
        try
        {
            var result = await pipe.ReadAsync(stop);
            if (result.IsCanceled)
            {
                pipe.AdvanceTo(result.Buffer.Start);
                if (_late)
                    return (LineStatus.TimedOut, default, false);
                return await FillAsync(stop);
            }
            if (result.IsCompleted && result.Buffer.IsEmpty)
            {
                pipe.AdvanceTo(result.Buffer.End);
                return (LineStatus.Closed, default, true);
            }
            return (null, result.Buffer, result.IsCompleted);
        }
        catch (IOException)
        {
            // The peer reset the connection or sent a broken TLS record: for the dialogue that is the end, as a close is.
            return (LineStatus.Closed, default, true);
        }
        catch (ObjectDisposedException)
        {
            return (LineStatus.Closed, default, true);
        }
    }

    void StartDeadline()
    {
        _late = false;
        if (Timeout == System.Threading.Timeout.InfiniteTimeSpan)
            return;
        if (_alarm is null)
            _alarm = time.CreateTimer(static state => ((LineReader)state!).Late(), this, Timeout, System.Threading.Timeout.InfiniteTimeSpan);
        else
            _alarm.Change(Timeout, System.Threading.Timeout.InfiniteTimeSpan);
    }

    void StopDeadline()
    {
        if (Timeout != System.Threading.Timeout.InfiniteTimeSpan)
            _alarm?.Change(System.Threading.Timeout.InfiniteTimeSpan, System.Threading.Timeout.InfiniteTimeSpan);
    }

    void Late()
    {
        _late = true;
        pipe.CancelPendingRead();
    }
}
