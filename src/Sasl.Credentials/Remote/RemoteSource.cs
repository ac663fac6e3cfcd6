using Microsoft.Extensions.Logging;
using Sasl.Hosting.Net;

namespace Sasl.Credentials.Remote;

/// <summary>Asks another server by logging in there: a connection for each question, closed after the answer.</summary>
sealed class RemoteSource(RemoteServer server, IRemoteLogin login, ILogger log, HostAddresses? addresses = null) : IPasswordSource
{
    readonly RemoteDialer _dialer = new(server, addresses ?? new(server.Host), log);
    bool _warned;

    public string Name => server.Mechanism;

    public async ValueTask<Verdict> VerifyAsync(PasswordQuery query, CancellationToken stop)
    {
        if (query.User.Length == 0 || query.Password.IsEmpty)
            return new(VerdictKind.Refused, "empty login or password");
        if (query.User.Contains('\0') || query.Password.Span.Contains((byte)0))
            return new(VerdictKind.Refused, "NUL in login or password");
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stop);
        deadline.CancelAfter(server.Timeout);
        try
        {
            return await AskAsync(query, deadline.Token);
        }
        catch (RemoteException failure)
        {
            return new(VerdictKind.Unavailable, failure.Message);
        }
        catch (OperationCanceledException)
        {
            query.Explanation?.Add($"{Name}: no answer in time");
            return stop.IsCancellationRequested ? Verdict.TimedOut : new(VerdictKind.Unavailable, RemoteTexts.Synchronizing);
        }
    }

    async Task<Verdict> AskAsync(PasswordQuery query, CancellationToken stop)
    {
        await using var connection = new Connection(await _dialer.ConnectAsync(query.Explanation, stop));
        connection.Reader.Timeout = server.Timeout;
        var conversation = new RemoteConversation(connection, server, query.Explanation, log);
        if (server.Tls == RemoteTls.Implicit)
            await conversation.StartTlsAsync(stop);
        var verdict = await login.RunAsync(conversation, query, stop);
        if (verdict.IsOk && conversation.IsExposed && !_warned)
        {
            _warned = true;
            log.NotEncrypted(Name, server.Host, server.Port, server.PlaintextSetting);
        }
        return verdict;
    }
}
