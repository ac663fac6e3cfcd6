using System.Security.Authentication;
using Sasl.Hosting.Net;

namespace MailServers.Login;

/// <summary>One client before its login: the connection, what it may do, what it tried, and how long it has left.</summary>
sealed class LoginClient : IDisposable
{
    readonly CancellationTokenSource _over;
    LoginEnd? _ordered;

    public LoginClient(LoginHost host, Connection connection, LoginPeer peer)
    {
        (Host, Connection, Peer) = (host, connection, peer);
        _over = new(host.Settings.LoginTimeout, host.Time);
        Session = SessionId.Create(peer, host.Time.GetUtcNow());
        Policy = CleartextPolicy.For(host.Settings, peer, tls: false);
        History = new LoginHistory(host.Time);
        // The whole login has one deadline (_over); the reader's own only backs it up.
        connection.Reader.Timeout = host.Settings.LoginTimeout + TimeSpan.FromSeconds(5);
        connection.WriteTimeout = TimeSpan.FromSeconds(30);
    }

    public LoginHost Host { get; }

    public Connection Connection { get; }

    public LoginPeer Peer { get; }

    public string Session { get; }

    public CleartextPolicy Policy { get; private set; }

    public LoginHistory History { get; }

    /// <summary>Bad commands so far; three end the session.</summary>
    public int BadCommands { get; set; }

    /// <summary>The login succeeded: from here on no newer client takes the place. False when the client was dropped a moment before.</summary>
    public Func<bool> Promote { get; set; } = static () => true;

    /// <summary>Cancelled when the client has to go: the timeout passed, a newer one needs its place, or the process ends.</summary>
    public CancellationToken Over => _over.Token;

    /// <summary>Why it has to go, once <see cref="Over"/> is cancelled.</summary>
    public LoginEnd OverEnd => _ordered ?? LoginEnd.TimedOut;

    public bool MayStartTls => Host.Tls is not null && Host.Settings.Tls != TlsMode.No && !Connection.IsTls;

    /// <summary>Ends the session from outside; the first reason counts.</summary>
    public void Order(LoginEnd end)
    {
        _ordered ??= end;
        try
        {
            _over.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It has gone by itself.
        }
    }

    /// <summary>The login timeout does not count any more.</summary>
    public void StopClock() => _over.CancelAfter(Timeout.InfiniteTimeSpan);

    /// <summary>A line, or TimedOut when the client has to go.</summary>
    public async ValueTask<Line> ReadLineAsync(int max)
    {
        try
        {
            if (!await Connection.FlushAsync(Over))
                return new(LineStatus.Closed, default);
            return await Connection.Reader.ReadLineAsync(max, Over);
        }
        catch (OperationCanceledException)
        {
            return new(LineStatus.TimedOut, default);
        }
    }

    /// <summary>The end that a reading status means.</summary>
    public LoginEnd EndOf(LineStatus status) => status == LineStatus.TimedOut ? OverEnd : LoginEnd.Closed;

    /// <summary>Sends the go-ahead, if one is buffered, and shakes hands. False when it failed; the connection is of no use then.</summary>
    public async ValueTask<bool> StartTlsAsync()
    {
        try
        {
            if (!await Connection.FlushAsync(Over))
                return false;
            await Connection.StartTlsAsServerAsync(Host.Tls!, Over);
            Policy = CleartextPolicy.For(Host.Settings, Peer, tls: true);
            return true;
        }
        catch (Exception failure) when (failure is IOException or AuthenticationException or OperationCanceledException or ObjectDisposedException)
        {
            History.TlsProblem = failure is OperationCanceledException ? "not finished in time" : (failure.InnerException ?? failure).Message;
            return false;
        }
    }

    public void Dispose() => _over.Dispose();
}
