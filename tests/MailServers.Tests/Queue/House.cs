using System.Net;
using System.Net.Sockets;
using System.Text;
using MailServers.Lmtp;
using MailServers.Queue;
using MailServers.Queue.Local;
using MailServers.Queue.Routing;
using MailServers.Queue.Store;
using MailStore;
using Sasl.Hosting.Net;
using Sasl.Hosting.Unix;
using Testing;

namespace MailServers.Tests.Queue;

/// <summary>A whole queue in a temporary directory, with real workers for the users "alice", "bob" and so on that have a home there.</summary>
sealed class House : IMailDns, IAsyncDisposable
{
    readonly CancellationTokenSource _stop = new();
    readonly Task _running;

    public House(Func<QueueSettings, QueueSettings>? adjust = null, TimeProvider? time = null, IMailDns? dns = null, OpenDelivery? open = null)
    {
        var settings = new QueueSettings
        {
            HostName = "mx.example.org", Origin = "example.org", RunDelay = TimeSpan.FromSeconds(300),
            Routing = new() { LocalDomains = ["example.org"] },
            Local = new() { AliasMaps = [$"texthash:{Directory["aliases"]}"], RecipientDelimiter = "+" },
        };
        Settings = adjust?.Invoke(settings) ?? settings;
        Store = QueueDirectory.Open(Directory["spool"], time ?? TimeProvider.System);
        Server = new(Store, Settings, dns ?? this, open ?? OpenAsync, Log.Loggers, time ?? TimeProvider.System);
        _running = Server.Scheduler.RunAsync(TimeSpan.FromSeconds(5), _stop.Token);
    }

    public TemporaryDirectory Directory { get; } = new();

    public LogLines Log { get; } = new();

    public QueueSettings Settings { get; }

    public QueueDirectory Store { get; }

    public QueueServer Server { get; }

    public string HomeOf(string user) => Directory[$"home/{user}"];

    public void AddUser(string user, string? forward = null)
    {
        System.IO.Directory.CreateDirectory(HomeOf(user));
        if (forward is not null)
            File.WriteAllText(Path.Combine(HomeOf(user), ".forward"), forward);
    }

    public void Aliases(string text) => File.WriteAllText(Directory["aliases"], text);

    public async Task<string> SubmitAsync(string sender, string recipients, string text = "Subject: hello\n\nworld\n")
    {
        var (client, server) = Descriptors.Pair(SocketType.Stream);
        var serving = Server.ServeAsync(server, CancellationToken.None);
        var id = "";
        await using (var connection = new Connection(client))
        {
            await SayAsync(connection, null, "220");
            await SayAsync(connection, "LHLO test", "250");
            await SayAsync(connection, $"MAIL FROM:<{sender}>", "250");
            foreach (var recipient in recipients.Split(' '))
                await SayAsync(connection, $"RCPT TO:{(recipient.StartsWith('<') ? recipient.Replace("%20", " ") : $"<{recipient}>")}", "250");
            await SayAsync(connection, "DATA", "354");
            connection.Write(text.Replace("\n", "\r\n").Replace("\r\n.", "\r\n.."));
            connection.WriteLine(".");
            foreach (var _ in recipients.Split(' '))
                id = (await SayAsync(connection, "", "250")).Split(' ')[^1];
        }
        await serving;
        return id;
    }

    public string[] MailOf(string user) => System.IO.Directory.Exists(Path.Combine(HomeOf(user), "Maildir/new"))
        ? [.. new DirectoryInfo(Path.Combine(HomeOf(user), "Maildir/new")).GetFiles().OrderBy(f => f.LastWriteTimeUtc).Select(f => File.ReadAllText(f.FullName))] : [];

    public string[] Queued() => [.. Store.Scan().Select(m => m.Id)];

    public Task EmptyAsync() => Eventually.TrueAsync(() => Queued().Length == 0 && Server.Scheduler.ActiveCount == 0, $"the queue is empty", TimeSpan.FromSeconds(30));

    public Task LoggedAsync(string pattern) => Eventually.TrueAsync(() => Log.Has(pattern), $"{pattern}\nin\n{Log}", TimeSpan.FromSeconds(30));

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        Store.Dispose();
        Directory.Dispose();
    }

    /// <summary>The DNS of the tests: nothing is known but what a test puts here.</summary>
    public Dictionary<string, (DnsStatus Status, IReadOnlyList<MailExchanger> Records)> Mx { get; } = [];

    public Dictionary<string, IReadOnlyList<IPAddress>> A { get; } = [];

    public ValueTask<(DnsStatus Status, IReadOnlyList<MailExchanger> Records)> ExchangersAsync(string domain, CancellationToken stop) =>
        new(Mx.TryGetValue(domain, out var known) ? known : (A.ContainsKey(domain) ? DnsStatus.NoData : DnsStatus.NoDomain, []));

    public ValueTask<(DnsStatus Status, IReadOnlyList<IPAddress> Addresses)> AddressesAsync(string host, CancellationToken stop) =>
        new(A.TryGetValue(host, out var known) ? (DnsStatus.Found, known) : (DnsStatus.NoDomain, []));

    public Task<(string?, string, Socket?)> OpenAsync(string user, CancellationToken stop)
    {
        if (!System.IO.Directory.Exists(HomeOf(user)))
            return Task.FromResult<(string?, string, Socket?)>(("nouser", "no such user", null));
        var (ours, theirs) = Descriptors.Pair(SocketType.Stream);
        _ = Task.Run(async () =>
        {
            using var store = Stores.Open(new(MailFormat.Maildir, Path.Combine(HomeOf(user), "Maildir"), null));
            await using var connection = new Connection(theirs);
            await LmtpSession.RunAsync(connection, store, new(user, HomeOf(user)) { HostName = "mx.example.org", RecipientDelimiter = "+" }, Log.Named("lmtp"), stop);
        }, CancellationToken.None);
        return Task.FromResult<(string?, string, Socket?)>((null, "", ours));
    }

    static async Task<string> SayAsync(Connection connection, string? command, string expected)
    {
        if (command is { Length: > 0 })
            connection.WriteLine(command);
        await connection.FlushAsync();
        while (true)
        {
            var line = (await connection.Reader.ReadLineAsync(4096)).ToString();
            Assert.StartsWith(expected, line);
            if (line.Length < 4 || line[3] != '-')
                return line;
        }
    }
}
