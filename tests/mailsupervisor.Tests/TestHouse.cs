using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text;
using MailSupervisor;
using MailSupervisor.House;
using Microsoft.Extensions.Logging;
using Sasl.Hosting.Logging;
using Sasl.Hosting.Unix;
using Sasl.Protocols.Supervision;
using Testing;

namespace mailsupervisor.Tests;

/// <summary>A supervisor with real child processes (testchild) and a user directory of the test's own.</summary>
sealed class TestHouse : IUserDirectory, ILogger, IAsyncDisposable
{
    readonly TemporaryDirectory _directory = new();
    readonly Supervisor _supervisor;
    readonly HashSet<string> _usedCookies = [];

    public TestHouse(params ChildPlan[] children)
    {
        if (Identity.IsRoot)
            Files.ChangeMode(_directory.Path, 0x1ED);
        _supervisor = new Supervisor(PlanOf(children), AppContext.BaseDirectory, LogTarget.StandardError, this, TimeProvider.System, this);
    }

    /// <summary>As root the children become nobody; otherwise they stay who the test is.</summary>
    public static HouseIdentity ChildIdentity { get; } = Identity.IsRoot ? new("nobody", 65534, 65534, []) : new("me", null, null, []);

    /// <summary>A uid that may have mail here.</summary>
    public static uint MailUid { get; } = Identity.IsRoot ? 5000 : Identity.EffectiveUid;

    public ConcurrentQueue<string> Lines { get; } = new();

    public ConcurrentDictionary<string, UserAnswer> Users { get; } = new();

    public Supervisor Supervisor => _supervisor;

    public string this[string name] => _directory[name];

    public ChildPlan Plan(string name, string role, ChildRights rights = ChildRights.None, string test = "") => new(name, "testchild", role, ChildIdentity, rights,
        [new ListenerPlan("test", _directory[name + ".sock"], 0x1FF, null, null, new Dictionary<string, string>())], new Dictionary<string, string> { ["test"] = test });

    public HousePlan PlanOf(params ChildPlan[] children) => new(children, new ChildPlan("worker", "testchild", "worker", ChildIdentity, ChildRights.None, [], new Dictionary<string, string>()),
        new MailLocations("maildir:~/Maildir", "", "/var/mail"), 500, _directory.Path, "", []);

    /// <summary>Sends one line to a child's socket and reads the first answer line.</summary>
    public async Task<string> AskAsync(string child, string line)
    {
        using var socket = await ConnectAsync(child);
        await socket.SendAsync(Encoding.UTF8.GetBytes(line + "\n"));
        return await ReadAsync(socket);
    }

    public Task<Socket> ConnectAsync(string child) => UnixSockets.ConnectAsync(_directory[child + ".sock"], CancellationToken.None).AsTask();

    public static async Task<string> ReadAsync(Socket socket)
    {
        var buffer = new byte[4096];
        var count = await socket.ReceiveAsync(buffer).WaitAsync(TimeSpan.FromSeconds(30));
        return Encoding.UTF8.GetString(buffer, 0, count).TrimEnd('\n');
    }

    /// <summary>A cookie is "user" and good once, whatever the pid; the pid that asked is written down.</summary>
    public ValueTask<UserAnswer> ConfirmAsync(HandOffRequest request, int frontEndPid, CancellationToken stop)
    {
        Lines.Enqueue($"confirm pid={frontEndPid} cookie={request.Cookie} request={request.RequestId}");
        lock (_usedCookies)
        {
            if (!_usedCookies.Add(request.Cookie))
                return new(UserAnswer.Unknown);
        }
        return new(Users.GetValueOrDefault(request.Cookie, UserAnswer.Unknown));
    }

    public ValueTask<UserAnswer> FindAsync(string user, CancellationToken stop) => new(Users.GetValueOrDefault(user, UserAnswer.Unknown));

    public void AddUser(string name, uint? uid = null, uint gid = 5000, string? mail = null) =>
        Users[name] = new(UserStatus.Found, name, uid ?? MailUid, gid, $"/home/{name}", mail);

    public bool IsEnabled(LogLevel logLevel) => true;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Lines.Enqueue($"{logLevel}: {formatter(state, exception)}");

    public async ValueTask DisposeAsync()
    {
        await _supervisor.StopAsync();
        _supervisor.Dispose();
        _directory.Dispose();
    }
}
