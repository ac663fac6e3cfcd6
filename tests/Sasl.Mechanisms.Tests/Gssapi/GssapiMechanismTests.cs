using Testing;
using static Sasl.Mechanisms.Tests.Gssapi.KerberosPlay;

namespace Sasl.Mechanisms.Tests.Gssapi;

/// <summary>Our client and our server, GSSAPI and GSS-SPNEGO, with tickets of a real KDC.</summary>
[Collection(KerberosFixture.Name)]
public sealed class GssapiMechanismTests(KerberosFixture kerberos)
{
    readonly KerberosPlay _play = new(kerberos);

    public static TheoryData<string> Both => ["GSSAPI", "GSS-SPNEGO"];

    public static TheoryData<string, int, bool, bool> Layers
    {
        get
        {
            var data = new TheoryData<string, int, bool, bool>();
            foreach (var mechanism in new[] { "GSSAPI", "GSS-SPNEGO" })
            {
                foreach (var ssf in new[] { 0, 1, 256 })
                {
                    foreach (var (initial, successData) in new[] { (true, true), (true, false), (false, true), (false, false) })
                        data.Add(mechanism, ssf, initial, successData);
                }
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Layers))]
    public async Task Every_layer_is_settled_and_carries_data_both_ways(string mechanism, int ssf, bool initial, bool successData)
    {
        var policy = Strength(ssf, ssf);
        var book = new KerberosBook();
        var (client, server) = await RunAsync(_play.Client(mechanism, settings: new() { Policy = policy }),
            _play.Server(mechanism, _play.ServerSettings with { Policy = policy }, book), initial, successData);
        var (ours, theirs) = (Succeeded(client), Succeeded(server));
        Assert.Equal(("alice", "alice"), (theirs.AuthenticationId, theirs.AuthorizationId));
        Assert.Equal([$"{mechanism} alice"], book.Asked);
        Assert.Equal("alice@TEST.LOCAL", ours.AuthenticationId);
        Assert.Equal((ssf, ssf), (ours.Layer?.Ssf ?? 0, theirs.Layer?.Ssf ?? 0));
        if (ssf == 0)
            return;
        using (ours.Layer)
        using (theirs.Layer)
            TalkBothWays(ours.Layer!, theirs.Layer!);
    }

    [Theory]
    [InlineData(0, 0, 0, 256, 0)]
    [InlineData(0, 1, 0, 256, 1)]
    [InlineData(0, 256, 0, 256, 256)]
    [InlineData(0, 256, 0, 1, 1)]
    [InlineData(0, 128, 0, 256, 1)]
    [InlineData(1, 256, 0, 256, 256)]
    public async Task GSSAPI_takes_the_best_layer_that_both_policies_allow(int clientLeast, int clientMost, int serverLeast, int serverMost, int ssf)
    {
        var (client, server) = await RunAsync(_play.Client("GSSAPI", settings: new() { Policy = Strength(clientLeast, clientMost) }),
            _play.Server("GSSAPI", _play.ServerSettings with { Policy = Strength(serverLeast, serverMost) }));
        using var ours = Succeeded(client).Layer;
        using var theirs = Succeeded(server).Layer;
        Assert.Equal((ssf, ssf), (ours?.Ssf ?? 0, theirs?.Ssf ?? 0));
    }

    [Theory]
    [InlineData("GSSAPI", FailureKind.ServerNotTrusted)]
    [InlineData("GSS-SPNEGO", FailureKind.MalformedMessage)]
    public async Task A_client_that_needs_a_layer_does_not_do_without(string mechanism, FailureKind kind)
    {
        var (client, server) = await RunAsync(_play.Client(mechanism, settings: new() { Policy = Strength(256, 256) }), _play.Server(mechanism));
        Failed(kind, mechanism == "GSSAPI" ? client : server);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_server_that_needs_a_layer_does_not_do_without(string mechanism)
    {
        var (client, server) = await RunAsync(_play.Client(mechanism), _play.Server(mechanism, _play.ServerSettings with { Policy = Strength(256, 256) }));
        // In GSSAPI the client sees the offer and goes; in SPNEGO the server sees what the client has asked for.
        Assert.Contains("policy", (mechanism == "GSSAPI" ? Failed(FailureKind.ServerNotTrusted, client) : Failed(FailureKind.MalformedMessage, server)).Reason);
    }

    [Fact]
    public async Task The_channels_own_strength_counts()
    {
        var channel = new SaslChannel { Service = "imap", HostName = "localhost", IsEncrypted = true, ExternalSsf = 256 };
        var policy = Strength(256, 0);
        var (client, server) = await RunAsync(_play.Client("GSSAPI", settings: new() { Policy = policy }, channel: channel),
            _play.Server("GSSAPI", _play.ServerSettings with { Policy = policy }, channel: channel));
        Assert.Null(Succeeded(client).Layer);
        Assert.Null(Succeeded(server).Layer);
    }

    [Fact]
    public async Task A_host_without_room_for_packets_has_no_layers()
    {
        var (client, server) = await RunAsync(_play.Client("GSSAPI", settings: new() { Policy = Strength(0, 256) }),
            _play.Server("GSSAPI", _play.ServerSettings with { Policy = Strength(0, 256), LongestPacket = 0 }));
        Assert.Null(Succeeded(client).Layer);
        Assert.Null(Succeeded(server).Layer);
    }

    [Theory]
    [InlineData("bob", true)]
    [InlineData("alice", true)]
    [InlineData("root", false)]
    public async Task An_authorization_identity_is_granted_or_not(string asked, bool isGranted)
    {
        var (client, server) = await RunAsync(_play.Client("GSSAPI", _play.Alice with { AuthorizationId = asked }), _play.Server("GSSAPI"));
        if (isGranted)
            Assert.Equal(("alice", asked), (Succeeded(server).AuthenticationId, Succeeded(server).AuthorizationId));
        else
            Failed(FailureKind.NotAuthorized, server);
        if (isGranted)
            Assert.Equal(asked, Succeeded(client).AuthorizationId);
    }

    [Fact]
    public async Task SPNEGO_has_no_place_for_an_authorization_identity_and_the_client_knows()
    {
        var (client, server) = await RunAsync(_play.Client("GSS-SPNEGO", _play.Alice with { AuthorizationId = "bob" }), _play.Server("GSS-SPNEGO"));
        Assert.Equal("alice", Succeeded(server).AuthorizationId);
        Failed(FailureKind.NotAuthorized, client);
    }

    [Theory]
    [InlineData("nul\0")]
    [InlineData("long")]
    public async Task An_authorization_identity_that_cannot_be_sent_is_not(string asked)
    {
        var own = _play.Alice with { AuthorizationId = asked == "long" ? new string('x', 1025) : asked };
        foreach (var mechanism in new[] { "GSSAPI", "GSS-SPNEGO" })
            Failed(FailureKind.MalformedMessage, (await RunAsync(_play.Client(mechanism, own), _play.Server(mechanism))).Client);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Somebody_of_another_realm_keeps_it_in_his_name(string mechanism)
    {
        var (_, server) = await RunAsync(_play.Client(mechanism, _play.Foreigner), _play.Server(mechanism));
        Assert.Equal("alice@OTHER.LOCAL", Succeeded(server).AuthenticationId);
    }

    [Fact]
    public async Task A_host_has_its_own_rule_for_names()
    {
        string? Rule(string principal) => principal == "alice@TEST.LOCAL" ? "a.liddell" : null;
        var settings = _play.ServerSettings with { PrincipalToIdentity = Rule };
        Assert.Equal("a.liddell", Succeeded((await RunAsync(_play.Client("GSSAPI"), _play.Server("GSSAPI", settings))).Server).AuthenticationId);
        var refused = Failed(FailureKind.BadCredentials, (await RunAsync(_play.Client("GSSAPI", _play.Foreigner), _play.Server("GSSAPI", settings))).Server);
        Assert.Contains("alice@OTHER.LOCAL", refused.Reason);
    }

    [Fact]
    public async Task A_host_may_refuse_a_proven_identity()
    {
        var settings = _play.ServerSettings with { PrincipalToIdentity = _ => "mallory" };
        Assert.Equal("locked", Failed(FailureKind.Disabled, (await RunAsync(_play.Client("GSSAPI"), _play.Server("GSSAPI", settings))).Server).Reason);
    }

    [Fact]
    public async Task A_name_with_a_separator_in_it_is_nobody_elses()
    {
        const string principal = "bob\\@example.com";
        await kerberos.Kdc.AddUserAsync(principal, KerberosFixture.Password);
        var cache = await kerberos.Kdc.TicketAsync(principal, KerberosFixture.Password, "separator");
        var (_, server) = await RunAsync(_play.Client("GSSAPI", _play.Alice with { TicketCache = cache }), _play.Server("GSSAPI"));
        Assert.Equal("bob\\@example.com@TEST.LOCAL", Succeeded(server).AuthenticationId);
    }

    [Fact]
    public async Task A_name_with_control_characters_is_nobody_and_does_not_reach_the_log()
    {
        await kerberos.Kdc.AddUserAsync("bell\u0007", KerberosFixture.Password);
        var cache = await kerberos.Kdc.TicketAsync("bell\u0007", KerberosFixture.Password, "bell");
        var (_, server) = await RunAsync(_play.Client("GSSAPI", _play.Alice with { TicketCache = cache }), _play.Server("GSSAPI"));
        Assert.Equal("bell?@TEST.LOCAL is nobody here", Failed(FailureKind.BadCredentials, server).Reason);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_password_gets_a_ticket_first(string mechanism)
    {
        var own = new ClientCredentials("alice", "", "wonderland"u8.ToArray()) { UseKerberos = true };
        var (client, server) = await RunAsync(_play.Client(mechanism, own), _play.Server(mechanism));
        Assert.Equal("alice", Succeeded(server).AuthenticationId);
        Assert.Equal("alice", Succeeded(client).AuthenticationId);
    }

    [Theory]
    [InlineData("alice", "wrong", FailureKind.BadCredentials)]
    [InlineData("nobody", "wonderland", FailureKind.BadCredentials)]
    [InlineData($"alice@{Kdc.UnreachableRealm}", "wonderland", FailureKind.Temporary)]
    public async Task A_client_without_a_ticket_sends_nothing(string name, string password, FailureKind kind)
    {
        var own = new ClientCredentials(name, "", System.Text.Encoding.UTF8.GetBytes(password)) { UseKerberos = true };
        foreach (var mechanism in new[] { "GSSAPI", "GSS-SPNEGO" })
        {
            using var client = _play.Client(mechanism, own);
            var failure = Failed(kind, (await client.StartAsync()).Outcome!);
            Assert.Equal(name, failure.AuthenticationId);
            Assert.DoesNotContain(password, failure.Reason.Replace("assword", ""));
        }
    }

    [Fact]
    public async Task A_missing_or_foreign_ticket_cache_is_told()
    {
        using var missing = _play.Client("GSSAPI", _play.Alice with { TicketCache = kerberos.Kdc["nothing"] });
        Assert.Contains("nothing", Failed(FailureKind.BadCredentials, (await missing.StartAsync()).Outcome!).Reason);
        using var foreign = _play.Client("GSSAPI", _play.Alice with { AuthenticationId = "bob" });
        Assert.Contains("bob", Failed(FailureKind.BadCredentials, (await foreign.StartAsync()).Outcome!).Reason);
        // The test's environment names a cache that is not there.
        using var none = _play.Client("GSSAPI", new ClientCredentials("", "", default) { UseKerberos = true });
        Failed(FailureKind.BadCredentials, (await none.StartAsync()).Outcome!);
    }

    [Fact]
    public async Task An_expired_ticket_is_told_apart()
    {
        var cache = await kerberos.Kdc.TicketAsync("alice", KerberosFixture.Password, "short", "-l", "1s");
        SaslOutcome? outcome = null;
        await Eventually.TrueAsync(async () =>
        {
            using var client = _play.Client("GSSAPI", _play.Alice with { TicketCache = cache });
            outcome = (await client.StartAsync()).Outcome;
            return outcome is not null;
        }, "the ticket expires");
        Failed(FailureKind.Expired, outcome!);
    }

    [Fact]
    public async Task A_server_that_the_KDC_does_not_know_is_not_trusted()
    {
        using var client = _play.Client("GSSAPI", channel: new() { Service = "pop", HostName = "localhost" });
        Assert.Contains("pop@localhost", Failed(FailureKind.ServerNotTrusted, (await client.StartAsync()).Outcome!).Reason);
        using var nowhere = _play.Client("GSSAPI", channel: new() { Service = "", HostName = "" });
        Assert.IsType<SaslOutcome.Failure>((await nowhere.StartAsync()).Outcome);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_token_is_good_once(string mechanism)
    {
        using var client = _play.Client(mechanism);
        var token = (await client.StartAsync()).Message!.ToArray();
        using var first = _play.Server(mechanism);
        Assert.IsNotType<SaslOutcome.Failure>((await first.StepAsync(token)).Outcome);
        using var second = _play.Server(mechanism);
        Assert.Contains("replay", Failed(FailureKind.BadCredentials, (await second.StepAsync(token)).Outcome!).Reason);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_service_with_another_key_refuses(string mechanism)
    {
        var (_, server) = await RunAsync(_play.Client(mechanism), _play.Server(mechanism, new() { Keytab = kerberos.OldKeytab }));
        Failed(FailureKind.BadCredentials, server);
    }

    [Fact]
    public async Task A_host_may_name_the_service_and_need_not()
    {
        var smtp = new SaslChannel { Service = "smtp", HostName = "localhost" };
        Assert.IsType<SaslOutcome.Success>((await RunAsync(_play.Client("GSSAPI", channel: smtp), _play.Server("GSSAPI"))).Server);
        var imapOnly = _play.ServerSettings with { KerberosService = "imap@localhost" };
        Assert.IsType<SaslOutcome.Success>((await RunAsync(_play.Client("GSSAPI"), _play.Server("GSSAPI", imapOnly))).Server);
        Failed(FailureKind.BadCredentials, (await RunAsync(_play.Client("GSSAPI", channel: smtp), _play.Server("GSSAPI", imapOnly))).Server);
    }

    [Fact]
    public async Task A_server_without_its_keys_fails_for_now()
    {
        foreach (var settings in new[] { new SaslSettings { Keytab = kerberos.Kdc["nothing"] }, new SaslSettings(), _play.ServerSettings with { KerberosService = "pop@localhost" } })
            Assert.Contains("key", Failed(FailureKind.Temporary, (await RunAsync(_play.Client("GSSAPI"), _play.Server("GSSAPI", settings))).Server).Reason);
    }

    [Fact]
    public async Task An_empty_first_message_asks_for_the_first_challenge()
    {
        using var client = _play.Client("GSSAPI");
        using var server = _play.Server("GSSAPI");
        Assert.Empty((await server.StepAsync([])).Message!);
        Assert.NotEmpty((await server.StepAsync((await client.StartAsync()).Message)).Message!);
        using var silent = _play.Server("GSSAPI");
        await silent.StepAsync([]);
        Failed(FailureKind.MalformedMessage, (await silent.StepAsync([])).Outcome!);
    }

    [Fact]
    public async Task The_client_gives_up_while_the_library_works()
    {
        var clients = Enumerable.Range(0, 50).Select(_ => _play.Client("GSSAPI")).ToArray();
        var steps = Array.ConvertAll(clients, c => c.StartAsync().AsTask());
        foreach (var client in clients)
            client.Dispose();
        foreach (var step in steps)
        {
            try
            {
                Assert.NotEqual(default, await step.WaitAsync(TimeSpan.FromSeconds(20)));
            }
            catch (OperationCanceledException)
            {
            }
        }
    }

    [Fact]
    public async Task Many_at_once_get_each_his_own()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => Task.Run(() =>
            RunAsync(_play.Client("GSSAPI", i % 2 == 0 ? _play.Alice : _play.Foreigner), _play.Server("GSSAPI"))))).WaitAsync(TimeSpan.FromSeconds(60));
        for (var i = 0; i < results.Length; i++)
            Assert.Equal(i % 2 == 0 ? "alice" : "alice@OTHER.LOCAL", Succeeded(results[i].Server).AuthenticationId);
    }
}
