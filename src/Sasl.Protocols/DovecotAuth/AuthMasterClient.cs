using System.Text;

namespace Sasl.Protocols.DovecotAuth;

/// <summary>The supervisor's side of auth-master: turns a front end's reference into a user, and looks users up.</summary>
public sealed class AuthMasterClient : IAsyncDisposable
{
    readonly AuthAddress _address;
    readonly TimeProvider _time;
    readonly LinkKeeper<AuthLink> _keeper;

    public AuthMasterClient(AuthAddress address, TimeProvider? time = null)
    {
        (_address, _time) = (address, time ?? TimeProvider.System);
        _keeper = new(OpenAsync, l => l, _time);
    }

    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    public TimeSpan ReplyTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Confirms a finished authentication, once: the server forgets it with this call.</summary>
    /// <param name="clientPid">The pid that the supervisor itself knows the front end by, never one that the front end told.</param>
    public Task<UserdbAnswer> RequestAsync(int clientPid, uint requestId, string cookie, CancellationToken stop) =>
        AskAsync(id => $"REQUEST\t{id}\t{clientPid}\t{requestId}\t{TabLine.Escape(cookie)}\n", stop);

    public Task<UserdbAnswer> UserAsync(string user, string service, CancellationToken stop) =>
        AskAsync(id => $"USER\t{id}\t{TabLine.Escape(user)}\tservice={TabLine.Escape(service)}\n", stop);

    public ValueTask DisposeAsync() => _keeper.DisposeAsync();

    async Task<UserdbAnswer> AskAsync(Func<uint, string> line, CancellationToken stop)
    {
        for (var attempt = 0; ; attempt++)
        {
            if (await _keeper.GetAsync().WaitAsync(stop) is not { } link)
                return UserdbAnswer.Unavailable(_keeper.Problem);
            var mayRetry = attempt == 0 && link.IsUsed;
            using var exchange = link.Begin();
            var reply = exchange.Send(Encoding.UTF8.GetBytes(line(exchange.Id))) ? await exchange.ReceiveAsync(ReplyTimeout, _time, stop) : null;
            // The server was restarted since the last question: ask the new one.
            if (reply is null && mayRetry && !link.IsOpen)
                continue;
            return UserdbAnswer.From(reply);
        }
    }

    Task<AuthLink> OpenAsync() => AuthLink.OpenAsync(_address, "VERSION\t1\t2\n", static fields => fields switch
    {
        ["VERSION", "1", _, ..] => null,
        ["VERSION", ..] => "protocol version is not ours",
        ["MECH", ..] => "wrong socket: auth-client instead of auth-master",
        ["SPID", ..] => "",
        _ => null,
    }, ConnectTimeout, _time);
}

/// <summary>The auth-userdb socket: the same protocol, but user look-ups are all that may be asked there.</summary>
public sealed class AuthUserdbClient(AuthAddress address, TimeProvider? time = null) : IAsyncDisposable
{
    readonly AuthMasterClient _client = new(address, time);

    public Task<UserdbAnswer> UserAsync(string user, string service, CancellationToken stop) => _client.UserAsync(user, service, stop);

    public ValueTask DisposeAsync() => _client.DisposeAsync();
}
