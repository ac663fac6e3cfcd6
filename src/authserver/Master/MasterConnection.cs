// Invariants of this file:
//  * A peer that may learn about itself alone learns about nobody else, not even who exists.
//  * Never more than LongestQueue questions of one peer are under way.
using System.Net.Sockets;
using System.Text;
using AuthServer.Composition;
using Sasl.Hosting.Net;
using Sasl.Hosting.Unix;
using Sasl.Protocols;
using Sasl.Protocols.DovecotAuth;

namespace AuthServer.Master;

/// <summary>One connection to auth-master (the supervisor) or auth-userdb (whoever may look users up).</summary>
sealed class MasterConnection
{
    const int LongestQueue = 1000;

    readonly AuthHost _host;
    readonly PeerCredentials _peer;
    readonly MasterAccess _access;
    readonly Connection _connection;
    readonly LineOutput _output;
    readonly SemaphoreSlim _room = new(LongestQueue);

    public MasterConnection(Socket socket, PeerCredentials peer, MasterAccess access, AuthHost host)
    {
        (_host, _peer, _access) = (host, peer, access);
        _connection = new Connection(socket, host.Time);
        _output = new LineOutput(_connection, host.Time);
    }

    /// <summary>Serves until the peer goes or, after <paramref name="stop"/>, until what it has asked is answered.</summary>
    public async Task ServeAsync(CancellationToken stop)
    {
        using var closing = new CancellationTokenSource();
        using var ending = stop.Register(EndInput);
        try
        {
            Send("VERSION\t1\t2");
            Send($"SPID\t{_host.ProcessId}");
            _connection.Reader.Timeout = AuthHost.HandshakeTimeout;
            if (await ReadAsync() is not { } first)
                return;
            if (first is not MasterCommand.Version { Major: 1 })
            {
                Broken("something before VERSION");
                return;
            }
            _connection.Reader.Timeout = Timeout.InfiniteTimeSpan;
            while (await ReadAsync() is MasterCommand.Query query && Find(query) is { } verb)
            {
                // So many questions at once and no more: the rest waits in the socket.
                await _room.WaitAsync(CancellationToken.None);
                var answering = AnswerAsync(verb, query, closing.Token);
                // A list may be as long as its database: one at a time, and nothing else meanwhile.
                if (verb.Name == "LIST")
                    await answering;
                await _output.RoomAsync();
            }
            if (stop.IsCancellationRequested)
                await AnswerTheRestAsync();
        }
        finally
        {
            await closing.CancelAsync();
            await _connection.DisposeAsync();
        }
    }

    /// <summary>The peer's next question fails at once and goes to the successor; those that it has written already are answered.</summary>
    void EndInput()
    {
        try
        {
            _connection.Socket.Shutdown(SocketShutdown.Receive);
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            // The peer was first.
        }
    }

    async Task AnswerTheRestAsync()
    {
        var began = _host.Time.GetTimestamp();
        while (_room.CurrentCount < LongestQueue && _host.Time.GetElapsedTime(began) < AuthHost.LongestAnswer)
            await Task.Delay(10);
        await _output.FlushAsync().WaitAsync(TimeSpan.FromSeconds(1)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    async ValueTask<MasterCommand?> ReadAsync()
    {
        var line = await _connection.Reader.ReadLineAsync(MasterCommand.LongestLine);
        if (line.Status == LineStatus.TimedOut)
            Broken("nothing in time");
        if (line.IsEnd)
            return null;
        var command = line.IsComplete ? MasterCommand.Parse(Encoding.UTF8.GetString(line.Bytes.Span))
            : new MasterCommand.Broken(line.Status == LineStatus.Nul ? "a NUL" : "a line that is too long");
        if (command is not MasterCommand.Broken broken)
            return command;
        Broken(broken.Reason);
        return null;
    }

    /// <summary>The command's line of the table, or null when there is none or the peer has no right to it; says so.</summary>
    MasterVerb? Find(MasterCommand.Query query)
    {
        if (MasterVerbs.Find(query.Verb) is not { } verb)
            Broken("an unknown command");
        else if (verb.Right == MasterRight.Master && !_access.MayRequest)
            Broken("a master command on a userdb socket");
        else if (verb.Right == MasterRight.Trusted && _access.OnlyUid is not null)
            Broken("a look-up of others without the right to it");
        else
            return verb;
        return null;
    }

    async Task AnswerAsync(MasterVerb verb, MasterCommand.Query query, CancellationToken stop)
    {
        try
        {
            if (await verb.AnswerAsync(new(query, _host.Current, _access, Send), stop))
                return;
            Broken($"a malformed {verb.Name}");
            _connection.Socket.Close(0);
        }
        catch (OperationCanceledException)
        {
            // The connection has ended.
        }
        catch (Exception bug)
        {
            _host.LogBug(bug);
            _connection.Socket.Close(0);
        }
        finally
        {
            _room.Release();
        }
    }

    void Send(string line) => _output.Send(Encoding.UTF8.GetBytes(line + "\n"));

    void Broken(string reason) => _host.Log.BrokenMaster(_peer.Pid, _peer.Uid, reason);
}
