using System.Diagnostics;
using System.Text;
using Sasl.Credentials.Sources;
using Sasl.Hosting.Unix;
using Testing;

namespace AuthServer.Tests.Peers;

/// <summary>The program itself in its own process, with a dovecot.conf as an administrator writes it: alice and her password, one uid for all.</summary>
sealed class RunningServer : IAsyncDisposable
{
    readonly TemporaryDirectory _directory = new();
    readonly StringBuilder _log = new();
    readonly string[] _arguments;
    Process? _process;

    /// <param name="passdb">The passdb block; null for the secrets database.</param>
    /// <param name="arguments">More of the command line; "{dir}" is the test's directory.</param>
    public RunningServer(string? passdb = null, params string[] arguments)
    {
        File.SetUnixFileMode(_directory.Path, (UnixFileMode)0x1ED);
        Directory.CreateDirectory(_directory["s"]);
        var secrets = new Sasldb(_directory["secrets.db"]);
        secrets.Create();
        secrets.Set("alice", "", Sasldb.PasswordKind, "{PLAIN}" + TestServer.Password);
        if (Identity.IsRoot)
            Files.ChangeOwner(secrets.Path, Accounts.Find("nobody")!.Uid, Accounts.Find("nobody")!.Gid);
        File.WriteAllText(_directory["dovecot.conf"], $$"""
            protocols =
            ssl = no
            base_dir = {{_directory["s"]}}
            auth_state_dir = {{_directory["state"]}}
            auth_mechanisms = plain login
            auth_verbose = yes
            auth_debug = yes
            auth_failure_delay = 0
            {{passdb?.Replace("{dir}", _directory.Path) ?? $"passdb {{\n  driver = sasldb\n  args = {secrets.Path}\n}}"}}
            userdb {
              driver = static
              args = uid=1234 gid=1235 home={{_directory.Path}}/home/%u allow_all_users=yes
            }
            """);
        _arguments = ["-c", _directory.Path, "-u", "nobody", .. arguments.Select(a => a.Replace("{dir}", _directory.Path))];
    }

    public string this[string name] => _directory[name];

    public string ClientSocket => _directory["s/auth-client"];

    public string UserdbSocket => _directory["s/auth-userdb"];

    public int Pid => _process!.Id;

    public string Log
    {
        get
        {
            lock (_log)
                return _log.ToString();
        }
    }

    /// <summary>The log, once it has these words in it.</summary>
    public async Task<string> SaysAsync(string words)
    {
        await Eventually.TrueAsync(() => Log.Contains(words), $"the log says {words}", TimeSpan.FromSeconds(30));
        return Log;
    }

    public static async Task<RunningServer> StartedAsync(string? passdb = null)
    {
        var server = new RunningServer(passdb);
        await server.StartAsync();
        return server;
    }

    public async Task StartAsync()
    {
        var before = Log.Length;
        _process = Process.Start(new ProcessStartInfo("dotnet", [typeof(AuthServerLog).Assembly.Location, .. _arguments]) { RedirectStandardError = true })!;
        _process.ErrorDataReceived += (_, line) => Add(line.Data);
        _process.BeginErrorReadLine();
        await Eventually.TrueAsync(() => _process.HasExited || Log[before..].Contains("auth server ready"), "the auth server is ready", TimeSpan.FromSeconds(60));
        Assert.False(_process.HasExited, Log);
        // A real Postfix and Exim come with identities of their own.
        if (Identity.IsRoot && File.Exists(ClientSocket))
            Files.ChangeMode(ClientSocket, 0x1B6);
    }

    /// <summary>Replaces text in dovecot.conf; the text must be there.</summary>
    public void Configure(string old, string @new)
    {
        var text = File.ReadAllText(this["dovecot.conf"]);
        Assert.Contains(old, text);
        File.WriteAllText(this["dovecot.conf"], text.Replace(old, @new));
    }

    /// <summary>Writes dovecot.conf, sends SIGHUP and waits for a line of the log.</summary>
    public async Task HangUpAsync(string configuration, string said)
    {
        var before = Log.Length;
        File.WriteAllText(this["dovecot.conf"], configuration);
        Process.Start("/bin/kill", ["-HUP", Pid.ToString()]).WaitForExit();
        await Eventually.TrueAsync(() => Log[before..].Contains(said), said, TimeSpan.FromSeconds(30));
    }

    public async Task StopAsync()
    {
        Process.Start("/bin/kill", [_process!.Id.ToString()]).WaitForExit();
        await _process.WaitForExitAsync();
        Assert.Equal(0, _process.ExitCode);
        _process.Dispose();
        _process = null;
    }

    /// <summary>kill -9: it has no time for last words.</summary>
    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
            await StopAsync();
        _directory.Dispose();
    }

    void Add(string? line)
    {
        lock (_log)
            _log.AppendLine(line);
    }
}
