// Serves the clients of one login front end.
//
// Invariants of this file:
//  * Every client leaves exactly one line in the log: Login, or why there was none.
//  * Whatever a client does, it is gone after the login timeout, or has logged in.
//  * A full house drops the client that has been undecided longest, never one that is logged in.
using System.Net.Sockets;
using Sasl.Hosting.Net;

namespace MailServers.Login;

sealed class LoginServer(LoginHost host)
{
    readonly LoginSlots _slots = new(host.Settings.ClientLimit);
    long _fullToldAt = -1;

    /// <summary>Serves one client to its end.</summary>
    /// <param name="tls">The listener speaks TLS from the first byte.</param>
    /// <param name="draining">Cancelled when clients that have not logged in shall go.</param>
    public async Task ServeAsync(Socket socket, LoginPeer peer, bool tls, CancellationToken draining)
    {
        await using var connection = new Connection(socket, host.Time);
        using var client = new LoginClient(host, connection, peer);
        if (_slots.TryEnter(() => client.Order(LoginEnd.Dropped)) is not { } slot)
        {
            TellFull();
            return;
        }
        LoginEnd end;
        try
        {
            client.Promote = () => _slots.TryPromote(slot);
            using var drain = draining.Register(() => client.Order(LoginEnd.ShuttingDown));
            end = await RunAsync(client, tls);
        }
        finally
        {
            _slots.Leave(slot);
        }
        LoginMetrics.Ended(end);
        if (end == LoginEnd.HandedOver)
            return;
        LoginLog.Ended(host.Log, How(end), client.History.Summary(), LoginElements.Of(client));
        if (end is LoginEnd.Closed or LoginEnd.TlsFailed)
            return;
        host.Dialect.SayGoodbye(client, end);
        await Farewell.SayAsync(connection);
    }

    async Task<LoginEnd> RunAsync(LoginClient client, bool tls)
    {
        if (tls && !await client.StartTlsAsync())
            return LoginEnd.TlsFailed;
        await host.Dialect.GreetAsync(client);
        return await host.Dialect.RunAsync(client);
    }

    static string How(LoginEnd end) => end switch
    {
        LoginEnd.LoggedOut => "Aborted login",
        LoginEnd.TimedOut => "Disconnected: Inactivity",
        LoginEnd.TooManyBadCommands => "Disconnected: Too many invalid commands",
        LoginEnd.InputTooLong => "Disconnected: Input too long",
        LoginEnd.Dropped => "Disconnected: Connection queue full",
        LoginEnd.ShuttingDown => "Disconnected: Shutting down",
        LoginEnd.HandOffFailed => "Disconnected: Internal login failure",
        _ => "Disconnected",
    };

    /// <summary>One line a second is enough to say it.</summary>
    void TellFull()
    {
        var now = host.Time.GetTimestamp();
        var last = Interlocked.Read(ref _fullToldAt);
        if (last >= 0 && host.Time.GetElapsedTime(last, now) < TimeSpan.FromSeconds(1))
            return;
        if (Interlocked.CompareExchange(ref _fullToldAt, now, last) == last)
            LoginLog.Full(host.Log, host.Settings.ClientLimit);
    }
}
