using System.Text;
using Interop.Tests.Wire;
using Sasl.Mechanisms;
using Testing;

namespace Interop.Tests.Peers;

/// <summary>Debian's PostgreSQL with TLS. It keeps the keys that we derived, and checks our channel bindings.</summary>
sealed class PostgresServer : ServerPeer
{
    public static readonly PostgresServer Instance = new();

    static readonly Lazy<Task<int>> _port = new(() => Task.Run(StartAsync));

    public override string Name => "PostgreSQL";

    public override string Evidence => "AuthenticationSASL over TLS";

    /// <summary>It refuses every authorization identity.</summary>
    public override bool HasAuthorizationIds => false;

    protected override async Task<string> AskVersionAsync() => (await LineProgram.RunAsync(Programs() + "/postgres", "--version")).Split(' ')[2];

    protected override async Task<IReadOnlySet<string>> AskMechanismsAsync()
    {
        await using var connection = await PostgresConnection.ConnectAsync(await _port.Value, "alice");
        return connection.Mechanisms.ToHashSet();
    }

    // The user of the protocol, not the mechanism's, is who is looked up.
    public override async Task<IServerDialogue> StartAsync(Login login) => await PostgresConnection.ConnectAsync(await _port.Value, login.User);

    static string Programs() => Directory.GetDirectories("/usr/lib/postgresql").Max() + "/bin";

    static async Task<int> StartAsync()
    {
        var directory = Daemon.MakeDirectory();
        var port = RunningPostfix.FreePort();
        await Certificates.WriteAsync(Certificates.Server, $"{directory}/mail.pem");
        var secret = ScramSecret.Derive(ScramHash.Of("SCRAM-SHA-256")!, Encoding.UTF8.GetBytes(Login.Right), "salt-salt-salt-s"u8.ToArray(), 4096);
        await File.WriteAllTextAsync($"{directory}/setup.sql", $"CREATE ROLE alice LOGIN PASSWORD '{ScramSecretText.Format(secret, ScramForm.Rfc5803)}';\n");
        await File.WriteAllTextAsync($"{directory}/postgresql.conf", $"""
            listen_addresses = '127.0.0.1'
            port = {port}
            unix_socket_directories = ''
            ssl = on
            ssl_cert_file = '{directory}/mail.pem'
            ssl_key_file = '{directory}/mail.pem'
            hba_file = '{directory}/hba'
            fsync = off

            """);
        await File.WriteAllTextAsync($"{directory}/hba", "hostssl all all 127.0.0.1/32 scram-sha-256\n");
        await LineProgram.RunAsync("chown", "postgres", directory, $"{directory}/mail.pem");
        await LineProgram.RunAsync("chmod", "600", $"{directory}/mail.pem");
        string[] asPostgres = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"];
        var made = await LineProgram.RunAsync("sh", "-c", $"""
            {string.Join(' ', asPostgres)} {Programs()}/initdb -D {directory}/data -U postgres -A trust --no-sync --locale=C -E UTF8 2>&1 &&
            {string.Join(' ', asPostgres)} {Programs()}/postgres --single -j -D {directory}/data postgres <{directory}/setup.sql 2>&1
            """);
        Assert.DoesNotContain("ERROR", made);
        var daemon = new Daemon(directory, [.. asPostgres, $"{Programs()}/postgres", "-D", $"{directory}/data", $"--config-file={directory}/postgresql.conf"]);
        // It listens before it is ready.
        await Eventually.TrueAsync(() => daemon.Log.Contains("ready to accept connections", StringComparison.Ordinal), "PostgreSQL is ready", TimeSpan.FromSeconds(60), () => daemon.Log);
        return port;
    }
}
