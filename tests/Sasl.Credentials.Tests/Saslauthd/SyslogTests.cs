using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using Sasl.Credentials.Sources;
using Testing;

namespace Sasl.Credentials.Tests.Saslauthd;

/// <summary>What reaches syslog: the daemon is run where /dev/log is the test's own socket.</summary>
public sealed class SyslogTests : IDisposable
{
    readonly TemporaryDirectory _directory = new();

    [RequiresFact(root: true, mounts: true)]
    public async Task The_facility_is_that_of_log_facility_and_successes_are_told_when_that_is_wanted()
    {
        await using var machine = await StartAsync("log_facility: local3\nlog_success: yes\n");
        await AskAsync("geheim", "bob");
        await AskAsync("falsch", "bob", "-a", "192.0.2.7;25");
        // local3 is 19: 19 * 8 + 6 for info.
        await machine.HeardAsync("<158>", ": do_auth         : auth success: [user=bob] [service=imap] [realm=] [mech=sasldb]");
        await machine.HeardAsync("<158>", ": do_auth         : auth failure: [user=bob] [service=imap] [realm=] [remote=192.0.2.7;25] [mech=sasldb] [reason=Incorrect password]");
        Assert.All(machine.Lines, l => Assert.Matches("^<15[0-9]>", l));
    }

    [RequiresFact(root: true, mounts: true)]
    public async Task The_facility_is_auth_and_successes_are_silent_as_with_Cyrus()
    {
        await using var machine = await StartAsync("");
        await AskAsync("geheim", "bob");
        await AskAsync("falsch", "bob");
        await machine.HeardAsync("<38>", ": do_auth         : auth failure: [user=bob] [service=imap] [realm=] [mech=sasldb] [reason=Incorrect password]");
        Assert.DoesNotContain(machine.Lines, l => l.Contains("success"));
    }

    [RequiresFact(root: true, mounts: true)]
    public async Task Log_injection_a_login_with_line_ends_is_one_datagram_of_one_line()
    {
        await using var machine = await StartAsync("");
        const string Forged = "bob\nNov 26 00:00:00 host saslauthd[1]: do_auth         : auth success: [user=root";
        await AskAsync("x", Forged);
        await machine.HeardAsync("<38>", "[mech=none] [reason=Invalid username]");
        Assert.All(machine.Lines, l => Assert.DoesNotContain('\n', l));
        Assert.Contains(machine.Lines, l => l.Contains("[user=bob?Nov 26 00:00:00 host saslauthd?1?: do_auth         : auth success: ?user=root]"));
    }

    async Task<Machine> StartAsync(string configuration)
    {
        var database = new Sasldb(_directory["secrets.db"]);
        database.Create();
        database.TryAdd("bob", "", "{PLAIN}geheim");
        await File.WriteAllTextAsync(_directory["conf"], configuration);
        var machine = new Machine(_directory, Command.Ours("saslauthd"),
            ["--config", _directory["conf"], "-f", "-m", _directory["run"], "-a", "sasldb", "-O", _directory["secrets.db"]]);
        await Eventually.TrueAsync(() => File.Exists(_directory["run/mux"]), "it listens");
        return machine;
    }

    async Task AskAsync(string password, string user, params string[] more) =>
        await Command.RunAsync(Command.Ours("testsaslauthd"), ["-u", user, "-p", password, "-f", _directory["run/mux"], .. more]);

    public void Dispose() => _directory.Dispose();

    /// <summary>A /dev of its own, with the test's syslog in it.</summary>
    sealed class Machine : IAsyncDisposable
    {
        const string Mounts = "mount -t tmpfs none \"$0\" && cp -a /dev/null /dev/zero /dev/random /dev/urandom /dev/tty \"$0\" && ln -s \"$1\" \"$0/log\" && mount --move \"$0\" /dev && shift && exec \"$@\"";

        readonly Socket _syslog = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        readonly List<string> _lines = [];
        readonly Process _process;

        public Machine(TemporaryDirectory directory, string program, string[] arguments)
        {
            _syslog.Bind(new UnixDomainSocketEndPoint(directory["log"]));
            _ = ListenAsync();
            Directory.CreateDirectory(directory["dev"]);
            _process = Process.Start(new ProcessStartInfo("unshare", ["-m", "/bin/sh", "-c", Mounts, directory["dev"], directory["log"], program, .. arguments]) { RedirectStandardError = true })!;
        }

        public string[] Lines
        {
            get
            {
                lock (_lines)
                    return [.. _lines];
            }
        }

        public Task HeardAsync(string beginning, string end) => Eventually.TrueAsync(() => Lines.Any(l => l.StartsWith(beginning) && l.EndsWith(end)), $"{beginning}…{end}");

        public async ValueTask DisposeAsync()
        {
            await Command.RunAsync("/bin/kill", [$"{_process.Id}"]);
            await _process.WaitForExitAsync();
            _process.Dispose();
            _syslog.Dispose();
        }

        async Task ListenAsync()
        {
            var buffer = new byte[8192];
            try
            {
                while (true)
                {
                    var line = Encoding.UTF8.GetString(buffer, 0, await _syslog.ReceiveAsync(buffer));
                    lock (_lines)
                        _lines.Add(line);
                }
            }
            catch (Exception over) when (over is SocketException or ObjectDisposedException)
            {
                // The end of the test.
            }
        }
    }
}
