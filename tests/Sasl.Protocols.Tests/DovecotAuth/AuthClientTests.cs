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

    // Dovecot 2.4: nothing but its VERSION until the client has spoken.
    [Fact]
    public async Task A_server_that_waits_for_the_client_is_spoken_to_first()
    {
        await using var client = Client(async (reader, stream) =>
        {
            await WriteAsync(stream, "VERSION\t1\t4\n");
            Assert.Equal("VERSION\t1\t4", await reader.ReadLineAsync());
            await WriteAsync(stream, "MECH\tSCRAM-SHA-256-PLUS\tmutual-auth\tchannel-binding\nMECH\tPLAIN\tplaintext\nSPID\t77\nCUID\t1\nCOOKIE\tc0ffee\nDONE\n");
            await ReadAsync(reader, "AUTH");
            await WriteAsync(stream, "OK\t1\tuser=alice\n");
        });
        Assert.Equal(OfferedFlags.MutualAuth | OfferedFlags.ChannelBinding, (await client.HandshakeAsync())!.Mechanisms[0].Flags);
        Assert.True((await LogInAsync(client)).IsOk);
    }

    // "#": the server asks us and not the client; with a challenge it may ask as well.
    [Theory]
    [InlineData("CONT\t1\t#\tchannel_binding=tls-exporter\n", true, "CONT\t1\t#\tchannel_binding=AQID", 0)]
    [InlineData("CONT\t1\t#\tchannel_binding=tls-unique\n", true, "CONT\t1\t#", 0)]
    [InlineData("CONT\t1\t#\tchannel_binding=tls-exporter\n", false, "CONT\t1\t#", 0)]
    [InlineData("CONT\t1\tcGluZw==\tchannel_binding=tls-exporter\n", true, "CONT\t1\tAAAA\tchannel_binding=AQID", 1)]
    [InlineData("CONT\t1\tcGluZw==\n", true, "CONT\t1\tAAAA", 1)]
    public async Task A_channel_binding_is_answered_beside_the_client(string asked, bool hasBinding, string answer, int responses)
    {
        var said = new TaskCompletionSource<string>();
        await using var client = Client(async (reader, stream) =>
        {
            await WriteAsync(stream, Greeting.Replace("VERSION\t1\t2", "VERSION\t1\t4"));
            await ReadAsync(reader, "AUTH");
            await WriteAsync(stream, asked);
            said.SetResult(await ReadAsync(reader, "CONT"));
            await WriteAsync(stream, "OK\t1\tuser=alice\n");
        });
        var asks = 0;
        var result = await client.AuthenticateAsync("SCRAM-SHA-256-PLUS", new("smtp")
        {
            IsTls = true, ChannelBinding = hasBinding ? type => new(type == "tls-exporter" ? [1, 2, 3] : null) : null,
        }, _ =>
        {
            asks++;
            return new("AAAA"u8.ToArray());
        }, CancellationToken.None);
        Assert.Equal((answer, true, responses), (await said.Task, result.IsOk, asks));
    }

    // What only we know is not said to others: a Dovecot 2.3 gets nothing that it does not know.
    [Theory]
    [InlineData(2, "AUTH\t1\tPLAIN\tservice=smtp\tsecured=tls")]
    [InlineData(3, "AUTH\t1\tPLAIN\tservice=smtp\tsecured=tls\tdraining\tno-channel-binding")]
    public async Task What_is_said_depends_on_the_servers_version(int minor, string line)
    {
        var said = new TaskCompletionSource<string>();
        await using var client = Client(async (reader, stream) =>
        {
            await WriteAsync(stream, Greeting.Replace("VERSION\t1\t2", $"VERSION\t1\t{minor}"));
            said.SetResult(await ReadAsync(reader, "AUTH"));
            await WriteAsync(stream, "OK\t1\tuser=alice\n");
        });
        await client.AuthenticateAsync("PLAIN", new("smtp") { IsTls = true }, _ => new("AAAA"u8.ToArray()), CancellationToken.None);
        Assert.Equal(line, await said.Task);
    }

    [Fact]
    public async Task A_cancelled_exchange_that_is_confirmed_disturbs_nobody()
    {
        await using var client = Client(async (reader, stream) =>
        {
            await WriteAsync(stream, Greeting.Replace("VERSION\t1\t2", "VERSION\t1\t4"));
            await ReadAsync(reader, "AUTH");
            await WriteAsync(stream, "CONT\t1\t\n");
            await ReadAsync(reader, "CANCEL");
            await WriteAsync(stream, "CANCELLED\t1\n");
            await ReadAsync(reader, "AUTH");
            await WriteAsync(stream, "OK\t2\tuser=alice\n");
        });
        Assert.Equal(AuthStatus.Aborted, (await LogInAsync(client, respond: null)).Status);
        Assert.Equal("alice", (await LogInAsync(client)).User);
    }

    // The server ends (a reload): the one under way is answered on the old connection, the next one goes to the successor.
    [Fact]
    public async Task A_server_that_is_about_to_end_is_left_for_its_successor()
    {
        var (asked, elsewhere) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var client = Client(async (reader, stream) =>
        {
            await WriteAsync(stream, Greeting.Replace("VERSION\t1\t2", "VERSION\t1\t4"));
            await ReadAsync(reader, "AUTH\t1");
            asked.SetResult();
            await ReadAsync(reader, "AUTH\t2");
            await WriteAsync(stream, "OK\t2\tuser=bob\tdraining\n");
            await elsewhere.Task;
            await WriteAsync(stream, "OK\t1\tuser=alice\n");
        }, async (reader, stream) =>
        {
            await WriteAsync(stream, Greeting);
            await ReadAsync(reader, "AUTH\t1");
            await WriteAsync(stream, "OK\t1\tuser=carol\n");
        });
        var first = LogInAsync(client);
        await asked.Task;
        Assert.Equal("bob", (await LogInAsync(client)).User);
        var third = LogInAsync(client);
        elsewhere.SetResult();
        Assert.Equal("alice", (await first).User);
        Assert.Equal("carol", (await third).User);
    }

    [Fact]
    public async Task A_server_that_breaks_before_it_has_said_anything_is_asked_once_more()
    {
        var connections = 0;
        async Task Cut(StreamReader reader, Stream stream)
        {
            connections++;
            await WriteAsync(stream, Greeting);
            await ReadAsync(reader, "AUTH");
        }
        await using var client = Client(Cut, Cut, Cut);
        Assert.Equal((AuthStatus.Unavailable, 2), ((await LogInAsync(client)).Status, connections));
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
