using Sasl.Hosting.Unix;
using Sasl.Protocols.DovecotAuth;
using Testing;
using Xunit.Abstractions;

namespace AuthServer.Tests.Peers;

/// <summary>The administrator's commands and the running program, as they are used.</summary>
public sealed class MailctlTests(ITestOutputHelper output)
{
    async Task<(int Status, string Text)> MailctlAsync(RunningServer server, params string[] arguments)
    {
        string[] all = ["mailctl.dll", .. arguments];
        all[0] = Path.Combine(AppContext.BaseDirectory, all[0]);
        return await Ran.AsAsync(output, "dotnet", null, all.Select(a => a.Replace("{dir}", server["."])).ToArray());
    }

    [Fact]
    public async Task App_passwords_are_made_used_listed_and_taken_back()
    {
        await using var server = await RunningServer.StartedAsync("auth_mechanisms = plain scram-sha-256\npassdb {\n  driver = sasldb\n  args = {dir}/secrets.db\n}\n");
        await using var client = new AuthClient(AuthAddress.TryParse(server.ClientSocket)!);
        Assert.True(await client.ByPlainAsync("alice", TestServer.Password));
        var (status, text) = await MailctlAsync(server, "app-password", "-c", "{dir}", "add", "Alice", "phone", "--services", "imap,smtp", "--expires", "30", "--main-off");
        Assert.Equal(0, status);
        var password = text.Trim();
        // Root has made it, and it is the auth server's all the same.
        var store = Files.Status(server["state/app-passwords.db"])!.Value;
        Assert.Equal((0x180u, Files.Status(server["state"])!.Value.Uid), (store.Permissions, store.Uid));
        Assert.True(await client.ByPlainAsync("alice", password));
        Assert.True(await client.ByScramAsync("alice", password));
        Assert.False(await client.ByPlainAsync("alice", password, service: "pop3"));
        Assert.False(await client.ByPlainAsync("alice", TestServer.Password));
        Assert.Equal(73, (await MailctlAsync(server, "app-password", "-c", "{dir}", "add", "alice", "phone")).Status);
        Assert.Equal(65, (await MailctlAsync(server, "app-password", "-c", "{dir}", "add", "alice", "x", "--networks", "192.0.2.1/99")).Status);
        Assert.Equal(0, (await MailctlAsync(server, "app-password", "-c", "{dir}", "main", "alice", "on")).Status);
        Assert.True(await client.ByPlainAsync("alice", TestServer.Password));
        await server.StopAsync();
        await server.StartAsync();
        (status, text) = await MailctlAsync(server, "app-password", "-c", "{dir}", "list", "alice");
        Assert.Matches("^phone  made [0-9-]+  used [0-9-]+  ends [0-9-]+  for imap,smtp\n$", text);
        Assert.Equal(0, (await MailctlAsync(server, "app-password", "-c", "{dir}", "revoke", "alice", "phone")).Status);
        Assert.Equal(67, (await MailctlAsync(server, "app-password", "-c", "{dir}", "revoke", "alice", "phone")).Status);
        Assert.False(await client.ByPlainAsync("alice", password));
        Assert.DoesNotContain(password, server.Log);
    }

    [Fact]
    public async Task Why_unban_verify_and_show()
    {
        await using var server = await RunningServer.StartedAsync();
        await using (var client = new AuthClient(AuthAddress.TryParse(server.ClientSocket)!))
        {
            for (var i = 0; i < 12; i++)
                Assert.False(await client.ByPlainAsync("alice", $"wrong{i}"));
            var (_, why) = await MailctlAsync(server, "auth", "-c", "{dir}", "why", "alice", "192.0.2.1");
            Assert.Contains("address_user: 10.0 of 10, full\n", why);
            Assert.Contains("a login would be refused: too many wrong passwords for this user from this address; in 6 min the next one is let through\n", why);
            Assert.Equal((0, "alice: 2 counters are empty again\n"), await MailctlAsync(server, "auth", "-c", "{dir}", "unban", "alice"));
            Assert.True(await client.ByPlainAsync("alice", TestServer.Password));
        }
        await server.StopAsync();
        var (status, verified) = await MailctlAsync(server, "audit", "-c", "{dir}", "verify");
        Assert.Equal((0, "15 lines are as they were written (1 to 15); nothing is wrong\n"), (status, verified));
        var (_, shown) = await MailctlAsync(server, "audit", "-c", "{dir}", "show", "-n", "2", "alice");
        Assert.Matches("^[0-9: -]{19} held alice imap PLAIN from 192.0.2.1 <s1> : too many wrong passwords for this user from this address\n[0-9: -]{19} ok alice imap PLAIN from 192.0.2.1 passdb sasldb <s1>\n$", shown);
        var log = server["state/audit.log"];
        File.WriteAllText(log, File.ReadAllText(log).Replace("\"result\":\"ok\"", "\"result\":\"no\""));
        (status, verified) = await MailctlAsync(server, "audit", "-c", "{dir}", "verify");
        Assert.Equal(1, status);
        Assert.Contains(":14: line 14 was changed, or was never written by the auth server\n", verified);
        Assert.Contains("1 thing is wrong", verified);
        Assert.Contains("(CHANGED OR FORGED)", (await MailctlAsync(server, "audit", "-c", "{dir}", "show", "alice")).Text);
        Assert.Equal(67, (await MailctlAsync(server, "audit", "-c", "{dir}", "show", "bob")).Status);
        // The server tells it by itself when it begins.
        File.WriteAllLines(log, File.ReadAllLines(log)[..10]);
        await server.StartAsync();
        await server.StopAsync();
        Assert.Contains("lines were cut off its end", server.Log);
    }
}
