using System.Text.RegularExpressions;
using Sasl.Hosting.Unix;
using Testing;
using Xunit.Abstractions;

namespace AuthServer.Tests.Peers;

/// <summary>docs/auth-server.md: what it tells an administrator to write is run as it stands there, with other paths.</summary>
public sealed partial class GuideTests(ITestOutputHelper output)
{
    static readonly string _guide = File.ReadAllText(Path.Combine(Binaries.Root, "docs/auth-server.md"));

    /// <summary>The block of that name.</summary>
    static string Block(string name) => Blocks().Matches(_guide).Single(m => m.Groups[1].Value == name).Groups[2].Value;

    static async Task<RunningServer> StartAsync(string listener)
    {
        var server = new RunningServer();
        var text = Block("dovecot.conf");
        if (listener == "auth-exim")
            text = text[..text.IndexOf("service auth", StringComparison.Ordinal)] + Block("exim-listener.conf");
        var owner = Accounts.Find("nobody")!;
        await File.WriteAllTextAsync(server["dovecot.conf"], $"base_dir = {server["s"]}\nauth_state_dir = {server["state"]}\n" + text
            .Replace("/etc/sasl2/secrets.db", server["secrets.db"]).Replace("/var/spool/postfix/private/auth", server["s/auth"])
            .Replace("uid=vmail gid=vmail", $"uid={owner.Uid} gid={owner.Gid}"));
        await server.StartAsync();
        return server;
    }

    [RequiresFact(root: true, program: "/usr/sbin/postfix")]
    public async Task The_set_up_for_a_postfix()
    {
        await using var server = await StartAsync("auth");
        await using var postfix = await RealPostfix.StartAsync("", Block("main.cf").Replace("private/auth", server["s/auth"]).TrimEnd());
        await LogInAsync(postfix.Port);
    }

    [RequiresFact(root: true, program: RealExim.Program)]
    public async Task The_set_up_for_an_exim()
    {
        await using var server = await StartAsync("auth-exim");
        await using var exim = await RealExim.StartAsync(Block("exim.conf").Replace("/run/sasl/auth-exim", server["s/auth-exim"]));
        await LogInAsync(exim.Port);
    }

    async Task LogInAsync(int port)
    {
        foreach (var mechanism in new[] { "PLAIN", "SCRAM-SHA-256" })
        {
            Assert.Contains("\n235 ", await LogInAsync(port, mechanism, TestServer.Password));
            Assert.Contains("\n535 ", await LogInAsync(port, mechanism, "wrong"));
        }
    }

    async Task<string> LogInAsync(int port, string mechanism, string password) => (await Ran.AsAsync(output, "/usr/bin/gsasl", "", "--smtp", "--no-starttls", "--no-cb",
        "-m", mechanism, "-a", "alice", "-p", password, "--service=smtp", "--hostname=test.example", $"--connect=127.0.0.1:{port}")).Output;

    [GeneratedRegex(@"^```(\S+)\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Blocks();
}
