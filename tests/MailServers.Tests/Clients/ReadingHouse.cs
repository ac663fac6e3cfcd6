using System.Net;
using System.Net.Sockets;
using System.Text;
using MailServers.Imap;
using MailServers.Pop3;
using MailServers.Tests.Login;
using MailStore;
using Sasl.Hosting.Net;
using Sasl.Protocols.Supervision;
using Testing;

namespace MailServers.Tests.Clients;

/// <summary>Both login front ends on loopback ports, with and without TLS from the first byte, and the worker of alice (password "secret") behind them.</summary>
sealed class ReadingHouse : IAsyncDisposable
{
    readonly TemporaryDirectory _directory = new();
    readonly LogLines _log = new();
    readonly LoginHouse _imap, _pop3;
    readonly List<TcpListener> _listeners = [];
    readonly List<Task> _sessions = [];

    public ReadingHouse()
    {
        Store = Stores.Open(new MailLocation(MailFormat.Maildir, _directory["Maildir"], null));
        _imap = LoginHouse.Imap(tls: true, worker: (request, socket) => Serve(request, socket));
        _pop3 = LoginHouse.Pop3(tls: true, worker: (request, socket) => Serve(request, socket));
        (Imap, Imaps) = (Listen(_imap.ServeAsync), Listen(_imap.ServeTlsAsync));
        (Pop3, Pop3s) = (Listen(_pop3.ServeAsync), Listen(_pop3.ServeTlsAsync));
        File.WriteAllText(_directory["mail.pem"], LoginHouse.Pem[..LoginHouse.Pem.IndexOf("-----BEGIN PRIVATE", StringComparison.Ordinal)]);
    }

    public IStore Store { get; }

    public int Imap { get; }

    public int Imaps { get; }

    public int Pop3 { get; }

    public int Pop3s { get; }

    public string Certificate => this["mail.pem"];

    public string Log => $"{_imap.Log}\n{_pop3.Log}\n{_log}";

    public string this[string file] => _directory[file];

    /// <summary>Adds a message, given with LF.</summary>
    public async Task AddAsync(string text, string folder = "INBOX")
    {
        using var writer = Store.Append(folder, MessageFlags.None, new HashSet<string>(), null)!;
        await writer.WriteAsync(Encoding.UTF8.GetBytes(text.ReplaceLineEndings("\r\n")), default);
        await writer.CommitAsync(default);
    }

    /// <summary>Texts of a folder, with CRLF, in the order of their UIDs.</summary>
    public string[] Texts(string folder = "INBOX")
    {
        using var view = Store.Select(folder, readOnly: true) ?? throw new InvalidOperationException($"no folder {folder}");
        return [.. view.Messages.Select(m =>
        {
            using var reader = new StreamReader(view.OpenText(m.Uid)!, Encoding.UTF8);
            return reader.ReadToEnd();
        })];
    }

    public MessageFlags[] Flags(string folder = "INBOX")
    {
        using var view = Store.Select(folder, readOnly: true)!;
        return [.. view.Messages.Select(static m => m.Flags & ~MessageFlags.Recent)];
    }

    int Listen(Func<Socket, CancellationToken, Task> serve)
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        _listeners.Add(listener);
        _ = AcceptAsync(listener, serve);
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    async Task AcceptAsync(TcpListener listener, Func<Socket, CancellationToken, Task> serve)
    {
        try
        {
            while (await listener.AcceptSocketAsync() is { } socket)
                Keep(Task.Run(() => serve(socket, default)));
        }
        catch (Exception stopped) when (stopped is SocketException or ObjectDisposedException)
        {
            // The house is closed.
        }
    }

    Task Serve(HandOffRequest request, Socket socket)
    {
        var session = ServeAsync(request, socket);
        Keep(session);
        return session;
    }

    async Task ServeAsync(HandOffRequest request, Socket socket)
    {
        await using var connection = new Connection(socket, request.Leftover);
        if (request.Protocol == "imap")
            await ImapSession.RunAsync(connection, Store, new("alice", request.Tag, request.Session), ImapSettings.Default, _log, default);
        else
            await Pop3Session.RunAsync(connection, Store, new("alice", request.Session), new Pop3Settings(), _log, default);
    }

    void Keep(Task session)
    {
        lock (_sessions)
            _sessions.Add(session);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var listener in _listeners)
            listener.Dispose();
        await _imap.DisposeAsync();
        await _pop3.DisposeAsync();
        Task[] sessions;
        lock (_sessions)
            sessions = [.. _sessions];
        await Task.WhenAll(sessions).WaitAsync(TimeSpan.FromSeconds(60));
        Store.Dispose();
        _directory.Dispose();
    }
}
