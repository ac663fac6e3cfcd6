using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using MailServers.Login;
using Testing;

namespace MailServers.Tests.Login;

public sealed class TlsTests
{
    static async Task<string> LineAsync(Stream stream)
    {
        var line = new List<byte>();
        var one = new byte[1];
        while (await stream.ReadAsync(one).AsTask().WaitAsync(TimeSpan.FromSeconds(20)) == 1 && one[0] != '\n')
            line.Add(one[0]);
        return Encoding.Latin1.GetString([.. line]).TrimEnd('\r');
    }

    [Fact]
    public async Task Imap_over_implicit_TLS_is_relayed_to_the_worker()
    {
        await using var house = LoginHouse.Imap(new LoginSettings { Tls = TlsMode.Required }, tls: true);
        var (client, serving) = house.Connect(tls: true);
        await using (var tls = await LoginHouse.HandshakeAsync(client))
        {
            await Dialogue.PlayAsync(tls, """
                S: * OK [CAPABILITY IMAP4rev1 SASL-IR ID ENABLE IDLE LITERAL+ AUTH=PLAIN AUTH=ECHO] Ready.
                C: a STARTTLS
                S: a BAD TLS is already active.
                C: b LOGIN alice secret
                C: pipelined
                S: b OK Logged in
                S: worker: pipelined
                C: bye
                S: worker: bye
                S: [closed]
                """, Pace.Whole);
        }
        await serving.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.StartsWith("Login: user=<alice>, method=PLAIN, rip=192.0.2.7, lip=198.51.100.1, mpid=99, TLS, session=<", house.Log.All[0]);
        Assert.Contains("\tsecured=tls\t", Assert.Single(house.Auth.Lines, l => l.StartsWith("AUTH", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Imap_STARTTLS_opens_the_way_for_passwords()
    {
        await using var house = LoginHouse.Imap(new LoginSettings(), tls: true);
        var (client, serving) = house.Connect();
        using (var plain = new NetworkStream(client))
        {
            Assert.Contains("STARTTLS LOGINDISABLED", await LineAsync(plain));
            await plain.WriteAsync("a STARTTLS\r\n"u8.ToArray());
            Assert.Equal("a OK Begin TLS negotiation now.", await LineAsync(plain));
            await using var tls = await LoginHouse.HandshakeAsync(client);
            await Dialogue.PlayAsync(tls, """
                C: b CAPABILITY
                S: * CAPABILITY IMAP4rev1 SASL-IR ID ENABLE IDLE LITERAL+ AUTH=PLAIN AUTH=ECHO
                S: b OK *
                C: c LOGIN alice secret
                S: c OK Logged in
                C: bye
                S: worker: bye
                S: [closed]
                """, Pace.ByByte);
        }
        await serving.WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task Pop3_STLS_forgets_the_user_and_opens_the_way_for_passwords()
    {
        await using var house = LoginHouse.Pop3(LoginHouse.Open, tls: true);
        var (client, serving) = house.Connect();
        using (var plain = new NetworkStream(client))
        {
            Assert.Equal("+OK Ready.", await LineAsync(plain));
            await plain.WriteAsync("USER alice\r\n"u8.ToArray());
            Assert.Equal("+OK", await LineAsync(plain));
            await plain.WriteAsync("STLS\r\n"u8.ToArray());
            Assert.StartsWith("+OK", await LineAsync(plain));
            await using var tls = await LoginHouse.HandshakeAsync(client);
            await Dialogue.PlayAsync(tls, """
                C: PASS secret
                S: -ERR No user name given.
                C: USER alice
                C: PASS secret
                S: +OK
                S: +OK Logged in.
                C: bye
                S: worker: bye
                S: [closed]
                """, Pace.Whole);
        }
        await serving.WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task Attack_STARTTLS_injection_what_follows_in_the_clear_is_refused()
    {
        await using var house = LoginHouse.Imap(new LoginSettings(), tls: true);
        await Dialogue.PlayAsync(house.ServeAsync, "S: * OK *\nC: a STARTTLS\nC: b NOOP\nS: a BAD Nothing may follow *\nS: b OK *", Pace.Whole);
        await using var pop3 = LoginHouse.Pop3(new LoginSettings(), tls: true);
        await Dialogue.PlayAsync(pop3.ServeAsync, "S: +OK *\nC: STLS\nC: QUIT\nS: -ERR Nothing may follow *\nS: +OK Logging out.", Pace.Whole);
    }

    [Fact]
    public async Task Attack_STARTTLS_injection_a_command_after_the_go_ahead_is_no_handshake()
    {
        await using var house = LoginHouse.Imap(new LoginSettings(), tls: true);
        var (client, serving) = house.Connect();
        using var plain = new NetworkStream(client, ownsSocket: true);
        await LineAsync(plain);
        await plain.WriteAsync("a STARTTLS\r\n"u8.ToArray());
        await LineAsync(plain);
        await plain.WriteAsync("b LOGIN alice secret\r\n"u8.ToArray());
        await serving.WaitAsync(TimeSpan.FromSeconds(20));
        var line = Assert.Single(house.Log.All);
        Assert.StartsWith("Disconnected (no auth attempts in 0 secs): user=<>, rip=192.0.2.7, lip=198.51.100.1, TLS handshaking: ", line);
        Assert.DoesNotContain(house.Auth.Lines, l => l.StartsWith("AUTH", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_client_that_never_shakes_hands_meets_the_login_timeout()
    {
        await using var house = LoginHouse.Imap(new LoginSettings { LoginTimeout = TimeSpan.FromMilliseconds(200) }, tls: true);
        var (client, serving) = house.Connect(tls: true);
        await serving.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Contains("TLS handshaking: not finished in time", Assert.Single(house.Log.All));
        client.Dispose();
    }

    [Fact]
    public async Task A_relay_survives_the_drain_and_ends_at_its_deadline()
    {
        await using var house = LoginHouse.Imap(new LoginSettings(), tls: true);
        var (client, serving) = house.Connect(tls: true);
        await using var tls = await LoginHouse.HandshakeAsync(client);
        await Dialogue.PlayAsync(tls, "S: * OK *\nC: a LOGIN alice secret\nS: a OK Logged in", Pace.Whole);
        await house.Draining.CancelAsync();
        await Dialogue.PlayAsync(tls, "C: still here\nS: worker: still here", Pace.Whole);
        Assert.False(serving.IsCompleted);
        await house.RelaysOver.CancelAsync();
        await serving.WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task A_full_house_never_drops_a_logged_in_client()
    {
        await using var house = LoginHouse.Imap(new LoginSettings { ClientLimit = 1 }, tls: true);
        var (client, serving) = house.Connect(tls: true);
        await using var tls = await LoginHouse.HandshakeAsync(client);
        await Dialogue.PlayAsync(tls, "S: * OK *\nC: a LOGIN alice secret\nS: a OK Logged in", Pace.Whole);
        var (second, refused) = house.Connect();
        await refused.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(0, await second.ReceiveAsync(new byte[10]));
        second.Dispose();
        await Dialogue.PlayAsync(tls, "C: bye\nS: worker: bye", Pace.Whole);
        await serving.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Contains(house.Log.All, l => l.StartsWith("All 1 places belong to logged-in clients", StringComparison.Ordinal));
    }
}
