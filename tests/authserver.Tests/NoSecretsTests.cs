using System.Net.Sockets;
using System.Text;
using AuthServer.Tests.Peers;
using Sasl.Protocols.DovecotAuth;
using Testing;

namespace AuthServer.Tests;

/// <summary>The program itself with auth_debug and auth_verbose: nobody who reads its log, command line or environment learns a password.</summary>
public sealed class NoSecretsTests
{
    const string Wrong = "Wombat-0815-Lakritz";

    static readonly SecretSearch _right = new(TestServer.Password, "alice"), _wrong = new(Wrong, "alice");

    [Fact]
    public async Task At_its_most_talkative_over_good_bad_and_broken_logins()
    {
        await using var server = await RunningServer.StartedAsync();
        await using (var client = new AuthClient(AuthAddress.TryParse(server.ClientSocket)!))
        {
            foreach (var password in new[] { TestServer.Password, Wrong })
            {
                await client.AuthenticateAsync("PLAIN", Smtp(TestServer.Plain("alice", password)), _ => throw new InvalidOperationException(), default);
                await client.AuthenticateAsync("PLAIN", Smtp(TestServer.Plain("no;body", password)), _ => throw new InvalidOperationException(), default);
                var asked = 0;
                await client.AuthenticateAsync("LOGIN", Smtp(null), _ => ValueTask.FromResult<byte[]?>(Base64(asked++ == 0 ? "alice" : password)), default);
                // A user who types his password where the name belongs.
                await client.AuthenticateAsync("PLAIN", Smtp(Convert.ToBase64String(Encoding.UTF8.GetBytes(password))), _ => throw new InvalidOperationException(), default);
            }
        }
        var right = TestServer.Right;
        string[] broken =
        [
            $"AUTH|1|PLAIN|service=smtp|resp={right}!", $"AUTH|1|PLAIN|service=smtp|resp={right}|x={TestServer.Password}", $"AUTH|1|{right}", $"CONT|1|{right}|x",
            $"AUTH|1|{TestServer.Password}|service=smtp", $"CONT|{right}|1", TestServer.Password, $"CANCEL|{right}", $"VERSION|{right}|{TestServer.Password}",
            $"AUTH|1|PLAIN|service=smtp|session={new string('x', 17000)}|resp={right}",
        ];
        foreach (var line in broken)
            await SendAsync(server.ClientSocket, $"VERSION|1|2\nCPID|1\n{line}\n");
        await SendAsync(server.UserdbSocket, $"VERSION|1|2\nUSER|1|{right}|x\nUSER|2|alice|service={TestServer.Password}\nREQUEST|1|1|1|{right}\n");
        foreach (var search in new[] { _right, _wrong })
            search.NotInProcess(server.Pid);
        await server.StopAsync();
        Assert.Contains("auth(alice,192.0.2.1,<s1>): PLAIN login succeeded", server.Log);
        Assert.Contains("sasldb(alice,192.0.2.1,<s1>): Password mismatch", server.Log);
        Assert.Contains("BUG: Authentication client", server.Log);
        foreach (var search in new[] { _right, _wrong })
            search.NotIn("the log", server.Log);
    }

    static AuthParameters Smtp(string? message) => new("smtp")
    {
        RemoteAddress = "192.0.2.1", Session = "s1", NoLogin = true, InitialResponse = message is null ? null : Encoding.ASCII.GetBytes(message),
    };

    static byte[] Base64(string text) => Encoding.ASCII.GetBytes(Convert.ToBase64String(Encoding.UTF8.GetBytes(text)));

    /// <summary>Sends the lines and reads until the server has answered and closed, or has nothing more to say.</summary>
    static async Task SendAsync(string path, string lines)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(path));
        await socket.SendAsync(Encoding.ASCII.GetBytes(TestServer.Tabs(lines)));
        socket.Shutdown(SocketShutdown.Send);
        while (await socket.ReceiveAsync(new byte[4096]).WaitAsync(TimeSpan.FromSeconds(20)) > 0)
        {
        }
    }
}
