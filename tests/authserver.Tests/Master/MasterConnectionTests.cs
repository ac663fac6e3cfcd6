using System.Net.Sockets;
using System.Text;
using AuthServer.Composition;
using AuthServer.Master;
using Sasl.Hosting.Unix;
using Sasl.Protocols.DovecotAuth;
using Testing;

namespace AuthServer.Tests.Master;

public sealed class MasterConnectionTests
{
    static readonly CancellationToken _stop = CancellationToken.None;

    const string Greeted = """
        S: VERSION|1|2
        S: SPID|*
        C: VERSION|1|2

        """;

    [Fact]
    public async Task Users_are_looked_up_and_strangers_are_not_found()
    {
        using var server = new TestServer();
        await server.PlayMasterAsync(Greeted + """
            C: USER|1|alice|service=lmtp
            S: USER|1|alice|uid=1234|gid=1235|home=/home/alice|mail=maildir:~/Maildir
            C: USER|2|ALICE|service=lmtp|rip=192.0.2.1
            S: USER|2|alice|uid=1234|gid=1235|home=/home/alice|mail=maildir:~/Maildir
            C: USER|3|nobody-here|service=lmtp
            S: NOTFOUND|3
            C: USER|4|a;b|service=lmtp
            S: NOTFOUND|4
            C: PASS|5|alice|service=lmtp
            S: PASS|5|user=alice
            C: LIST|6
            S: DONE|6|fail
            C: CACHE-FLUSH|7
            S: OK|7|0
            """);
    }

    [Theory]
    [InlineData("CPID|1")]
    [InlineData("USER|1|alice")]
    [InlineData("USER|0|alice|service=x")]
    [InlineData("REQUEST|1|2|3")]
    [InlineData("NONSENSE|1")]
    [InlineData("VERSION|1|2")]
    [InlineData("")]
    public async Task Broken_lines_end_the_connection(string line)
    {
        using var server = new TestServer();
        await server.PlayMasterAsync($"""
            {Greeted}
            C: {line}
            S: [closed]
            """);
    }

    [Fact]
    public async Task Nothing_comes_before_the_version()
    {
        using var server = new TestServer();
        await server.PlayMasterAsync("""
            S: VERSION|1|2
            S: SPID|*
            C: CPID|42
            S: [closed]
            """);
    }

    [Fact]
    public async Task Root_and_accounts_of_uid_0_do_not_exist_as_mail_users()
    {
        using var server = new TestServer(s => s with { Userdbs = [new("passwd", "")] });
        await server.PlayMasterAsync(Greeted + """
            C: USER|1|root|service=lmtp
            S: NOTFOUND|1
            C: USER|2|daemon|service=lmtp
            S: USER|2|daemon|uid=1|gid=1|home=/usr/sbin
            """);
        Assert.Contains(server.Log.Lines, l => l.Contains("uid 0"));
    }

    static async Task<(AuthClient Client, AuthResult Login)> LogInAsync(string path, bool noLogin = false)
    {
        var client = new AuthClient(AuthAddress.TryParse(path)!);
        var login = await client.AuthenticateAsync("PLAIN",
            new("imap") { NoLogin = noLogin, InitialResponse = Encoding.ASCII.GetBytes(TestServer.Right) }, _ => throw new InvalidOperationException(), _stop);
        Assert.True(login.IsOk);
        return (client, login);
    }

    [Fact]
    public async Task A_finished_login_is_confirmed_once()
    {
        using var server = new TestServer();
        var (path, masterPath, _) = server.Listen();
        var (client, login) = await LogInAsync(path);
        await using var master = new AuthMasterClient(AuthAddress.TryParse(masterPath)!);
        var reference = login.Reference!;
        Assert.Equal(Environment.ProcessId, reference.ServerPid);
        var user = await master.RequestAsync(Environment.ProcessId, reference.RequestId, reference.Cookie, _stop);
        Assert.Equal((UserdbStatus.Found, "alice", 1234u, 1235u, "/home/alice", "maildir:~/Maildir", "PLAIN"),
            (user.Status, user.User, user.Uid!.Value, user.Gid!.Value, user.Home, user.Mail, user["auth_mech"]));
        Assert.Equal(UserdbStatus.Failed, (await master.RequestAsync(Environment.ProcessId, reference.RequestId, reference.Cookie, _stop)).Status);
        await client.DisposeAsync();
    }

    // Invariant 2: a reference is bound to the front end that the kernel vouches for, and to its connection.
    [Theory]
    [InlineData(1, 0, false)]
    [InlineData(0, 1, false)]
    [InlineData(0, 0, true)]
    public async Task Another_pid_id_or_cookie_gets_nothing_and_spoils_nothing(int pidOff, uint idOff, bool otherCookie)
    {
        using var server = new TestServer();
        var (path, masterPath, _) = server.Listen();
        var (client, login) = await LogInAsync(path);
        var (other, otherLogin) = await LogInAsync(path);
        await using var master = new AuthMasterClient(AuthAddress.TryParse(masterPath)!);
        var reference = login.Reference!;
        var cookie = otherCookie ? new string('0', 32) : reference.Cookie;
        Assert.NotEqual(reference.Cookie, otherLogin.Reference!.Cookie);
        Assert.Equal(UserdbStatus.Failed, (await master.RequestAsync(Environment.ProcessId + pidOff, reference.RequestId + idOff, cookie, _stop)).Status);
        Assert.Equal(UserdbStatus.Found, (await master.RequestAsync(Environment.ProcessId, reference.RequestId, reference.Cookie, _stop)).Status);
        await client.DisposeAsync();
        await other.DisposeAsync();
    }

    [Fact]
    public async Task A_login_without_login_is_not_kept()
    {
        using var server = new TestServer();
        var (path, masterPath, _) = server.Listen();
        var (client, login) = await LogInAsync(path, noLogin: true);
        await using var master = new AuthMasterClient(AuthAddress.TryParse(masterPath)!);
        Assert.Equal(UserdbStatus.Failed, (await master.RequestAsync(Environment.ProcessId, login.Reference!.RequestId, login.Reference.Cookie, _stop)).Status);
        await client.DisposeAsync();
    }

    [Fact]
    public async Task A_kept_login_goes_with_its_connection_or_after_150_seconds()
    {
        using var server = new TestServer();
        var (path, masterPath, _) = server.Listen();
        await using var master = new AuthMasterClient(AuthAddress.TryParse(masterPath)!);
        var (client, login) = await LogInAsync(path);
        await client.DisposeAsync();
        await Eventually.TrueAsync(() => server.Host.Clients.Count == 0, "the connection has ended");
        Assert.Equal(UserdbStatus.Failed, (await master.RequestAsync(Environment.ProcessId, login.Reference!.RequestId, login.Reference.Cookie, _stop)).Status);
        (client, login) = await LogInAsync(path);
        server.Time.Advance(TimeSpan.FromSeconds(151));
        server.Host.Clients.Sweep();
        Assert.Equal(UserdbStatus.Failed, (await master.RequestAsync(Environment.ProcessId, login.Reference!.RequestId, login.Reference.Cookie, _stop)).Status);
        await client.DisposeAsync();
    }

    [Fact]
    public async Task A_userdb_socket_confirms_no_login()
    {
        using var server = new TestServer();
        await Dialogue.PlayAsync((socket, stop) => Server.ServeAsync(server.Host, new(AuthListenerType.Userdb), socket, stop), TestServer.Tabs(Greeted + """
            C: USER|1|alice|service=lmtp
            S: USER|1|alice|*
            C: REQUEST|2|1|1|00
            S: [closed]
            """));
    }

    // Dovecot's rule for a socket that everybody may open.
    [Theory]
    [InlineData(1234u, "USER|1|alice|*")]
    [InlineData(1000u, "NOTFOUND|1")]
    public async Task On_an_open_userdb_socket_everybody_learns_about_himself_only(uint peerUid, string answer)
    {
        using var server = new TestServer();
        var access = MasterAccess.For(false, 0x1B6, 500, 500, new PeerCredentials(1, peerUid, 77));
        Assert.Equal(peerUid, access.OnlyUid);
        await Dialogue.PlayAsync((socket, stop) => new MasterConnection(socket, new(1, peerUid, 77), access, server.Host).ServeAsync(stop), TestServer.Tabs($"""
            {Greeted}
            C: USER|1|alice|service=lmtp
            S: {answer}
            C: LIST|2
            S: [closed]
            """));
    }

    [Theory]
    [InlineData(0x1B6u, 500u, 77u, false)]
    [InlineData(0x1B6u, 600u, 500u, false)]
    [InlineData(0x1B6u, 600u, 600u, true)]
    [InlineData(0x180u, 600u, 600u, false)]
    [InlineData(0x1B0u, 600u, 600u, false)]
    public void The_owner_and_his_group_are_not_restricted(uint mode, uint uid, uint gid, bool restricted) =>
        Assert.Equal(restricted, MasterAccess.For(false, mode, 500, 500, new PeerCredentials(1, uid, gid)).OnlyUid is not null);
}
