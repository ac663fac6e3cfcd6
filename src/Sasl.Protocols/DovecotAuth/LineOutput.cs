// Invariants: one write is under way at a time; lines go out whole and in order; what was sent is zeroed, since it may hold a secret.
using System.Net.Sockets;
using System.Security.Cryptography;
using Sasl.Hosting.Net;

namespace Sasl.Protocols.DovecotAuth;

/// <summary>Lines to one peer from any task. A peer that does not read is noticed by <see cref="RoomAsync"/> and dropped after a while.</summary>
public sealed class LineOutput(ILineWriter connection, TimeProvider? time = null)
{
    const int HighWater = 50 * 1024, LowWater = HighWater / 3, Batch = 16 * 1024;

    readonly Lock _gate = new();
    readonly Queue<byte[]> _queue = new();
    readonly TimeProvider _time = time ?? TimeProvider.System;
    int _queued;
    bool _pumping, _broken, _held;
    TaskCompletionSource? _room, _empty;

    /// <summary>How long the peer may leave one write pending.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>A write that fails ends the writing and nothing else: what the peer still sends is read. Else the connection is closed.</summary>
    public bool IsReadOnWhenBroken { get; init; }

    /// <summary>A write has failed: nothing more can be sent.</summary>
    public bool IsBroken => Volatile.Read(ref _broken);

    /// <summary>Queues a whole line, its LF included; the array belongs to the queue from now on. False when the peer is gone.</summary>
    public bool Send(byte[] line)
    {
        lock (_gate)
        {
            if (_broken)
                return false;
            _queue.Enqueue(line);
            _queued += line.Length;
            if (_pumping || _held)
                return true;
            _pumping = true;
        }
        _ = PumpAsync();
        return true;
    }

    /// <summary>Keeps what is sent from now on until <see cref="Release"/>: many answers then cost one write. Not for longer than it takes to compute them.</summary>
    public void Hold()
    {
        lock (_gate)
            _held = true;
    }

    /// <summary>Sends what was kept.</summary>
    public void Release()
    {
        lock (_gate)
        {
            _held = false;
            if (_pumping || _broken || _queue.Count == 0)
                return;
            _pumping = true;
        }
        _ = PumpAsync();
    }

    /// <summary>Waits while too much is queued: the reader of a connection calls it so that a slow peer throttles itself.</summary>
    public Task RoomAsync()
    {
        lock (_gate)
        {
            if (_broken || _queued <= HighWater)
                return Task.CompletedTask;
            _room ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
            return _room.Task;
        }
    }

    /// <summary>Completes when all that was queued has gone out, or cannot.</summary>
    public Task FlushAsync()
    {
        lock (_gate)
        {
            _held = false;
            if (_broken || (!_pumping && _queue.Count == 0))
                return Task.CompletedTask;
            if (!_pumping)
            {
                _pumping = true;
                _ = Task.Run(PumpAsync);
            }
            _empty ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
            return _empty.Task;
        }
    }

    async Task PumpAsync()
    {
        try
        {
            while (Take() is { } batch)
            {
                var write = connection.WriteAsync(batch);
                if (!write.IsCompletedSuccessfully)
                    await write.AsTask().WaitAsync(Timeout, _time);
                CryptographicOperations.ZeroMemory(batch);
                Sent(batch.Length);
            }
        }
        catch (Exception gone) when (gone is IOException or SocketException or ObjectDisposedException or TimeoutException)
        {
            Break();
            if (!IsReadOnWhenBroken || gone is TimeoutException)
                connection.Abort();
        }
    }

    byte[]? Take()
    {
        lock (_gate)
        {
            if (!_queue.TryDequeue(out var first))
            {
                _pumping = false;
                _empty?.SetResult();
                _empty = null;
                return null;
            }
            if (_queue.Count == 0 || first.Length >= Batch)
                return first;
            var (count, size) = (1, first.Length);
            foreach (var line in _queue)
            {
                if (size + line.Length > Batch)
                    break;
                (count, size) = (count + 1, size + line.Length);
            }
            var all = new byte[size];
            for (var (line, at) = (first, 0); ; line = _queue.Dequeue())
            {
                line.CopyTo(all, at);
                at += line.Length;
                CryptographicOperations.ZeroMemory(line);
                if (--count == 0)
                    return all;
            }
        }
    }

    void Sent(int count)
    {
        lock (_gate)
        {
            _queued -= count;
            if (_queued > LowWater || _room is null)
                return;
            _room.SetResult();
            _room = null;
        }
    }

    void Break()
    {
        lock (_gate)
        {
            _broken = true;
            while (_queue.TryDequeue(out var line))
                CryptographicOperations.ZeroMemory(line);
            _room?.SetResult();
            _empty?.SetResult();
            (_room, _empty) = (null, null);
        }
    }
}
