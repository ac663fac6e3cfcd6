using Testing;
using Xunit.Abstractions;

namespace AuthServer.Tests.Peers;

/// <summary>An auth server with every mechanism of a stored password, and a Postfix and an Exim in front of it.</summary>
public sealed class MailServersInFront : IAsyncLifetime
{
    public static readonly string[] Mechanisms = ["PLAIN", "LOGIN", "CRAM-MD5", "DIGEST-MD5", "SCRAM-SHA-256", "SCRAM-SHA-1"];

    RunningServer? _server;
    RealPostfix? _postfix;
    RealExim? _exim;

    public int PortOf(string mta) => mta == "exim" ? _exim!.Port : _postfix!.Port;

    public string Log => _server!.Log;

    public async Task InitializeAsync()
    {
        if (!Sasl.Hosting.Unix.Identity.IsRoot)
            return;
        _server = new RunningServer();
        _server.Configure("auth_mechanisms = plain login", $"auth_mechanisms = {string.Join(' ', Mechanisms).ToLowerInvariant()}");
        await _server.StartAsync();
        if (File.Exists("/usr/sbin/postfix"))
            _postfix = await RealPostfix.StartAsync(_server.ClientSocket);
        if (File.Exists(Path.Combine(Binaries.Root, RealExim.Program)))
            _exim = await RealExim.StartAsync(_server.ClientSocket, Mechanisms);
    }

    public async Task DisposeAsync()
    {
        if (_exim is not null)
            await _exim.DisposeAsync();
        if (_postfix is not null)
            await _postfix.DisposeAsync();
        if (_server is not null)
            await _server.DisposeAsync();
    }
}

/// <summary>Real clients through real servers: each mechanism with the right password and with a wrong one.</summary>
public sealed class MechanismTests(MailServersInFront house, ITestOutputHelper output) : IClassFixture<MailServersInFront>
{
    const string Cyrus = "/usr/lib/cyrus/bin/smtptest", Postfix = "/usr/sbin/postfix";

    async Task SucceedsAndFailsAsync(Func<string, Task<bool>> logIn)
    {
        Assert.True(await logIn(TestServer.Password));
        Assert.False(await logIn("wrong"));
        Assert.True(await logIn(TestServer.Password));
    }

    Task GsaslAsync(string mta, string mechanism) => SucceedsAndFailsAsync(async password =>
    {
        var (_, said) = await Ran.AsAsync(output, "/usr/bin/gsasl", "", "--smtp", "--no-starttls", "--no-cb", "-m", mechanism, "-a", "alice", "-p", password,
            "--service=smtp", "--hostname=test.example", $"--connect=127.0.0.1:{house.PortOf(mta)}");
        return said.Contains("\n235 ", StringComparison.Ordinal);
    });

    Task CyrusAsync(string mta, string mechanism) => SucceedsAndFailsAsync(async password =>
    {
        var (_, said) = await Ran.AsAsync(output, Cyrus, ". QUIT\n", "-p", $"{house.PortOf(mta)}", "-m", mechanism, "-a", "alice", "-u", "alice", "-w", password, "127.0.0.1");
        return said.Contains("Authenticated.", StringComparison.Ordinal);
    });

    Task SwaksAsync(string mta, string mechanism) => SucceedsAndFailsAsync(async password =>
    {
        var (code, _) = await Ran.AsAsync(output, "/usr/bin/swaks", null, "--server", $"127.0.0.1:{house.PortOf(mta)}", "--auth", mechanism, "--auth-user", "alice", "--auth-password", password, "--quit-after", "AUTH");
        Assert.Contains(code, (int[])[0, 28]);
        return code == 0;
    });

    Task CurlAsync(string mta, string mechanism) => SucceedsAndFailsAsync(async password =>
    {
        var (code, said) = await Ran.AsAsync(output, "/usr/bin/curl", null, "-sv", "-u", $"alice:{password}", "--login-options", $"AUTH={mechanism}", "-X", "NOOP", $"smtp://127.0.0.1:{house.PortOf(mta)}/");
        Assert.Contains(code, (int[])[0, 67]);
        return said.Contains("< 235 ", StringComparison.Ordinal);
    });

    [RequiresTheory(root: true, program: Postfix)]
    [InlineData("PLAIN")]
    [InlineData("LOGIN")]
    [InlineData("CRAM-MD5")]
    [InlineData("DIGEST-MD5")]
    [InlineData("SCRAM-SHA-1")]
    [InlineData("SCRAM-SHA-256")]
    public Task Gsasl_through_Postfix(string mechanism) => GsaslAsync("postfix", mechanism);

    [RequiresTheory(root: true, program: RealExim.Program)]
    [InlineData("PLAIN")]
    [InlineData("LOGIN")]
    [InlineData("CRAM-MD5")]
    [InlineData("DIGEST-MD5")]
    [InlineData("SCRAM-SHA-1")]
    [InlineData("SCRAM-SHA-256")]
    public Task Gsasl_through_Exim(string mechanism) => GsaslAsync("exim", mechanism);

    [RequiresTheory(root: true, program: Cyrus)]
    [InlineData("PLAIN")]
    [InlineData("LOGIN")]
    [InlineData("CRAM-MD5")]
    [InlineData("DIGEST-MD5")]
    [InlineData("SCRAM-SHA-1")]
    [InlineData("SCRAM-SHA-256")]
    public Task Smtptest_through_Postfix(string mechanism) => CyrusAsync("postfix", mechanism);

    [RequiresTheory(root: true, program: RealExim.Program)]
    [InlineData("PLAIN")]
    [InlineData("LOGIN")]
    [InlineData("CRAM-MD5")]
    [InlineData("DIGEST-MD5")]
    [InlineData("SCRAM-SHA-1")]
    [InlineData("SCRAM-SHA-256")]
    public Task Smtptest_through_Exim(string mechanism) => CyrusAsync("exim", mechanism);

    // Its DIGEST-MD5 dies in the Perl library that Debian gives it.
    [RequiresTheory(root: true, program: Postfix)]
    [InlineData("PLAIN")]
    [InlineData("LOGIN")]
    [InlineData("CRAM-MD5")]
    public Task Swaks_through_Postfix(string mechanism) => SwaksAsync("postfix", mechanism);

    [RequiresTheory(root: true, program: RealExim.Program)]
    [InlineData("PLAIN")]
    [InlineData("LOGIN")]
    [InlineData("CRAM-MD5")]
    public Task Swaks_through_Exim(string mechanism) => SwaksAsync("exim", mechanism);

    [RequiresTheory(root: true, program: Postfix)]
    [InlineData("PLAIN")]
    [InlineData("LOGIN")]
    [InlineData("CRAM-MD5")]
    [InlineData("DIGEST-MD5")]
    public Task Curl_through_Postfix(string mechanism) => CurlAsync("postfix", mechanism);

    [RequiresTheory(root: true, program: RealExim.Program)]
    [InlineData("PLAIN")]
    [InlineData("LOGIN")]
    [InlineData("CRAM-MD5")]
    [InlineData("DIGEST-MD5")]
    public Task Curl_through_Exim(string mechanism) => CurlAsync("exim", mechanism);

    // By hand: what the clients above never do. Each mechanism's first continuation is answered by "*" and by what is no base64.
    [RequiresTheory(root: true, program: RealExim.Program)]
    [InlineData("postfix")]
    [InlineData("exim")]
    public async Task An_abort_and_bad_base64_fail_that_exchange_alone(string mta)
    {
        using var client = new System.Net.Sockets.TcpClient("127.0.0.1", house.PortOf(mta));
        using var stream = client.GetStream();
        using var reader = new StreamReader(stream);
        async Task<string> SayAsync(string line)
        {
            await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes(line + "\r\n"));
            while (true)
            {
                var reply = await reader.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(30)) ?? "[closed]";
                output.WriteLine($"{line} -> {reply}");
                if (reply.Length > 3 && reply[3] != '-')
                    return reply;
            }
        }
        await reader.ReadLineAsync();
        await SayAsync("EHLO me");
        foreach (var mechanism in (string[])["PLAIN", "LOGIN", "CRAM-MD5", "DIGEST-MD5", "SCRAM-SHA-256"])
        {
            Assert.StartsWith("334", await SayAsync($"AUTH {mechanism}"));
            Assert.StartsWith("501", await SayAsync("*"));
            Assert.StartsWith("334", await SayAsync($"AUTH {mechanism}"));
            Assert.Matches("^(535|501|435|454)", await SayAsync("!!!"));
            await SayAsync("RSET");
        }
        Assert.StartsWith("235", await SayAsync($"AUTH PLAIN {TestServer.Right}"));
    }
}
