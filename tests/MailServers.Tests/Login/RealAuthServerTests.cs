using System.Diagnostics;
using System.Net.Sockets;
using MailServers.Login;
using MailServers.Login.Imap;
using Sasl.Hosting.Unix;
using Sasl.Protocols.DovecotAuth;
using Sasl.Protocols.Supervision;
using Testing;

namespace MailServers.Tests.Login;

/// <summary>
/// The house's own auth server as a process, with its secrets database. The supervisor's part is played by the test: it has the auth
/// server confirm each hand-off on the master socket, as the real one does.
/// </summary>
public sealed class RealAuthServerTests : IAsyncLifetime
{
    readonly TemporaryDirectory _directory = new();
    Process _server = null!;

    static string Program(string name) =>
        Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, $"../../../../../src/{name}/bin/{new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name}/net10.0/{name}.dll"));

    static Process Start(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardInput = true };
        foreach (var argument in (string[])[Program(program), .. arguments])
            start.ArgumentList.Add(argument);
        return Process.Start(start)!;
    }

    public async Task InitializeAsync()
    {
        var (database, nobody) = (_directory["secrets.db"], Accounts.Find("nobody")!);
        using (var add = Start("mailctl", "user", "-f", database, "add", "alice"))
        {
            await add.StandardInput.WriteAsync("secret\nsecret\n");
            add.StandardInput.Close();
            await add.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));
            Assert.Equal(0, add.ExitCode);
        }
        await File.WriteAllTextAsync(_directory["dovecot.conf"], $$"""
            auth_mechanisms = plain login
            auth_failure_delay = 0
            auth_state_dir = {{_directory["state"]}}
            ssl = no
            passdb {
              driver = sasldb
              args = {{database}}
            }
            userdb {
              driver = static
              args = uid=1234 gid=1234 home=/home/%u
            }
            """);
        if (Identity.IsRoot)
        {
            File.SetUnixFileMode(_directory.Path, (UnixFileMode)0x1C9);
            Files.ChangeOwner(database, nobody.Uid, nobody.Gid);
        }
        _server = Start("authserver", "-c", _directory.Path, "-u", "nobody", "--listen", $"login:{_directory["client"]}:666", "--listen", $"master:{_directory["master"]}:666");
        await Eventually.TrueAsync(() => File.Exists(_directory["master"]) || _server.HasExited, "the auth server listens", TimeSpan.FromSeconds(60));
        Assert.False(_server.HasExited);
    }

    public async Task DisposeAsync()
    {
        _server.Kill();
        await _server.WaitForExitAsync();
        _server.Dispose();
        _directory.Dispose();
    }

    [Theory]
    [InlineData("C: a LOGIN alice secret")]
    [InlineData("C: a AUTHENTICATE PLAIN AGFsaWNlAHNlY3JldA==")]
    [InlineData("C: a AUTHENTICATE PLAIN\nS: + \nC: AGFsaWNlAHNlY3JldA==")]
    [InlineData("C: a AUTHENTICATE LOGIN\nS: + VXNlcm5hbWU6\nC: YWxpY2U=\nS: + UGFzc3dvcmQ6\nC: c2VjcmV0")]
    [InlineData("C: x LOGIN alice wrong\nS: x NO [AUTHENTICATIONFAILED] *\nC: a LOGIN alice secret")]
    public async Task A_login_is_confirmed_by_the_reference_alone(string way)
    {
        await using var master = new AuthMasterClient(AuthAddress.TryParse(_directory["master"])!);
        await using var client = new AuthClient(AuthAddress.TryParse(_directory["client"])!);
        var confirmed = new TaskCompletionSource<(UserdbAnswer First, UserdbStatus Second)>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var supervisor = new SupervisorStub(_directory["supervisor"], async (request, socket) =>
        {
            var first = await master.RequestAsync(Environment.ProcessId, request.RequestId, request.Cookie, default);
            var second = await master.RequestAsync(Environment.ProcessId, request.RequestId, request.Cookie, default);
            confirmed.SetResult((first, second.Status));
            await SupervisorStub.EchoAsync(request, socket);
        });
        using var child = await supervisor.ConnectAsync();
        var frames = child.RunAsync();
        var log = new LogLines();
        var server = new LoginServer(new LoginHost(new ImapDialect(), LoginHouse.Open, null, client, child, log));
        await Dialogue.PlayAsync((socket, stop) => server.ServeAsync(socket, LoginHouse.Stranger, false, stop),
            $"S: * OK [CAPABILITY * AUTH=PLAIN AUTH=LOGIN] Ready.\n{way}\nS: a OK Logged in\nC: bye\nS: worker: bye\nS: [closed]", Pace.ByLine);
        var (firstAnswer, secondStatus) = await confirmed.Task.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal((UserdbStatus.Found, "alice", 1234u), (firstAnswer.Status, firstAnswer.User, firstAnswer.Uid!.Value));
        Assert.NotEqual(UserdbStatus.Found, secondStatus);
        Assert.StartsWith("Login: user=<alice>", Assert.Single(log.All));
    }
}
