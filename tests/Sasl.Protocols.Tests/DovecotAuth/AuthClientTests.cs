using System.Net.Sockets;
using System.Text;
using Sasl.Hosting.Unix;
using Sasl.Protocols.DovecotAuth;
using Testing;

namespace Sasl.Protocols.Tests.DovecotAuth;

/// <summary>Our client against servers that behave badly, each a script that runs once per connection.</summary>
public sealed class AuthClientTests : IDisposable
{
    const string Greeting = "VERSION\t1\t2\nMECH\tPLAIN\tplaintext\nSPID\t77\nCUID\t1\nCOOKIE\tc0ffee\nDONE\n";

    readonly TemporaryDirectory _directory = new();
    Socket? _listener;

    AuthClient Client(params Func<StreamReader, Stream, Task>[] connections)
    {
        _listener = UnixSockets.Listen(_directory["auth"], 0x180);
        _ = Task.Run(async () =>
        {
            foreach (var serve in connections)
            {
                await using var stream = new NetworkStream(await _listener.AcceptAsync(), ownsSocket: true);
                await serve(new StreamReader(stream), stream);
            }
        });
        return new(AuthAddress.TryParse(_directory["auth"])!) { ConnectTimeout = TimeSpan.FromSeconds(2), ReplyTimeout = TimeSpan.FromSeconds(2) };
    }

    static async Task WriteAsync(Stream stream, string text) => await stream.WriteAsync(Encoding.ASCII.GetBytes(text));

    static async Task<string> ReadAsync(StreamReader reader, string verb)
    {
        string? line;
        while ((line = await reader.ReadLineAsync()) is not null && !line.StartsWith(verb))
        {
        }
        return line ?? "";
    }

    static Task<AuthResult> LogInAsync(AuthClient client, string? respond = "AAAA", byte[]? initial = null) =>
        client.AuthenticateAsync("PLAIN", new("smtp") { InitialResponse = initial }, _ => ValueTask.FromResult(respond is null ? null : Encoding.ASCII.GetBytes(respond)), CancellationToken.None);

    [Fact]
    public async Task What_is_sent_is_what_Dovecot_expects()
    {
        var lines = new List<string>();
        await using var client = Client(async (reader, stream) =>
        {
            lines.Add((await reader.ReadLineAsync())!);
            lines.Add((await reader.ReadLineAsync())!);
            await WriteAsync(stream, Greeting);
            lines.Add((await reader.ReadLineAsync())!);
            await WriteAsync(stream, "OK\t1\tuser=al\u0001tice\tk=v\n");
            await reader.ReadLineAsync();
        });
        var result = await client.AuthenticateAsync("PLAIN", new("smtp")
        {
            NoLogin = true, LocalAddress = "192.0.2.2", RemoteAddress = "192.0.2.1", LocalPort = 25, RemotePort = 1025, Session = "a\tb", IsTls = true,
            InitialResponse = "="u8.ToArray(),
        }, _ => throw new InvalidOperationException(), CancellationToken.None);
        Assert.Equal(
        [
            "VERSION\t1\t4", $"CPID\t{Environment.ProcessId}",
            "AUTH\t1\tPLAIN\tservice=smtp\tnologin\tlip=192.0.2.2\trip=192.0.2.1\tlport=25\trport=1025\tsession=a\u0001tb\tsecured=tls\tresp==",
        ], lines);
        Assert.Equal(("al\tice", new AuthReference(77, 1, "c0ffee")), (result.User, result.Reference));
    }

    [Fact]
    public async Task A_server_that_was_restarted_meanwhile_is_not_noticed()
    {
        static async Task Once(StreamReader reader, Stream stream)
        {
            await WriteAsync(stream, Greeting);
            await ReadAsync(reader, "AUTH");
            await WriteAsync(stream, "OK\t1\tuser=alice\n");
        }
        await using var client = Client(Once, Once);
        Assert.True((await LogInAsync(client)).IsOk);
        Assert.True((await LogInAsync(client)).IsOk);
    }

    [Fact]
    public async Task A_connection_lost_in_the_middle_of_a_login_is_temporary_and_not_tried_again()
    {
        var connections = 0;
        async Task Cut(StreamReader reader, Stream stream)
        {
            connections++;
            await WriteAsync(stream, Greeting);
            await ReadAsync(reader, "AUTH");
            await WriteAsync(stream, "CONT\t1\t\n");
            await ReadAsync(reader, "CONT");
        }
        await using var client = Client(Cut, Cut);
        var result = await LogInAsync(client);
        Assert.Equal((AuthStatus.Unavailable, true, 1), (result.Status, result.IsTemporary, connections));
    }

    [Theory]
    [InlineData("VERSION\t2\t0\n")]
    [InlineData("VERSION\n")]
    [InlineData("VERSION\t1\t1\nSPID\t1\n")]
    [InlineData("DONE\n")]
    [InlineData("VERSION\t1\t2\nMECH\tPLAIN\n")]
    public async Task A_wrong_greeting_is_a_temporary_failure_with_a_reason(string greeting)
    {
        await using var client = Client((_, stream) => WriteAsync(stream, greeting));
        Assert.Null(await client.HandshakeAsync());
        Assert.NotEqual("", client.Problem);
        Assert.Equal(AuthStatus.Unavailable, (await LogInAsync(client)).Status);
    }

    [Fact]
    public async Task A_server_that_says_nothing_meets_the_deadline()
    {
        await using var client = Client(async (reader, _) => await reader.ReadToEndAsync());
        Assert.Contains("no greeting", (await LogInAsync(client)).Reason);
    }

    [Theory]
    [InlineData("OK\t1\n")]
    [InlineData("OK\t1\tuser=\n")]
    [InlineData("CONT\t1\n")]
    [InlineData("WHAT\t1\n")]
    public async Task Nonsense_is_never_a_login(string reply)
    {
        await using var client = Client(async (reader, stream) =>
        {
            await WriteAsync(stream, Greeting);
            await ReadAsync(reader, "AUTH");
            await WriteAsync(stream, $"OK\t9\tuser=somebody-else\nNOISE\n{reply}");
            await reader.ReadToEndAsync();
        });
        Assert.Equal(AuthStatus.Unavailable, (await LogInAsync(client)).Status);
    }

    [Theory]
    [InlineData("FAIL\t1\tuser=alice\tcode=temp_fail\n", "temp_fail", true)]
    [InlineData("FAIL\t1\ttemp\n", "temp_fail", true)]
    [InlineData("FAIL\t1\tauthz\n", "authz_fail", false)]
    [InlineData("FAIL\t1\tuser_disabled\n", "user_disabled", false)]
    [InlineData("FAIL\t1\n", null, false)]
    public async Task The_codes_of_old_and_new_servers(string reply, string? code, bool temporary)
    {
        await using var client = Client(async (reader, stream) =>
        {
            await WriteAsync(stream, Greeting);
            await ReadAsync(reader, "AUTH");
            await WriteAsync(stream, reply);
            await reader.ReadToEndAsync();
        });
        var result = await LogInAsync(client);
        Assert.Equal((AuthStatus.Failed, code, temporary), (result.Status, result.Code, result.IsTemporary));
    }

    // The injection that the alphabet check is for: a response with a line of its own.
    [Fact]
    public async Task No_response_can_bring_a_line_of_its_own()
    {
        var seen = new TaskCompletionSource<string>();
        await using var client = Client(async (reader, stream) =>
        {
            await WriteAsync(stream, Greeting);
            await ReadAsync(reader, "AUTH");
            await WriteAsync(stream, "CONT\t1\t\n");
            await reader.ReadLineAsync();
            seen.SetResult((await reader.ReadLineAsync())!);
        });
        Assert.Equal("invalid_base64", (await LogInAsync(client, initial: "AA==\tx\nCPID\t1"u8.ToArray())).Code);
        var login = LogInAsync(client, "AA==\nAUTH\t2\tPLAIN");
        Assert.Equal("invalid_base64", (await login).Code);
        await client.DisposeAsync();
    }

    [Fact]
    public async Task A_response_that_is_too_long_for_a_server_costs_nobody_the_connection()
    {
        await using var client = Client(async (reader, stream) =>
        {
            await WriteAsync(stream, Greeting);
            await ReadAsync(reader, "AUTH\t2");
            await WriteAsync(stream, "OK\t2\tuser=alice\n");
            await reader.ReadToEndAsync();
        });
        var tooLong = Encoding.ASCII.GetBytes(new string('A', ClientCommandParser.LongestLine));
        Assert.Equal(AuthStatus.Failed, (await LogInAsync(client, initial: tooLong)).Status);
        Assert.True((await LogInAsync(client)).IsOk);
    }

    [Fact]
    public async Task An_abort_is_cancelled_on_the_wire()
    {
        var cancelled = new TaskCompletionSource<string>();
        await using var client = Client(async (reader, stream) =>
        {
            await WriteAsync(stream, Greeting);
            await ReadAsync(reader, "AUTH");
            await WriteAsync(stream, "CONT\t1\t\n");
            cancelled.SetResult(await ReadAsync(reader, "CANCEL"));
        });
        Assert.Equal(AuthStatus.Aborted, (await LogInAsync(client, respond: null)).Status);
        Assert.Equal("CANCEL\t1", await cancelled.Task.WaitAsync(TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public async Task Without_a_server_every_login_is_told_at_once()
    {
        await using var client = new AuthClient(AuthAddress.TryParse(_directory["nothing"])!);
        for (var i = 0; i < 100; i++)
            Assert.Equal(AuthStatus.Unavailable, (await LogInAsync(client)).Status);
        Assert.Contains("nothing", client.Problem);
    }

    public void Dispose()
    {
        _listener?.Dispose();
        _directory.Dispose();
    }
}
