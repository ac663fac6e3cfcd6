using System.Diagnostics;
using Sasl.Hosting.Unix;

namespace Testing;

/// <summary>Debian's PostgreSQL with a cluster, a port and a socket of its own, as another user when the test is root: it does not run as root.</summary>
public sealed class RunningPostgres : IAsyncDisposable
{
    public const string Program = "/usr/lib/postgresql/15/bin/postgres";

    const string Bin = "/usr/lib/postgresql/15/bin";

    readonly TemporaryDirectory _directory = new();

    RunningPostgres(int port) => Port = port;

    public int Port { get; }

    /// <summary>Where its socket is.</summary>
    public string Sockets => _directory.Path;

    public string Log => File.Exists(_directory["log"]) ? File.ReadAllText(_directory["log"]) : "";

    int MainPid => int.Parse(File.ReadLines(_directory["data/postmaster.pid"]).First());

    /// <summary>A cluster in which a role needs its password (SCRAM-SHA-256) over TCP, and nobody one on the socket.</summary>
    public static async Task<RunningPostgres> StartAsync(params string[] sql)
    {
        var postgres = new RunningPostgres(RunningPostfix.FreePort());
        if (Identity.IsRoot)
        {
            var owner = Accounts.Find("postgres")!;
            Files.ChangeOwner(postgres._directory.Path, owner.Uid, owner.Gid);
        }
        await postgres.RunAsync($"{Bin}/initdb", "-D", postgres._directory["data"], "-U", "owner", "--auth=trust", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8", "--no-instructions");
        await File.AppendAllTextAsync(postgres._directory["data/postgresql.conf"], $"""

            port = {postgres.Port}
            listen_addresses = '127.0.0.1'
            unix_socket_directories = '{postgres._directory.Path}'
            fsync = off
            shared_buffers = 8MB
            password_encryption = scram-sha-256
            """ + "\n");
        await File.WriteAllTextAsync(postgres._directory["data/pg_hba.conf"], "local all all trust\nhost all all 127.0.0.1/32 scram-sha-256\n");
        await postgres.StartAgainAsync();
        foreach (var statement in sql)
            await postgres.ExecuteAsync(statement);
        return postgres;
    }

    public Task StartAgainAsync() => RunAsync($"{Bin}/pg_ctl", "-D", _directory["data"], "-l", _directory["log"], "-w", "-s", "start");

    /// <summary>At once and without good-bye, as after a power cut.</summary>
    public Task KillAsync() => RunAsync($"{Bin}/pg_ctl", "-D", _directory["data"], "-m", "immediate", "-w", "-s", "stop");

    /// <summary>All of its processes stand still, or go on: it takes connections and answers nothing.</summary>
    public async Task FreezeAsync(bool isFrozen)
    {
        var main = MainPid;
        using var children = Process.Start(new ProcessStartInfo("ps", ["--ppid", $"{main}", "-o", "pid="]) { RedirectStandardOutput = true })!;
        var pids = (await children.StandardOutput.ReadToEndAsync()).Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        await RunningPostfix.RunAsync("kill", [isFrozen ? "-STOP" : "-CONT", $"{main}", .. pids]);
    }

    public Task ExecuteAsync(string sql) => RunAsync($"{Bin}/psql", "-h", Sockets, "-p", $"{Port}", "-U", "owner", "-d", "postgres", "-q", "-v", "ON_ERROR_STOP=1", "-c", sql);

    public async ValueTask DisposeAsync()
    {
        if (File.Exists(_directory["data/postmaster.pid"]))
            await KillAsync();
        _directory.Dispose();
    }

    Task RunAsync(string program, params string[] arguments) =>
        Identity.IsRoot ? RunningPostfix.RunAsync("setpriv", ["--reuid=postgres", "--regid=postgres", "--init-groups", program, .. arguments]) : RunningPostfix.RunAsync(program, arguments);
}
