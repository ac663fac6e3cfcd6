using System.Net.Sockets;
using System.Text;
using MailServers.Login;
using Testing;

namespace MailServers.Tests.Login;

public sealed class LoginServerTests
{
    static async Task<string> ReadAsync(Socket socket)
    {
        var buffer = new byte[4096];
        try
        {
            return Encoding.Latin1.GetString(buffer, 0, await socket.ReceiveAsync(buffer, SocketFlags.None).WaitAsync(TimeSpan.FromSeconds(20)));
        }
        catch (SocketException)
        {
            return "";
        }
    }

    [Fact]
    public async Task A_silent_client_is_told_and_dropped_after_the_login_timeout()
    {
        await using var house = LoginHouse.Imap(LoginHouse.Open with { LoginTimeout = TimeSpan.FromMilliseconds(200) });
        await house.PlayAsync("S: * OK *\nS: * BYE Disconnected for inactivity.\nS: [closed]");
        Assert.All(house.Log.All, l => Assert.StartsWith("Disconnected: Inactivity (no auth attempts in 0 secs): user=<>, rip=192.0.2.7, lip=198.51.100.1, session=<", l, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Attack_dribbling_commands_gain_no_time()
    {
        await using var house = LoginHouse.Imap(LoginHouse.Open with { LoginTimeout = TimeSpan.FromMilliseconds(300) });
        var (client, serving) = house.Connect();
        using (client)
        {
            while (!serving.IsCompleted)
            {
                try
                {
                    await client.SendAsync("x NOOP\r\n"u8.ToArray(), SocketFlags.None);
                }
                catch (SocketException)
                {
                    break;
                }
                await Task.Delay(20);
            }
        }
        await serving.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Contains(house.Log.All, l => l.StartsWith("Disconnected: Inactivity", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_client_silent_in_the_middle_of_an_exchange_meets_the_same_deadline()
    {
        await using var house = LoginHouse.Imap(LoginHouse.Open with { LoginTimeout = TimeSpan.FromMilliseconds(500) });
        await house.PlayAsync("S: * OK *\nC: a AUTHENTICATE ECHO\nS: + cGluZw==\nS: * BYE Disconnected for inactivity.\nS: [closed]");
        Assert.All(house.Log.All, l => Assert.Matches(@"^Disconnected: Inactivity \(client didn't finish SASL auth, waited \d+ secs\): user=<>, method=ECHO", l));
    }

    [Fact]
    public async Task Hundred_silent_clients_hold_up_nobody()
    {
        await using var house = LoginHouse.Imap();
        var silent = Enumerable.Range(0, 100).Select(_ => house.Connect()).ToArray();
        await house.PlayAsync("S: * OK *\nC: a LOGIN alice secret\nS: a OK *\nC: bye\nS: worker: bye");
        foreach (var (client, _) in silent)
            client.Dispose();
        await Task.WhenAll(silent.Select(s => s.Serving)).WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(100, house.Log.All.Count(l => l.StartsWith("Disconnected (no auth attempts in ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_full_house_drops_the_client_that_has_been_undecided_longest()
    {
        await using var house = LoginHouse.Imap(LoginHouse.Open with { ClientLimit = 2 });
        var (first, serving) = house.Connect();
        Assert.StartsWith("* OK", await ReadAsync(first));
        var (second, _) = house.Connect();
        Assert.StartsWith("* OK", await ReadAsync(second));
        var (third, _) = house.Connect();
        Assert.StartsWith("* OK", await ReadAsync(third));
        Assert.StartsWith("* BYE [UNAVAILABLE] Connection queue full", await ReadAsync(first));
        first.Dispose();
        await serving;
        Assert.StartsWith("Disconnected: Connection queue full (no auth attempts in ", Assert.Single(house.Log.All));
        second.Dispose();
        third.Dispose();
    }

    [Fact]
    public async Task A_drain_sends_those_away_who_have_not_logged_in()
    {
        await using var house = LoginHouse.Imap();
        var (client, serving) = house.Connect();
        using (client)
        {
            Assert.StartsWith("* OK", await ReadAsync(client));
            await house.Draining.CancelAsync();
            Assert.Equal("* BYE [UNAVAILABLE] Server shutting down.\r\n", await ReadAsync(client));
        }
        await serving.WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task A_client_that_resets_leaves_one_line()
    {
        await using var house = LoginHouse.Pop3();
        var (client, serving) = house.Connect();
        await ReadAsync(client);
        await client.SendAsync("USER ali"u8.ToArray(), SocketFlags.None);
        client.Close(0);
        await serving.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.StartsWith("Disconnected (no auth attempts in ", Assert.Single(house.Log.All));
    }

    [Fact]
    public async Task No_password_reaches_the_log()
    {
        await using var house = LoginHouse.Imap();
        await house.PlayAsync("S: * OK *\nC: a LOGIN nobody hunter2\nS: a NO *\nC: b AUTHENTICATE PLAIN AGJvYgBodW50ZXIy\nS: b NO *\nC: c LOGIN alice hunter2 more\nS: c BAD *");
        Assert.All(house.Log.All, l => Assert.DoesNotContain("hunter2", l));
        Assert.All(house.Log.All, l => Assert.DoesNotContain("AGJvYg", l));
        Assert.All(house.Log.All, l => Assert.StartsWith("Disconnected (auth failed, 2 attempts in ", l, StringComparison.Ordinal));
    }
}
