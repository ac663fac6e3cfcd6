// Invariants of this file:
//  * A REQUEST is answered only for a login that ended well on a connection of the very process that the asker names, with that
//    connection's cookie, and only once.
//  * A peer that may learn about itself alone learns about nobody else, not even who exists.
using System.Net.Sockets;
using System.Text;
using AuthServer.Composition;
using AuthServer.Userdb;
using Microsoft.Extensions.Logging;
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

    public async Task ServeAsync(CancellationToken stop)
    {
        try
        {
            Send("VERSION\t1\t2");
            Send($"SPID\t{_host.ProcessId}");
            _connection.Reader.Timeout = AuthHost.HandshakeTimeout;
            if (await ReadAsync(stop) is not { } first)
                return;
            if (first is not MasterCommand.Version { Major: 1 })
            {
                Broken("something before VERSION");
                return;
            }
            _connection.Reader.Timeout = Timeout.InfiniteTimeSpan;
            while (await ReadAsync(stop) is { } command and not MasterCommand.Version)
            {
                // So many questions at once and no more: the rest waits in the socket.
                await _room.WaitAsync(stop);
                Answer(command, stop);
                await _output.RoomAsync().WaitAsync(stop);
            }
        }
        finally
        {
            await _connection.DisposeAsync();
        }
    }

    async ValueTask<MasterCommand?> ReadAsync(CancellationToken stop)
    {
        var line = await _connection.Reader.ReadLineAsync(MasterCommand.LongestLine, stop);
        if (line.Status == LineStatus.TimedOut)
            Broken("nothing in time");
        if (line.IsEnd)
            return null;
        var command = line.IsComplete ? MasterCommand.Parse(Encoding.UTF8.GetString(line.Bytes.Span))
            : new MasterCommand.Broken(line.Status == LineStatus.Nul ? "a NUL" : "a line that is too long");
        if (command is MasterCommand.Request or MasterCommand.Flush && !_access.MayRequest)
            command = new MasterCommand.Broken("a master command on a userdb socket");
        if (command is MasterCommand.Lookup { Verb: not "USER" } && _access.OnlyUid is not null)
            command = new MasterCommand.Broken("a look-up of others without the right to it");
        if (command is not MasterCommand.Broken broken)
            return command;
        Broken(broken.Reason);
        return null;
    }

    async void Answer(MasterCommand command, CancellationToken stop)
    {
        try
        {
            Send(await ReplyAsync(command, stop));
        }
        catch (OperationCanceledException)
        {
            // The server ends; so does the connection.
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

    async ValueTask<string> ReplyAsync(MasterCommand command, CancellationToken stop) => command switch
    {
        MasterCommand.Request request => await ConfirmAsync(request, stop),
        MasterCommand.Lookup { Verb: "USER" } lookup => await FindAsync(lookup, stop),
        MasterCommand.Lookup { Verb: "PASS" } lookup => $"FAIL\t{lookup.Id}\treason=Configured passdbs don't support credentials lookups",
        MasterCommand.Lookup lookup => $"DONE\t{lookup.Id}\tfail",
        // Nothing is cached, so nothing is flushed.
        MasterCommand.Flush flush => $"OK\t{flush.Id}\t0",
        _ => throw new InvalidOperationException("a second VERSION"),
    };

    async ValueTask<string> ConfirmAsync(MasterCommand.Request request, CancellationToken stop)
    {
        if (_host.Clients.Take(request.ClientPid, request.ClientId, request.Cookie) is not { } login)
        {
            _host.Log.RequestRefused(request.ClientId, request.ClientPid, "no such finished login for this process and cookie");
            return $"FAIL\t{request.Id}\treason=Authentication request not found";
        }
        var found = await _host.Users.FindAsync(login.User, isAuthenticated: true, stop);
        return found.Kind switch
        {
            LookupKind.Found => User(request.Id, login.User, found) + $"\tauth_mech={login.Mechanism}",
            LookupKind.NotFound => $"NOTFOUND\t{request.Id}",
            _ => $"FAIL\t{request.Id}\tcode=temp_fail\treason=Internal error occurred",
        };
    }

    async ValueTask<string> FindAsync(MasterCommand.Lookup lookup, CancellationToken stop)
    {
        if (_host.NormalizeName(lookup.User) is not { } user)
            return $"NOTFOUND\t{lookup.Id}";
        var found = await _host.Users.FindAsync(user, isAuthenticated: false, stop);
        return found.Kind switch
        {
            LookupKind.Found when _access.OnlyUid is null || _access.OnlyUid == found.Uid => User(lookup.Id, user, found),
            LookupKind.Found or LookupKind.NotFound => $"NOTFOUND\t{lookup.Id}",
            _ => $"FAIL\t{lookup.Id}\treason=Internal error occurred",
        };
    }

    static string User(uint id, string user, Lookup found)
    {
        string[] fields = ["USER", id.ToString(), user, $"uid={found.Uid}", $"gid={found.Gid}"];
        return TabLine.Join([.. fields, .. found.Home.Length > 0 ? [$"home={found.Home}"] : Array.Empty<string>(), .. found.Fields]);
    }

    void Send(string line) => _output.Send(Encoding.UTF8.GetBytes(line + "\n"));

    void Broken(string reason) => _host.Log.BrokenMaster(_peer.Pid, _peer.Uid, reason);
}
