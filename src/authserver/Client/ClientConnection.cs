// Invariants of this file:
//  * Bad data of one client of the front end fails that request; only broken framing, a bug of the front end, ends the connection.
//  * Never more than LongestQueue requests, finished logins included, are held for one connection.
//  * The handshake is written on accept, whole, whether or not the peer ever speaks: Exim waits for it before it says anything.
using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using AuthServer.Composition;
using Sasl.Hosting.Net;
using Sasl.Mechanisms;
using Sasl.Protocols.DovecotAuth;

namespace AuthServer.Client;

/// <summary>One connection of a front end (or of somebody's Postfix or Exim) to auth-client.</summary>
sealed class ClientConnection
{
    const int LongestQueue = 10_000;

    readonly AuthHost _host;
    readonly Connection _connection;
    readonly LineOutput _output;
    readonly ConcurrentDictionary<uint, AuthRequest> _requests = new();
    readonly ConcurrentDictionary<uint, FinishedLogin> _finished = new();
    readonly string _cookie = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
    CancellationToken _closing;
    int _minor;

    public ClientConnection(Socket socket, int peerPid, AuthHost host)
    {
        (_host, PeerPid) = (host, peerPid);
        _connection = new Connection(socket, host.Time, isBusy: true);
        _output = new LineOutput(_connection, host.Time);
    }

    /// <summary>The pid that the kernel vouches for, never the one that the peer wrote.</summary>
    public int PeerPid { get; }

    public async Task ServeAsync(CancellationToken stop)
    {
        using var closing = CancellationTokenSource.CreateLinkedTokenSource(stop);
        _closing = closing.Token;
        _host.Clients.Add(this);
        try
        {
            _output.Send(Encoding.ASCII.GetBytes(_host.Handshake(_cookie)));
            _connection.Reader.Timeout = AuthHost.HandshakeTimeout;
            if (await ReadAsync(stop) is ClientCommand.Version { Major: 1 } version && await ReadAsync(stop) is ClientCommand.ProcessId)
            {
                _minor = version.Minor;
                // A front end keeps its connection for its whole life and may have nothing to ask for days.
                _connection.Reader.Timeout = Timeout.InfiniteTimeSpan;
                while (await ReadAsync(stop) is { } command && Take(command))
                {
                    var room = _output.RoomAsync();
                    if (!room.IsCompleted)
                        await room.WaitAsync(stop);
                }
            }
        }
        finally
        {
            _host.Clients.Remove(this);
            await closing.CancelAsync();
            foreach (var request in _requests.Values)
                request.Dispose();
            await _connection.DisposeAsync();
        }
    }

    /// <summary>A finished login, once: for a REQUEST that knows this connection's cookie.</summary>
    public FinishedLogin? TakeFinished(string cookie, uint id) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(cookie), Encoding.UTF8.GetBytes(_cookie)) && _finished.TryRemove(id, out var login)
            ? login : null;

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

    /// <summary>The next command, or null when the connection is over. A broken line is logged here.</summary>
    async ValueTask<ClientCommand?> ReadAsync(CancellationToken stop)
    {
        // What has come together is answered together.
        if (_connection.Reader.TryReadLine(ClientCommandParser.LongestLine, out var line))
            _output.Hold();
        else
        {
            _output.Release();
            line = await _connection.Reader.ReadLineAsync(ClientCommandParser.LongestLine, stop);
        }
        if (line.Status == LineStatus.TimedOut)
            return Broken("nothing in time");
        if (line.IsEnd)
            return null;
        var command = line.IsComplete ? ClientCommandParser.Parse(line.Bytes.Span, _minor)
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
                    Forget(cancel.Id, cancelled);
                return true;
            default:
                Broken("a handshake line after the handshake");
                return false;
        }
    }

    bool Begin(ClientCommand.Auth auth)
    {
        if (_requests.ContainsKey(auth.Id) || _finished.ContainsKey(auth.Id))
        {
            Broken("AUTH with an id in use");
            return false;
        }
        // Dovecot closes the connection here. It is the user who typed the mechanism, and others are on this connection: refuse him only.
        if (_host.FindMechanism(auth.Mechanism) is not { } mechanism)
            _output.Send(ClientReplies.UnknownMechanism(auth.Id));
        else if (auth.Initial.IsInvalid)
            _output.Send(ClientReplies.InvalidBase64(auth.Id, "initial response"));
        else if (_requests.Count + _finished.Count >= LongestQueue)
            _output.Send(ClientReplies.TooMany(auth.Id));
        else
        {
            var request = _requests[auth.Id] = new AuthRequest(auth, mechanism, _host);
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
        else if (!request.TryContinue())
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
        try
        {
            var reply = await step(_closing);
            // Kept before the client can know of it: the supervisor's REQUEST may come at once.
            if (reply is not null && request.Finished is { } login && !request.IsNoLogin)
                _finished[id] = login;
            if (request.HasEnded)
                Forget(id, request);
            if (reply is not null && request.HasNoVerdict && MustHangUp)
                HangUp();
            else if (reply is not null)
                _output.Send(reply);
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
    }

    /// <summary>
    /// Postfix and Exim (version 1.0) know no code=temp_fail and tell their client 535, "your password is wrong", for every FAIL. That they
    /// answer 454 and 435 when the connection is lost is the only way to say "try again later" to them. They have one request at a time on
    /// a connection, besides those that their clients gave up, so nobody else loses anything.
    /// </summary>
    bool MustHangUp => _minor == 0;

    void HangUp() => _connection.Socket.Close(0);

    void Forget(uint id, AuthRequest request)
    {
        _requests.TryRemove(KeyValuePair.Create(id, request));
        request.Dispose();
    }

    ClientCommand? Broken(string reason)
    {
        _host.LogBrokenClient(PeerPid, reason);
        return null;
    }
}
