using System.Net.Sockets;
using System.Text;
using MailServers.Pop3;
using MailServers.Tests.Login;
using MailStore;
using Sasl.Hosting.Net;
using Testing;

namespace MailServers.Tests.Pop3;

/// <summary>A real Maildir with some messages, and POP3 sessions on it.</summary>
sealed class Pop3House : IDisposable
{
    readonly TemporaryDirectory _directory = new();

    public Pop3House(params string[] messages)
    {
        Store = Stores.Open(MailLocation.Parse($"maildir:{_directory["Maildir"]}", "alice", _directory.Path));
        foreach (var message in messages)
            Deliver(message);
    }

    public IStore Store { get; }

    public LogLines Log { get; } = new();

    public Pop3Settings Settings { get; init; } = new();

    public CancellationTokenSource Drain { get; } = new();

    public void Deliver(string message)
    {
        using var writer = Store.Append("INBOX", MessageFlags.None, new HashSet<string>(), null)!;
        writer.WriteAsync(Encoding.Latin1.GetBytes(message), default).AsTask().GetAwaiter().GetResult();
        writer.CommitAsync(default).AsTask().GetAwaiter().GetResult();
    }

    public async Task ServeAsync(Socket socket, CancellationToken stop)
    {
        await using var connection = new Connection(socket);
        await Pop3Session.RunAsync(connection, Store, new("alice", "id"), Settings, Log, Drain.Token);
    }

    public Task PlayAsync(string script) => Dialogue.PlayAsync(ServeAsync, script);

    public Task PlayAsync(string script, Pace pace) => Dialogue.PlayAsync(ServeAsync, script, pace);

    /// <summary>What is in the INBOX for a new session.</summary>
    public IReadOnlyList<MessageInfo> Inbox()
    {
        using var view = Store.Select("INBOX", readOnly: true)!;
        return [.. view.Messages];
    }

    public void Dispose()
    {
        Store.Dispose();
        Drain.Dispose();
        _directory.Dispose();
    }
}
