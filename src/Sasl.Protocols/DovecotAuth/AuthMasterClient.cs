// Invariant of this file: a reference to a login is asked of the very server that the login was made with, as long as that server is there: while an
// auth server finishes its work beside its successor, both have logins that wait for their REQUEST.
using System.Collections.Concurrent;
using System.Text;

namespace Sasl.Protocols.DovecotAuth;

/// <summary>The supervisor's side of auth-master: turns a front end's reference into a user, and looks users up.</summary>
public sealed class AuthMasterClient : IAsyncDisposable
{
    readonly AuthAddress _address;
    readonly TimeProvider _time;
    readonly LinkKeeper<Session> _keeper;
    readonly ConcurrentDictionary<int, Session> _earlier = new();

    public AuthMasterClient(AuthAddress address, TimeProvider? time = null)
    {
        (_address, _time) = (address, time ?? TimeProvider.System);
        _keeper = new(OpenAsync, s => s.Link, _time);
    }

    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    public TimeSpan ReplyTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Confirms a finished authentication, once: the server forgets it with this call.</summary>
    /// <param name="clientPid">The pid that the supervisor itself knows the front end by, never one that the front end told.</param>
    /// <param name="serverPid">Which server the front end says it was; 0: whichever is there.</param>
    public Task<UserdbAnswer> RequestAsync(int clientPid, uint requestId, string cookie, CancellationToken stop, int serverPid = 0) =>
        AskAsync(id => $"REQUEST\t{id}\t{clientPid}\t{requestId}\t{TabLine.Escape(cookie)}\n", serverPid, stop);

    public Task<UserdbAnswer> UserAsync(string user, string service, CancellationToken stop) =>
        AskAsync(id => $"USER\t{id}\t{TabLine.Escape(user)}\tservice={TabLine.Escape(service)}\n", 0, stop);

    public ValueTask DisposeAsync() => _keeper.DisposeAsync();

    async Task<UserdbAnswer> AskAsync(Func<uint, string> line, int serverPid, CancellationToken stop)
    {
        for (var attempt = 0; ; attempt++)
        {
            if (await SessionOfAsync(serverPid, stop) is not { Link: var link })
                return UserdbAnswer.Unavailable(_keeper.Problem);
            using var exchange = link.Begin();
            var reply = exchange.Send(Encoding.UTF8.GetBytes(line(exchange.Id))) ? await exchange.ReceiveAsync(ReplyTimeout, _time, stop) : null;
            // The server has ended since the last question: ask the new one.
            if (reply is null && attempt == 0 && link.IsLost)
                continue;
            return UserdbAnswer.From(reply);
        }
    }

    /// <summary>The link to that server; to the one that accepts now when it is not known, or has ended.</summary>
    async Task<Session?> SessionOfAsync(int serverPid, CancellationToken stop)
    {
        var session = await _keeper.GetAsync().WaitAsync(stop);
        if (session is null || serverPid == 0 || session.ServerPid == serverPid)
            return session;
        if (_earlier.TryGetValue(serverPid, out var earlier) && !earlier.Link.IsLost)
            return earlier;
        // Perhaps a successor has begun to accept: the next link shows who does. The old one serves what its own server still knows.
        session.Link.Retire();
        if (await _keeper.GetAsync().WaitAsync(stop) is not { } next)
            return null;
        if (next.ServerPid == session.ServerPid)
            session.Link.RetireAndClose();
        else
            _earlier[session.ServerPid] = session;
        foreach (var (pid, gone) in _earlier.Where(s => s.Value.Link.IsLost))
            _earlier.TryRemove(KeyValuePair.Create(pid, gone));
        return next;
    }

    async Task<Session> OpenAsync()
    {
        var serverPid = 0;
        var link = await AuthLink.OpenAsync(_address, "VERSION\t1\t2\n", fields =>
        {
            switch (fields)
            {
                case ["VERSION", "1", _, ..]:
                    return null;
                case ["VERSION", ..]:
                    return "protocol version is not ours";
                case ["MECH", ..]:
                    return "wrong socket: auth-client instead of auth-master";
                case ["SPID", ..]:
                    _ = fields.Length > 1 && int.TryParse(fields[1], out serverPid);
                    return "";
                default:
                    return null;
            }
        }, ConnectTimeout, _time);
        return new(link, serverPid);
    }

    sealed record Session(AuthLink Link, int ServerPid);
}

/// <summary>The auth-userdb socket: the same protocol, but user look-ups are all that may be asked there.</summary>
public sealed class AuthUserdbClient(AuthAddress address, TimeProvider? time = null) : IAsyncDisposable
{
    readonly AuthMasterClient _client = new(address, time);

    public Task<UserdbAnswer> UserAsync(string user, string service, CancellationToken stop) => _client.UserAsync(user, service, stop);

    public ValueTask DisposeAsync() => _client.DisposeAsync();
}
