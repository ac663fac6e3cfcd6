// Invariants of this file:
//  * Bad data of one client of the front end fails that request; only broken framing, a bug of the front end, ends the connection.
//  * Never more than LongestQueue requests, finished logins included, are held for one connection.
//  * The handshake of an old listener is written on accept, whole, whether or not the peer ever speaks: Exim waits for it before it says anything.
//  * When the server ends nothing that was read stays unanswered: the peer is first kept from writing, then what it had written is served.
using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using AuthServer.Composition;
using AuthServer.Logins;
using Sasl.Hosting.Net;
using Sasl.Mechanisms;
using Sasl.Protocols.DovecotAuth;

namespace AuthServer.Client;

/// <summary>One connection of a front end (or of somebody's Postfix or Exim) to auth-client.</summary>
sealed class ClientConnection
{
    const int LongestQueue = 10_000;

    readonly AuthListener _listener;
    readonly LoopConnection _connection;
    readonly LineOutput _output;
    readonly ConcurrentDictionary<uint, AuthRequest> _requests = new();
    readonly ConcurrentDictionary<uint, FinishedLogin> _finished = new();
    readonly string _cookie = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
    readonly CancellationTokenSource _closing = new();
    AuthHost _host;
    volatile bool _isDraining, _isGreeted, _hasAsked;
    int _answering;

    public ClientConnection(Socket socket, int peerPid, AuthHost host, AuthListener listener)
    {
        (_host, PeerPid, _listener) = (host, peerPid, listener);
        _connection = new LoopConnection(socket, Loops.Next(), host.Time);
        _output = new LineOutput(_connection, host.Time);
    }

    /// <summary>The pid that the kernel vouches for, never the one that the peer wrote.</summary>
    public int PeerPid { get; }

    /// <summary>The client's version; 0 before it has said one.</summary>
    public int Minor { get; private set; }

    /// <summary>The server ends; the next login is better sent to its successor.</summary>
    public bool IsDraining => _isDraining;

    /// <summary>Serves until the client goes or, after <paramref name="stop"/>, until its requests under way have ended or their grace has.</summary>
    public async Task ServeAsync(CancellationToken stop)
    {
        _host = _host.Current;
        _host.Clients.Add(this);
        using var draining = stop.Register(() => _ = DrainAsync());
        try
        {
            if (await GreetAsync())
            {
                // A front end keeps its connection for its whole life and may have nothing to ask for days.
                _connection.Timeout = Timeout.InfiniteTimeSpan;
                _isGreeted = true;
                EndInputWhenIdle();
                while (await ReadAsync() is { } command && Take(command))
                {
                    var room = _output.RoomAsync();
                    if (!room.IsCompleted)
                        await room;
                }
            }
            _output.Release();
            if (_isDraining)
                await AnswerTheRestAsync();
        }
        finally
        {
            _host.Clients.Remove(this);
            await _closing.CancelAsync();
            foreach (var request in _requests.Values)
                request.Dispose();
            _connection.Dispose();
        }
    }

    public void Send(byte[] line) => _output.Send(line);

    /// <summary>A finished login, once: for a REQUEST that knows this connection's cookie.</summary>
    public FinishedLogin? TakeFinished(string cookie, uint id)
    {
        if (!CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(cookie), Encoding.UTF8.GetBytes(_cookie)) || !_finished.TryRemove(id, out var login))
            return null;
        EndInputWhenIdle();
        return login;
    }

    /// <summary>Drops what nobody came back for. The client is not told: a later CONT is (as in Dovecot).</summary>
    public void Sweep()
    {
        foreach (var (id, request) in _requests)
        {
            if (_host.Time.GetElapsedTime(request.Started) > AuthHost.RequestLifetime)
                Forget(id, request);
        }
        foreach (var (id, login) in _finished)
        {
            if (_host.Time.GetElapsedTime(login.At) > AuthHost.RequestLifetime)
                _finished.TryRemove(id, out _);
        }
    }

    /// <summary>False when the client is none.</summary>
    async ValueTask<bool> GreetAsync()
    {
        _connection.Timeout = AuthHost.HandshakeTimeout;
        var hello = Greeting.Version;
        if (!_listener.WaitsForClient)
            _output.Send(Encoding.ASCII.GetBytes(hello + Offer(0)));
        else
            _output.Send(Encoding.ASCII.GetBytes(hello));
        if (await ReadAsync() is not ClientCommand.Version { Major: AuthVersion.Major } version)
            return false;
        Minor = version.Minor;
        if (_listener.WaitsForClient)
            _output.Send(Encoding.ASCII.GetBytes(Offer(Minor)));
        return await ReadAsync() is ClientCommand.ProcessId;
    }

    string Offer(int minor) => _host.Greeting.Rest(minor, _host.ProcessId, _host.Clients.NextNumber(), _cookie);

    /// <summary>The next command, or null when the connection is over. A broken line is logged here.</summary>
    async ValueTask<ClientCommand?> ReadAsync()
    {
        // What has come together is answered together.
        if (_connection.TryReadLine(ClientCommandParser.LongestLine, out var line))
            _output.Hold();
        else
        {
            _output.Release();
            var reading = _connection.ReadLineAsync(ClientCommandParser.LongestLine);
            if (!reading.IsCompleted)
                EndInputWhenIdle();
            line = await reading;
        }
        if (line.Status == LineStatus.TimedOut)
            return Broken("nothing in time");
        if (line.IsEnd)
            return null;
        var command = line.IsComplete ? ClientCommandParser.Parse(line.Bytes.Span, Minor)
            : new ClientCommand.Broken(line.Status == LineStatus.Nul ? "a NUL" : "a line that is too long");
        return command is ClientCommand.Broken broken ? Broken(broken.Reason) : command;
    }

    /// <summary>False when the connection must end.</summary>
    bool Take(ClientCommand command)
    {
        switch (command)
        {
            case ClientCommand.Auth auth:
                return Begin(auth);
            case ClientCommand.Continue more:
                Continue(more);
                return true;
            case ClientCommand.Cancel cancel:
                // An id that is not known any more has crossed with our answer.
                if (_requests.TryGetValue(cancel.Id, out var cancelled))
                {
                    Forget(cancel.Id, cancelled);
                    if (Minor >= AuthVersion.Cancelled)
                        _output.Send(ClientReplies.Cancelled(cancel.Id));
                }
                return true;
            default:
                Broken("a handshake line after the handshake");
                return false;
        }
    }

    bool Begin(ClientCommand.Auth auth)
    {
        _hasAsked = true;
        _host = _host.Current;
        var origin = LoginOrigin.Of(auth);
        if (_requests.ContainsKey(auth.Id) || _finished.ContainsKey(auth.Id))
        {
            Broken("AUTH with an id in use");
            return false;
        }
        // Dovecot closes the connection here. It is the user who typed the mechanism, and others are on this connection: refuse him only.
        if (_host.Greeting.Find(auth.Mechanism, Minor) is not { } mechanism)
            _output.Send(ClientReplies.UnknownMechanism(auth.Id));
        else if (auth.Initial.IsInvalid)
            _output.Send(ClientReplies.InvalidBase64(auth.Id, "initial response"));
        else if (_requests.Count + _finished.Count >= LongestQueue)
            _output.Send(ClientReplies.TooMany(auth.Id));
        else if (_host.Certificates.Refuse(origin) is { } reason)
            _output.Send(ClientReplies.Refused(auth.Id, reason));
        else
        {
            var request = _requests[auth.Id] = new AuthRequest(auth, origin, mechanism, _host, this);
            Answer(auth.Id, request, request.BeginAsync);
        }
        return true;
    }

    void Continue(ClientCommand.Continue more)
    {
        if (!_requests.TryGetValue(more.Id, out var request))
        {
            _output.Send(ClientReplies.TimedOut(more.Id));
        }
        else if (more.Binding.IsInvalid)
        {
            _output.Send(ClientReplies.InvalidBase64(more.Id, "channel binding"));
            Forget(more.Id, request);
        }
        else if (more.Data.IsOutOfBand && request.TryBind(more.Binding.Bytes))
        {
            // The step that asked for it goes on.
        }
        else if (more.Data.IsOutOfBand || more.Binding.Bytes is not null || !request.TryContinue())
        {
            _output.Send(ClientReplies.Unexpected(more.Id));
            Forget(more.Id, request);
        }
        else if (more.Data.Bytes is not { } data)
        {
            _output.Send(ClientReplies.InvalidBase64(more.Id, "continued response"));
            Forget(more.Id, request);
        }
        else
        {
            Answer(more.Id, request, stop => request.ContinueAsync(data, stop));
        }
    }

    /// <summary>Runs a step beside the reading of the next line, and sends what it says.</summary>
    async void Answer(uint id, AuthRequest request, Func<CancellationToken, Task<byte[]?>> step)
    {
        Interlocked.Increment(ref _answering);
        try
        {
            var reply = await step(_closing.Token);
            // Kept before the client can know of it: the supervisor's REQUEST may come at once.
            if (reply is not null && request.Finished is { } login && IsKept(request))
                _finished[id] = login;
            // Before the client can know of it, too: it may use the id again at once.
            if (request.HasEnded)
                Forget(id, request);
            if (reply is not null && request.HasNoVerdict && MustHangUp)
                HangUp();
            else if (reply is not null)
                _output.Send(reply);
            request.Answered();
        }
        catch (OperationCanceledException)
        {
            Forget(id, request);
        }
        catch (Exception bug)
        {
            _host.LogBug(bug);
            Forget(id, request);
            if (MustHangUp)
                HangUp();
            else
                _output.Send(ClientReplies.Fail(id, new(FailureKind.Temporary, "internal failure")));
        }
        finally
        {
            Interlocked.Decrement(ref _answering);
            EndInputWhenIdle();
        }
    }

    /// <summary>
    /// Postfix and Exim (version 1.0) know no code=temp_fail and tell their client 535, "your password is wrong", for every FAIL. That they
    /// answer 454 and 435 when the connection is lost is the only way to say "try again later" to them. They have one request at a time on
    /// a connection, besides those that their clients gave up, so nobody else loses anything.
    /// </summary>
    bool MustHangUp => Minor == 0;

    void HangUp() => _connection.Abort();

    void Forget(uint id, AuthRequest request)
    {
        _requests.TryRemove(KeyValuePair.Create(id, request));
        request.Dispose();
        EndInputWhenIdle();
    }

    /// <summary>Only where sessions are passed on does somebody come back for a login: for a Postfix or an Exim all is said.</summary>
    bool IsKept(AuthRequest request) => _listener.Type == AuthListenerType.Login && !request.IsNoLogin;

    /// <summary>The server ends: those who log in just now go on for a while.</summary>
    async Task DrainAsync()
    {
        _isDraining = true;
        EndInputWhenIdle();
        try
        {
            // Who asks nothing at all waits for a client of his own.
            await Task.Delay(AuthHost.FirstQuestion, _host.Time, _closing.Token);
            _hasAsked = true;
            EndInputWhenIdle();
            await Task.Delay(AuthHost.Grace - AuthHost.FirstQuestion, _host.Time, _closing.Token);
            EndInput(isForced: true);
            // A peer that does not even read keeps nobody from ending.
            await Task.Delay(AuthHost.LongestAnswer, _host.Time, _closing.Token);
            HangUp();
        }
        catch (OperationCanceledException)
        {
            // It has ended by itself.
        }
    }

    void EndInputWhenIdle()
    {
        // One that has just come must be greeted first, for a Postfix whose greeting fails gives its client up; and it has come to ask something: a
        // Postfix that was sent away somewhere else does not try a third time.
        if (_isDraining && _isGreeted && _hasAsked && Volatile.Read(ref _answering) == 0 && _requests.IsEmpty && _finished.IsEmpty)
            EndInput(isForced: false);
    }

    /// <summary>
    /// The peer's next write fails from now on, by which a Postfix knows to connect anew and to ask again; what it has written before can still be read and
    /// answered. Closing at once would lose it.
    /// </summary>
    /// <param name="isForced">Also when something has come that is not served yet: a mechanism of several steps could not go on then.</param>
    void EndInput(bool isForced)
    {
        try
        {
            if (!isForced)
                _connection.TryEndInput();
            else
                _connection.Socket.Shutdown(SocketShutdown.Receive);
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            // The peer was first.
        }
    }

    /// <summary>Nothing more can be read. Steps under way end by themselves, soon; who was asked something and cannot answer any more is given up.</summary>
    async Task AnswerTheRestAsync()
    {
        var late = _host.Time.GetTimestamp();
        while (Volatile.Read(ref _answering) > 0 && _host.Time.GetElapsedTime(late) < AuthHost.LongestAnswer + TimeSpan.FromSeconds(1))
            await Task.Delay(10);
        await _output.FlushAsync();
    }

    ClientCommand? Broken(string reason)
    {
        _host.LogBrokenClient(PeerPid, reason);
        return null;
    }
}
