using System.Buffers.Binary;
using System.Diagnostics;
using System.Text;
using Sasl.Hosting.Unix;
using Testing;

namespace Sasl.Credentials.Tests.Saslauthd;

/// <summary>
/// Debian's saslauthd and ours beside each other: the same bytes in, the same answer out, on real system accounts. Where ours answers
/// otherwise the row says so.
/// </summary>
public sealed class DifferentialTests : IAsyncLifetime
{
    const string TheirClient = "/usr/sbin/testsaslauthd", TheirDaemon = "/usr/sbin/saslauthd";

    readonly TemporaryDirectory _directory = new();
    ThrowawayAccount? _good, _locked, _expired, _aged;
    RunningDaemon? _ours;
    Process? _theirs;

    public async Task InitializeAsync()
    {
        if (!Identity.IsRoot || !File.Exists(TheirDaemon))
            return;
        _good = await ThrowawayAccount.CreateAsync("geheim");
        _locked = await ThrowawayAccount.CreateAsync("geheim");
        await _locked.UsermodAsync("-L");
        _expired = await ThrowawayAccount.CreateAsync("geheim");
        await _expired.ChageAsync("-E", "1");
        _aged = await ThrowawayAccount.CreateAsync("geheim");
        await _aged.ChageAsync("-d", "1000", "-M", "30");
        _ours = await RunningDaemon.StartAsync(_directory["ours"], "-a", "shadow");
        Directory.CreateDirectory(_directory["theirs"]);
        // A session of its own: it signals the whole process group of its caller when it ends.
        _theirs = Process.Start(new ProcessStartInfo("/usr/bin/setsid", [TheirDaemon, "-d", "-n", "4", "-a", "shadow", "-m", _directory["theirs"]]) { RedirectStandardError = true })!;
        _theirs.ErrorDataReceived += (_, _) => { };
        _theirs.BeginErrorReadLine();
        await Eventually.TrueAsync(() => File.Exists(_directory["theirs/mux"]), "Debian's saslauthd listens");
    }

    public async Task DisposeAsync()
    {
        if (_theirs is not null)
        {
            await Command.RunAsync("/bin/kill", ["-KILL", "--", $"-{_theirs.Id}"]);
            await _theirs.WaitForExitAsync();
            _theirs.Dispose();
        }
        if (_ours is not null)
            await _ours.DisposeAsync();
        foreach (var account in new[] { _good, _locked, _expired, _aged })
        {
            if (account is not null)
                await account.DisposeAsync();
        }
        _directory.Dispose();
    }

    [RequiresFact(root: true, program: TheirDaemon)]
    public async Task The_same_requests_get_the_same_replies()
    {
        var (user, long256, long257) = (_good!.Name, new string('x', 256), new string('x', 257));
        (string What, byte[] Request, string Theirs, string Ours)[] rows =
        [
            Same("right", Bytes(user, "geheim", "imap", ""), "OK"),
            Same("no service", Bytes(user, "geheim", "", ""), "OK"),
            Same("a realm, which shadow ignores", Bytes(user, "geheim", "smtp", "example.com"), "OK"),
            Same("more after the fourth field", [.. Bytes(user, "geheim", "smtp", ""), .. Bytes("192.0.2.7;4711"), .. Bytes("and more")], "OK"),
            // Who may not come in learns only then why, when he knows the password.
            Other("wrong", Bytes(user, "falsch", "imap", ""), "NO Incorrect password", "NO authentication failed"),
            Other("unknown", Bytes("no-such-user-here", "falsch", "imap", ""), "NO Invalid username", "NO authentication failed"),
            Other("longest login", Bytes(long256, "falsch", "imap", ""), "NO Invalid username", "NO authentication failed"),
            Other("longest password", Bytes(user, long256, "imap", ""), "NO Incorrect password", "NO authentication failed"),
            Other("longest service and realm", Bytes(user, "falsch", long256, long256), "NO Incorrect password", "NO authentication failed"),
            Other("locked", Bytes(_locked!.Name, "geheim", "imap", ""), "NO Incorrect password", "NO authentication failed"),
            Same("account expired", Bytes(_expired!.Name, "geheim", "imap", ""), "NO Account expired"),
            Other("account expired, wrong", Bytes(_expired.Name, "falsch", "imap", ""), "NO Incorrect password", "NO authentication failed"),
            Same("password expired", Bytes(_aged!.Name, "geheim", "imap", ""), "NO Password expired"),
            Same("empty login", Bytes("", "geheim", "imap", ""), "NO NULL login received"),
            Same("empty password", Bytes(user, "", "imap", ""), "NO NULL password received"),
            Same("both empty", Bytes("", "", "", ""), "NO NULL login received"),
            Same("over-long login", Bytes(long257, "geheim", "imap", ""), "NO "),
            Other("over-long password for Cyrus, and wrong", Bytes(user, long257, "imap", ""), "NO ", "NO authentication failed"),
            Same("over-long service", Bytes(user, "geheim", long257, ""), "NO "),
            Same("over-long realm", Bytes(user, "geheim", "imap", long257), "NO "),
            // What Cyrus lets in after cutting it at the NUL.
            Other("NUL in the login", Bytes($"{user}\0x", "geheim", "imap", ""), "OK", "NO "),
            Other("NUL in the password", Bytes(user, "geheim\0x", "imap", ""), "OK", "NO "),
        ];
        foreach (var (what, request, theirs, ours) in rows)
        {
            Assert.Equal($"{what}: {theirs}", $"{what}: {await AskAsync("theirs", request)}");
            Assert.Equal($"{what}: {ours}", $"{what}: {await AskAsync("ours", request)}");
        }
    }

    [RequiresFact(root: true, program: TheirClient)]
    public async Task The_two_clients_say_and_return_the_same_of_both_daemons()
    {
        string[][] rows =
        [
            ["-u", _good!.Name, "-p", "geheim"],
            ["-u", _good.Name, "-p", "geheim", "-s", "smtp", "-r", "example.com", "-R", "3"],
            ["-u", _good.Name, "-p", "falsch"],
            ["-u", _good.Name, "-p", "falsch", "-R", "2x"],
            ["-u", "no-such-user-here", "-p", "x"],
            ["-u", _expired!.Name, "-p", "geheim"],
            ["-u", _good.Name, "-p", ""],
            ["-u", "", "-p", "x"],
            ["-u", new string('x', 300), "-p", "x"],
            ["-u", _good.Name, "-p", "geheim", "-R", "0"],
            ["-u", _good.Name, "-p", "geheim", "-R", "-1"],
            ["-u", _good.Name, "-p", "falsch", "-u", _good.Name, "-p", "geheim"],
            ["-u", _good.Name, "-p", "geheim", "an", "operand"],
        ];
        foreach (var row in rows)
        {
            foreach (var daemon in new[] { "theirs", "ours" })
            {
                string[] arguments = ["-f", _directory[$"{daemon}/mux"], .. row];
                var expected = await Command.RunAsync(TheirClient, arguments);
                Assert.Equal((daemon, string.Join(' ', row), expected), (daemon, string.Join(' ', row), await Command.RunAsync(Command.Ours("testsaslauthd"), arguments)));
            }
        }
    }

    // Either lock keeps the other's daemon away: nobody can take the clients of a running one.
    [RequiresFact(root: true, program: TheirDaemon)]
    public async Task Either_daemon_ends_with_2_where_the_other_one_runs()
    {
        var theirs = await Command.RunAsync(TheirDaemon, ["-n", "1", "-a", "shadow", "-m", _directory["ours"]]);
        Assert.Equal(2, theirs.ExitCode);
        Assert.Equal("OK", await AskAsync("ours", Bytes(_good!.Name, "geheim", "imap", "")));
        Directory.CreateDirectory(_directory["third"]);
        Assert.Equal(0, (await Command.RunAsync(TheirDaemon, ["-n", "1", "-a", "shadow", "-m", _directory["third"]])).ExitCode);
        var pid = (await File.ReadAllTextAsync(_directory["third/saslauthd.pid"])).Trim();
        try
        {
            var ours = await Command.OursAsync("saslauthd", "-a", "shadow", "-m", _directory["third"]);
            Assert.Equal(2, ours.ExitCode);
            Assert.Contains("Another instance of saslauthd is currently running", ours.Error);
        }
        finally
        {
            await Command.RunAsync("/bin/kill", ["-KILL", pid]);
        }
    }

    static (string, byte[], string, string) Same(string what, byte[] request, string reply) => (what, request, reply, reply);

    static (string, byte[], string, string) Other(string what, byte[] request, string theirs, string ours) => (what, request, theirs, ours);

    static byte[] Bytes(params string[] fields) => [.. fields.SelectMany(field =>
    {
        var bytes = new byte[2 + field.Length];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)field.Length);
        Encoding.ASCII.GetBytes(field, bytes.AsSpan(2));
        return bytes;
    })];

    /// <summary>The reply's text; the length before it is checked.</summary>
    async Task<string> AskAsync(string daemon, byte[] request)
    {
        using var socket = await UnixSockets.ConnectAsync(_directory[$"{daemon}/mux"], CancellationToken.None);
        await socket.SendAsync(request);
        var buffer = new byte[2000];
        var count = 0;
        while (await socket.ReceiveAsync(buffer.AsMemory(count)).AsTask().WaitAsync(TimeSpan.FromSeconds(30)) is var more and > 0)
            count += more;
        Assert.Equal(count - 2, BinaryPrimitives.ReadUInt16BigEndian(buffer));
        return Encoding.ASCII.GetString(buffer, 2, count - 2);
    }
}
