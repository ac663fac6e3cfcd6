// Invariants of this file:
//  * A response is sent only when it is base64: no client can put a TAB or a line end into the auth connection.
//  * No line is longer than a server takes: one client's long response must not cost the others their connection.
//  * Every AUTH ends in a result, whatever the server does; a request that is given up is cancelled on the wire.
using System.Buffers;
using System.Text;

namespace Sasl.Protocols.DovecotAuth;

/// <summary>
/// A front end's side of the auth socket: many logins at once over one connection, ours or a real Dovecot's. A lost connection is
/// made again by the next login.
/// </summary>
public sealed class AuthClient : IAsyncDisposable
{
    static readonly SearchValues<byte> _base64 = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="u8);

    readonly AuthAddress _address;
    readonly TimeProvider _time;
    readonly LinkKeeper<Session> _keeper;

    public AuthClient(AuthAddress address, TimeProvider? time = null)
    {
        (_address, _time) = (address, time ?? TimeProvider.System);
        _keeper = new(OpenAsync, s => s.Link, _time);
    }

    /// <summary>How long connecting and greeting may take together.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long one answer may take. A real Dovecot delays up to 17 s under its penalty.</summary>
    public TimeSpan ReplyTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Why there was no handshake; for the log.</summary>
    public string Problem => _keeper.Problem;

    /// <summary>What the server offers, connecting when needed. Null when it cannot be reached: see <see cref="Problem"/>.</summary>
    public async Task<AuthHandshake?> HandshakeAsync(CancellationToken stop = default) =>
        (await _keeper.GetAsync().WaitAsync(stop))?.Server;

    /// <summary>
    /// Runs one login. <paramref name="respond"/> is given each challenge in base64 (perhaps empty) and returns the client's response in
    /// base64, or null when the client aborts; the array stays the caller's.
    /// </summary>
    public async Task<AuthResult> AuthenticateAsync(string mechanism, AuthParameters parameters,
        Func<string, ValueTask<byte[]?>> respond, CancellationToken stop)
    {
        if (parameters.InitialResponse is { } initial && !IsBase64(initial))
            return AuthResult.InvalidBase64("initial response");
        for (var attempt = 0; ; attempt++)
        {
            if (await _keeper.GetAsync().WaitAsync(stop) is not { } session)
                return AuthResult.Unavailable(Problem);
            if (await RunAsync(session, mechanism, parameters, respond, mayRetry: attempt == 0, stop) is { } result)
                return result;
        }
    }

    public ValueTask DisposeAsync() => _keeper.DisposeAsync();

    /// <summary>Null when the link broke before the server said anything and another attempt is allowed: the server was restarted.</summary>
    async Task<AuthResult?> RunAsync(Session session, string mechanism, AuthParameters parameters,
        Func<string, ValueTask<byte[]?>> respond, bool mayRetry, CancellationToken stop)
    {
        using var exchange = session.Link.Begin();
        var finished = false;
        try
        {
            var line = parameters.ToLine(exchange.Id, mechanism, session.Server.Minor);
            if (line.Length > ClientCommandParser.LongestLine)
            {
                finished = true;
                return AuthResult.TooLong;
            }
            var sent = exchange.Send(line);
            while (true)
            {
                var reply = sent ? await exchange.ReceiveAsync(ReplyTimeout, _time, stop) : null;
                if (reply is not null && TabLine.Value(reply, AuthParameters.Draining) is not null)
                    session.Link.Retire();
                switch (reply)
                {
                    case null:
                        finished = session.Link.IsLost;
                        return finished && mayRetry ? null : AuthResult.Unavailable("Connection lost to authentication server");
                    case ["OK", ..]:
                        finished = true;
                        return AuthResult.FromOk(reply, exchange.Id, session.Server);
                    case ["FAIL", ..]:
                        finished = true;
                        return AuthResult.FromFail(reply);
                    case ["CONT", _, var challenge, .. var asked]:
                        mayRetry = false;
                        var binding = await FindBindingAsync(asked, parameters);
                        // "#" is for us and not for the client.
                        var response = challenge == "#" ? "#"u8.ToArray() : await respond(challenge);
                        if (response is null)
                            return AuthResult.Aborted;
                        if (challenge != "#" && !IsBase64(response))
                            return AuthResult.InvalidBase64("continued response");
                        line = ContinueLine(exchange.Id, response, binding);
                        if (line.Length > ClientCommandParser.LongestLine)
                            return AuthResult.TooLong;
                        sent = exchange.Send(line);
                        break;
                    default:
                        return AuthResult.Unavailable($"the auth server sent {reply[0]} with {reply.Length} fields");
                }
            }
        }
        finally
        {
            if (!finished)
                exchange.Send(Encoding.ASCII.GetBytes($"CANCEL\t{exchange.Id}\n"));
        }
    }

    async Task<Session> OpenAsync()
    {
        var greeting = new AuthHandshakeReader();
        // Before the server has said anything: one of Dovecot 2.4 waits for it.
        var link = await AuthLink.OpenAsync(_address, $"VERSION\t{AuthVersion.Major}\t{AuthVersion.Minor}\nCPID\t{Environment.ProcessId}\n",
            fields => greeting.Take(fields) ?? (greeting.Result is null ? null : ""), ConnectTimeout, _time);
        return new(link, greeting.Result!);
    }

    /// <summary>Null when the server did not ask for one, or the front end has none of that type: then the server refuses.</summary>
    static async ValueTask<byte[]?> FindBindingAsync(string[] asked, AuthParameters parameters) =>
        TabLine.Value(asked, "channel_binding") is { Length: > 0 } type && parameters.ChannelBinding is { } find ? await find(type) : null;

    static byte[] ContinueLine(uint id, ReadOnlySpan<byte> response, byte[]? binding)
    {
        // A lone "=" is how SMTP spells an empty initial response; as a continuation the empty field says it.
        if (response.SequenceEqual("="u8))
            response = default;
        var bound = binding is null ? "" : $"\tchannel_binding={Convert.ToBase64String(binding)}";
        return [.. Encoding.ASCII.GetBytes($"CONT\t{id}\t"), .. response, .. Encoding.ASCII.GetBytes(bound), (byte)'\n'];
    }

    static bool IsBase64(ReadOnlySpan<byte> text) => text.IndexOfAnyExcept(_base64) < 0;

    sealed record Session(AuthLink Link, AuthHandshake Server);
}
