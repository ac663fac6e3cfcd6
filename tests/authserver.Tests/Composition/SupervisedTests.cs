using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using Sasl.Credentials.Sources;
using Sasl.Hosting.Configuration;
using Sasl.Hosting.Unix;
using Sasl.Protocols.DovecotAuth;
using Sasl.Protocols.Supervision;
using Testing;

namespace AuthServer.Tests.Composition;

/// <summary>The program as a child: this test is its supervisor.</summary>
public sealed class SupervisedTests
{
    [Fact]
    public async Task It_takes_its_sockets_and_settings_from_the_supervisor_and_ends_when_told()
    {
        using var directory = new TemporaryDirectory();
        File.SetUnixFileMode(directory.Path, (UnixFileMode)0x1FF);
        var secrets = new Sasldb(directory["secrets.db"]);
        secrets.Create();
        secrets.Set("alice", "", Sasldb.PasswordKind, "{PLAIN}wonderland");
        var nobody = Accounts.Find("nobody")!;
        if (Identity.IsRoot)
            Files.ChangeOwner(secrets.Path, nobody.Uid, nobody.Gid);
        using var channelListener = UnixSockets.Listen(directory["channel"], 0x1B6, type: SocketType.Seqpacket);
        var child = new ChildArguments("auth", directory["channel"], Sasl.Hosting.Logging.LogTarget.StandardError,
            Identity.IsRoot ? nobody.Uid : null, Identity.IsRoot ? nobody.Gid : null, []);
        using var process = Process.Start(new ProcessStartInfo("dotnet", [typeof(AuthServerLog).Assembly.Location, .. child.ToArguments()]) { RedirectStandardError = true })!;
        using var channel = new SupervisionChannel(await channelListener.AcceptAsync());
        Assert.Equal((process.Id, Identity.IsRoot ? nobody.Uid : Identity.EffectiveUid), (channel.Peer.Pid, channel.Peer.Uid));

        using var client = UnixSockets.Listen(directory["auth-client"], 0x180);
        using var master = UnixSockets.Listen(directory["auth-master"], 0x180);
        await channel.SendConfigAsync(AuthServerSettings.ConfigurationName, new AuthServerSettings
        {
            Passdbs = [new("sasldb", secrets.Path)], Userdbs = [new("static", "uid=1234 gid=1234 home=/home/%u")],
        }.With(DovecotConf.AuthFailureDelay, "0").With(DovecotConf.AuthStateDir, "").ToText());
        await channel.SendAsync([Verb.Listener, "auth-client", .. Options(new(AuthListenerType.Login) { WaitsForClient = true })], client.SafeHandle);
        await channel.SendAsync([Verb.Listener, "auth-master", .. Options(new(AuthListenerType.Master))], master.SafeHandle);
        await channel.SendAsync([Verb.Start]);
        Assert.Equal([Verb.Ready], (await channel.ReceiveAsync())!.Value.Fields);

        await using var front = new AuthClient(AuthAddress.TryParse(directory["auth-client"])!);
        var login = await front.AuthenticateAsync("PLAIN", new("imap") { InitialResponse = Encoding.ASCII.GetBytes(TestServer.Right) }, _ => throw new InvalidOperationException(), default);
        Assert.Equal((true, process.Id), (login.IsOk, login.Reference!.ServerPid));
        await using var asking = new AuthMasterClient(AuthAddress.TryParse(directory["auth-master"])!);
        Assert.Equal(1234u, (await asking.RequestAsync(Environment.ProcessId, login.Reference.RequestId, login.Reference.Cookie, default)).Uid);

        await channel.SendAsync([Verb.Drain]);
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(0, process.ExitCode);
    }

    static IEnumerable<string> Options(AuthListener listener) => listener.ToOptions().Select(o => $"{o.Key}={o.Value}");
}
