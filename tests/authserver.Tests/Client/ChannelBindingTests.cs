using System.Text;
using Sasl.Hosting.Configuration;
using Sasl.Mechanisms;
using Sasl.Protocols.DovecotAuth;
using Testing;

namespace AuthServer.Tests.Client;

/// <summary>SCRAM-*-PLUS over the auth socket: the front end is asked for what it sees of the client's TLS, and nothing that the client says can stand for it.</summary>
public sealed class ChannelBindingTests
{
    const string Plus = "SCRAM-SHA-256-PLUS", Bare = "SCRAM-SHA-256";

    static readonly byte[] _seen = [.. Enumerable.Range(1, 32).Select(i => (byte)i)], _other = new byte[32];

    readonly List<string> _asked = [];

    /// <summary>A client with a binding of its own, before a front end that sees another or the same.</summary>
    async Task<AuthResult> LogInAsync(string mechanism, (string Type, byte[] Data)? own, byte[]? frontEnd = null, bool isTls = true, bool? knowsOffer = true, bool isOffered = true)
    {
        using var server = new TestServer(s => s.With(DovecotConf.AuthMechanisms, "scram-sha-256-plus scram-sha-256"));
        await using var client = new AuthClient(AuthAddress.TryParse(server.Listen().Client)!);
        var channel = new SaslChannel { IsEncrypted = isTls, Bindings = own is { } binding ? new ChannelBindings(binding) : null };
        using var session = new SaslClientSession(SaslMechanisms.Find(mechanism)!, new("alice", "", Encoding.UTF8.GetBytes(TestServer.Password)), channel, null, knowsOffer);
        var start = await session.StartAsync();
        var parameters = new AuthParameters("imap")
        {
            IsTls = isTls, InitialResponse = Base64(start.Message!), ChannelBinding = isOffered ? FindAsync : null,
        };
        return await client.AuthenticateAsync(mechanism, parameters, async challenge =>
        {
            var step = await session.StepAsync(Convert.FromBase64String(challenge));
            return step.Outcome is SaslOutcome.Failure ? null : Base64(step.Message ?? []);
        }, default);

        ValueTask<byte[]?> FindAsync(string type)
        {
            _asked.Add(type);
            return new(frontEnd);
        }
    }

    static byte[] Base64(byte[] data) => Encoding.ASCII.GetBytes(Convert.ToBase64String(data));

    [Theory]
    [InlineData(ChannelBindings.Exporter)]
    [InlineData(ChannelBindings.EndPoint)]
    [InlineData(ChannelBindings.Unique)]
    public async Task A_bound_login_asks_the_front_end_for_the_type_that_the_client_uses(string type)
    {
        var result = await LogInAsync(Plus, (type, _seen), _seen);
        Assert.Equal((AuthStatus.Ok, "alice"), (result.Status, result.User));
        Assert.Equal([type], _asked);
    }

    [Fact]
    public async Task Channel_binding_another_channel_is_refused() =>
        Assert.Equal((AuthStatus.Failed, null), await StatusAsync(LogInAsync(Plus, (ChannelBindings.Exporter, _other), _seen)));

    [Fact]
    public async Task Channel_binding_a_front_end_that_has_none_refuses() =>
        Assert.Equal((AuthStatus.Failed, null), await StatusAsync(LogInAsync(Plus, (ChannelBindings.Exporter, _seen), null)));

    [Fact]
    public async Task Channel_binding_of_an_unknown_type_is_refused_unasked()
    {
        Assert.Equal((AuthStatus.Failed, null), await StatusAsync(LogInAsync(Plus, ("tls-invented", _seen), _seen)));
        Assert.Empty(_asked);
    }

    [Fact]
    public async Task Channel_binding_without_tls_there_is_none()
    {
        Assert.Equal((AuthStatus.Failed, null), await StatusAsync(LogInAsync(Plus, (ChannelBindings.Exporter, _seen), _seen, isTls: false)));
        Assert.Empty(_asked);
    }

    // "y": the client has a binding and was shown no -PLUS. We did show one: somebody took it out.
    [Fact]
    public async Task Channel_binding_a_downgrade_is_noticed() =>
        Assert.Equal((AuthStatus.Failed, null), await StatusAsync(LogInAsync(Bare, (ChannelBindings.Exporter, _seen), _seen, knowsOffer: false)));

    [Fact]
    public async Task Channel_binding_y_is_honest_where_the_front_end_offered_none() =>
        Assert.True((await LogInAsync(Bare, (ChannelBindings.Exporter, _seen), _seen, knowsOffer: false, isOffered: false)).IsOk);

    [Fact]
    public async Task Without_a_binding_the_bare_mechanism_serves() => Assert.True((await LogInAsync(Bare, null, _seen)).IsOk);

    // CVE-2026-33603: the first message claims a binding, or none at all, under the wrong name; what is claimed is compared, always.
    [Theory]
    [InlineData(Plus, "n,,n=alice,r=abc", "")]
    [InlineData(Plus, "y,,n=alice,r=abc", "")]
    [InlineData(Bare, "y,,n=alice,r=abc", "")]
    [InlineData(Plus, "p=tls-exporter,,n=alice,r=abc", "tls-exporter")]
    [InlineData(Bare, "p=tls-exporter,,n=alice,r=abc", "tls-exporter")]
    public async Task Channel_binding_cannot_be_faked_by_the_first_message(string mechanism, string first, string asked)
    {
        using var server = new TestServer(s => s.With(DovecotConf.AuthMechanisms, "scram-sha-256-plus scram-sha-256"));
        var answer = asked.Length == 0 ? "S: FAIL|1|user=alice" : $"""
            S: CONT|1|#|channel_binding={asked}
            C: CONT|1|#
            S: FAIL|1|user=alice
            """;
        await Dialogue.PlayAsync(server.ServeClientAsync, TestServer.Tabs($"""
            S: VERSION|1|4
            S: MECH|SCRAM-SHA-256|mutual-auth
            S: SPID|*
            S: CUID|*
            S: COOKIE|*
            S: DONE
            C: VERSION|1|4
            C: CPID|42
            C: AUTH|1|{mechanism}|service=imap|secured=tls|resp={Convert.ToBase64String(Encoding.ASCII.GetBytes(first))}
            {answer}
            """));
    }

    // The client's own words where the front end's are due, and the front end's where the client's are.
    [Fact]
    public async Task Channel_binding_a_clients_data_is_not_the_front_ends()
    {
        using var server = new TestServer(s => s.With(DovecotConf.AuthMechanisms, "scram-sha-256-plus scram-sha-256"));
        await Dialogue.PlayAsync(server.ServeClientAsync, TestServer.Tabs($"""
            S: VERSION|1|4
            S: MECH|SCRAM-SHA-256|mutual-auth
            S: SPID|*
            S: CUID|*
            S: COOKIE|*
            S: DONE
            C: VERSION|1|4
            C: CPID|42
            C: AUTH|1|SCRAM-SHA-256-PLUS|service=imap|secured=tls|resp={Convert.ToBase64String("p=tls-exporter,,n=alice,r=abc"u8)}
            S: CONT|1|#|channel_binding=tls-exporter
            C: CONT|1|AAAA
            S: FAIL|1|reason=Unexpected continuation
            C: AUTH|2|SCRAM-SHA-256-PLUS|service=imap|secured=tls|resp={Convert.ToBase64String("p=tls-exporter,,n=alice,r=abc"u8)}
            S: CONT|2|#|channel_binding=tls-exporter
            C: CONT|2|#|channel_binding=AAAA
            S: CONT|2|*
            C: CONT|2|#|channel_binding=AAAA
            S: FAIL|2|reason=Unexpected continuation
            """));
    }

    [Fact]
    public async Task A_front_end_that_does_not_answer_for_a_binding_is_not_waited_for_for_ever()
    {
        using var server = new TestServer(s => s.With(DovecotConf.AuthMechanisms, "scram-sha-256-plus scram-sha-256"));
        await using var stream = server.Connect();
        using var reader = new StreamReader(stream);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(TestServer.Tabs($"VERSION|1|4\nCPID|1\nAUTH|1|SCRAM-SHA-256-PLUS|service=imap|secured=tls|resp={Convert.ToBase64String("p=tls-exporter,,n=alice,r=abc"u8)}\n")));
        string? line;
        while ((line = await reader.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(20)))?.StartsWith("FAIL") == false)
        {
        }
        Assert.Contains("code=temp_fail", line);
    }

    static async Task<(AuthStatus, string?)> StatusAsync(Task<AuthResult> login) => await login is var result ? (result.Status, result.Code) : default;
}
