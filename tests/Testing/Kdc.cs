using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Testing;

/// <summary>
/// A real MIT Kerberos KDC on a loopback port, with a database, a krb5.conf and a replay cache of its own: nothing of the machine's Kerberos
/// is read or written. Programs find it by <see cref="Environment"/>; the libkrb5 of a test's own process by <see cref="UseInThisProcess"/>.
/// </summary>
public sealed class Kdc : IAsyncDisposable
{
    /// <summary>A realm that every krb5.conf has, and whose KDC never answers.</summary>
    public const string UnreachableRealm = "NOWHERE.LOCAL";

    const string Tools = "/usr/sbin/";
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    readonly TemporaryDirectory _directory = new();
    readonly string[] _realms;
    readonly int _port = FreePort();
    Process? _server;

    Kdc(string[] realms) => _realms = realms;

    /// <summary>The default realm of this KDC's krb5.conf.</summary>
    public string Realm => _realms[0];

    public string Configuration => _directory["krb5.conf"];

    /// <summary>A name in the KDC's own directory, for a keytab or a credential cache.</summary>
    public string this[string file] => _directory[file];

    /// <param name="realms">The default realm first. Each trusts every other.</param>
    public static async Task<Kdc> StartAsync(params string[] realms)
    {
        var kdc = new Kdc(realms);
        try
        {
            await kdc.MakeDatabasesAsync();
            await kdc.ServeAsync();
            return kdc;
        }
        catch
        {
            await kdc.DisposeAsync();
            throw;
        }
    }

    /// <param name="principal">"alice", or "carol@OTHER.LOCAL" for another realm than the first.</param>
    public Task AddUserAsync(string principal, string password) => AdministerAsync(principal, "addprinc", "-pw", password, principal);

    /// <summary>A service ("imap/localhost") with a random key, which is added to a keytab.</summary>
    public async Task AddServiceAsync(string principal, string keytab)
    {
        await AdministerAsync(principal, "addprinc", "-randkey", principal);
        await AddKeyAsync(principal, keytab);
    }

    /// <summary>Gives a service a new key, which only this keytab gets: what older keytabs hold of it is then too old.</summary>
    public Task AddKeyAsync(string principal, string keytab) => AdministerAsync(principal, "ktadd", "-k", keytab, principal);

    /// <summary>Any other command of kadmin.local.</summary>
    public Task AdministerAsync(string principal, params string[] command) =>
        RunAsync($"{Tools}kadmin.local", ["-r", _realms.FirstOrDefault(realm => principal.EndsWith($"@{realm}", StringComparison.Ordinal), Realm), .. command]);

    /// <summary>Gets a ticket for a user into a credential cache; returns the cache's name.</summary>
    /// <param name="options">More arguments of kinit(1), as "-l", "1s".</param>
    public async Task<string> TicketAsync(string principal, string password, string cache, params string[] options)
    {
        var name = $"FILE:{_directory[cache]}";
        await RunAsync("/usr/bin/kinit", ["-c", name, .. options, principal], password + "\n");
        return name;
    }

    /// <summary>What a child needs in its environment to use this KDC, and nothing else of the machine's.</summary>
    public Dictionary<string, string> Environment(string? cache = null, string? keytab = null) => new()
    {
        ["KRB5_CONFIG"] = Configuration,
        ["KRB5_KDC_PROFILE"] = _directory["kdc.conf"],
        ["KRB5CCNAME"] = cache ?? $"FILE:{_directory["no-tickets"]}",
        ["KRB5_KTNAME"] = $"FILE:{keytab ?? _directory["no-keys"]}",
    };

    /// <summary>Every later call of libkrb5 in this process uses this KDC. A process has one environment: one KDC at a time.</summary>
    public void UseInThisProcess(string? cache = null, string? keytab = null)
    {
        foreach (var (name, value) in Environment(cache, keytab))
            NativeEnvironment.Set(name, value);
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is { } server)
        {
            if (!server.HasExited)
                server.Kill();
            await server.WaitForExitAsync();
            server.Dispose();
        }
        _directory.Dispose();
    }

    async Task MakeDatabasesAsync()
    {
        await File.WriteAllTextAsync(Configuration, KdcFiles.Library(_directory.Path, _realms, _port));
        await File.WriteAllTextAsync(_directory["kdc.conf"], KdcFiles.Server(_directory.Path, _realms, _port));
        foreach (var realm in _realms)
            await RunAsync($"{Tools}kdb5_util", ["create", "-s", "-r", realm, "-P", "master"]);
        foreach (var (from, to) in _realms.SelectMany(from => _realms.Where(to => to != from).Select(to => (from, to))))
        {
            // The same key in both realms: it is the trust.
            foreach (var realm in new[] { from, to })
                await RunAsync($"{Tools}kadmin.local", ["-r", realm, "addprinc", "-pw", $"{from} trusts {to}", $"krbtgt/{to}@{from}"]);
        }
    }

    async Task ServeAsync()
    {
        _server = Start($"{Tools}krb5kdc", ["-n", .. _realms.SelectMany(realm => new[] { "-r", realm })]);
        await Eventually.TrueAsync(async () =>
        {
            if (_server.HasExited)
                throw new InvalidOperationException($"krb5kdc ended with {_server.ExitCode}: {Log()}");
            using var client = new TcpClient();
            try
            {
                await client.ConnectAsync(IPAddress.Loopback, _port);
                return true;
            }
            catch (SocketException)
            {
                return false;
            }
        }, "the KDC answers", Patience, Log);
    }

    string Log() => File.Exists(_directory["kdc.log"]) ? File.ReadAllText(_directory["kdc.log"]) : "";

    static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    async Task RunAsync(string program, string[] arguments, string input = "")
    {
        using var process = Start(program, arguments);
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var said = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync()).WaitAsync(Patience);
        await process.WaitForExitAsync().WaitAsync(Patience);
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}: {string.Join('\n', said)}");
    }

    Process Start(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in Environment())
            start.Environment[name] = value;
        return Process.Start(start)!;
    }
}
