using System.Security.Cryptography;
using Sasl.Hosting.Net;
using Sasl.Hosting.Unix;
using Sasl.Protocols.Saslauthd;

namespace Saslauthd.Requests;

/// <summary>
/// One connection: a request, a reply, the end. A deadline for the request and one for the client to close, which Cyrus' workers wait for without end. While its
/// answer is looked for it is watched: a client that goes before gives up its place in the queue, since under load most of those waiting would be such.
/// </summary>
sealed class MuxConnection : IWatched, ISilent
{
    enum Stage { Asking, Answering, Closing, Closed }

    readonly Descriptor _socket;
    readonly Reception _reception;
    readonly MuxServer _server;
    PeerCredentials? _peer;
    readonly Lock _gate = new();
    byte[] _buffer;
    int _count;
    Stage _stage;
    ulong _key;
    LinkedListNode<SilentConnections.Entry>? _silent;
    CancellationTokenSource? _abandoned;

    public MuxConnection(Descriptor socket, Reception reception, MuxServer server)
    {
        (_socket, _reception, _server) = (socket, reception, server);
        _buffer = reception.Buffers.Rent();
    }

    PeerCredentials Peer => _peer ??= RawSockets.PeerOf(_socket);

    /// <summary>Takes what is here already: whoever sent a whole request was never silent.</summary>
    public void Begin()
    {
        if (!_reception.Access.IsOpen && !_reception.Admits(_socket, Peer))
            Reply("NO access denied");
        else if (Read())
            Listen(isClosing: false);
    }

    public void OnEvents(DescriptorEvents events)
    {
        lock (_gate)
        {
            switch (_stage)
            {
                case Stage.Asking:
                    Read();
                    break;
                case Stage.Answering:
                    Drain();
                    if ((events & DescriptorEvents.HungUp) != 0)
                        _abandoned?.Cancel();
                    break;
                case Stage.Closing when Drain() || (events & DescriptorEvents.HungUp) != 0:
                    Close();
                    break;
            }
        }
    }

    /// <summary>Its time is over, it was the oldest of too many, or the daemon ends.</summary>
    public void Drop()
    {
        lock (_gate)
        {
            if (_stage == Stage.Asking)
                LogSilence();
            Close();
        }
    }

    /// <summary>Reads until there is a request or nothing more. True when more has to come.</summary>
    bool Read()
    {
        while (true)
        {
            var count = _count < _buffer.Length ? RawSockets.Receive(_socket, _buffer.AsSpan(_count)) : 0;
            if (count == -UnixException.EAGAIN)
                return true;
            if (count <= 0 && _count < _buffer.Length)
            {
                LogSilence();
                Close();
                return false;
            }
            _count += count;
            var parsed = RequestCodec.Parse(_buffer.AsMemory(0, _count), longestPassword: _reception.Buffers.LongestPassword);
            if (parsed.Status == RequestStatus.Incomplete)
                // Full and incomplete: a password is announced that is longer than most, and allowed.
                _buffer = _count < _buffer.Length ? _buffer : _reception.Buffers.Grow(_buffer) ?? throw new InvalidOperationException("a request longer than any");
            else
            {
                Take(parsed);
                return false;
            }
        }
    }

    void Take(ParsedRequest parsed)
    {
        // It has spoken: what its answer takes is not its fault.
        EndSilence();
        if (parsed.Status == RequestStatus.Refused)
        {
            SaslauthdMetrics.Malformed();
            _server.Log.BadRequest(parsed.Problem);
            Reply(parsed.Reply);
            return;
        }
        _stage = Stage.Answering;
        _abandoned = new();
        var answer = _reception.AnswerAsync(parsed.Request!, () => Peer.Uid, null, _abandoned.Token);
        if (answer.IsCompletedSuccessfully)
            Reply(answer.Result);
        else
            _ = AwaitAsync(answer);
    }

    /// <summary>Its answer takes a while: from now on it is heard when the client goes.</summary>
    public void WatchOverAnswer()
    {
        lock (_gate)
        {
            if (_stage == Stage.Answering)
                Watch();
        }
    }

    /// <summary>The end when the client has closed by now; else it is waited for.</summary>
    public void EndOrWait()
    {
        lock (_gate)
        {
            if (_stage != Stage.Closing)
                return;
            if (Drain())
                Close();
            else
                Listen(isClosing: true);
        }
    }

    /// <summary>The end of the daemon does not cancel this.</summary>
    async Task AwaitAsync(ValueTask<string> answer)
    {
        try
        {
            var reply = await answer;
            lock (_gate)
                Reply(reply);
        }
        catch (OperationCanceledException)
        {
            _server.Log.Abandoned();
            lock (_gate)
                Close();
        }
        catch (Exception bug)
        {
            _server.Log.Bug(bug);
            lock (_gate)
                Close();
        }
    }

    /// <summary>
    /// A reply fits any socket's buffer: one that does not take it is no client. Closing with unread bytes would take the reply from the client: it closes first.
    /// </summary>
    void Reply(string reply)
    {
        ReleaseBuffer();
        var bytes = ReplyCodec.Encode(reply);
        if (_stage == Stage.Closed || RawSockets.Send(_socket, bytes) != bytes.Length)
        {
            Close();
            return;
        }
        RawSockets.EndSending(_socket);
        EndSilence();
        _stage = Stage.Closing;
        _server.Linger(this);
    }

    /// <summary>Reads away what still comes. True at the end.</summary>
    bool Drain()
    {
        Span<byte> scrap = stackalloc byte[64];
        int count;
        while ((count = RawSockets.Receive(_socket, scrap)) > 0)
            CryptographicOperations.ZeroMemory(scrap);
        return count != -UnixException.EAGAIN;
    }

    void Listen(bool isClosing)
    {
        _silent = _server.Silent.Add(this, isClosing);
        Watch();
    }

    void Watch()
    {
        if (_key == 0 && _stage != Stage.Closed)
            _key = _server.Loop.Watch(_socket, this);
    }

    void EndSilence()
    {
        if (_silent is { } silent)
            _server.Silent.Remove(silent);
        _silent = null;
    }

    void LogSilence()
    {
        if (_count > 0)
            _server.Log.Incomplete(_count);
        else
            _server.Log.NoRequest();
    }

    void Close()
    {
        if (_stage == Stage.Closed)
            return;
        _stage = Stage.Closed;
        EndSilence();
        if (_key != 0)
            _server.Loop.Forget(_key);
        ReleaseBuffer();
        _socket.Dispose();
        _server.Forget(this);
    }

    void ReleaseBuffer()
    {
        if (_buffer.Length == 0)
            return;
        _reception.Buffers.Return(_buffer);
        _buffer = [];
    }
}
