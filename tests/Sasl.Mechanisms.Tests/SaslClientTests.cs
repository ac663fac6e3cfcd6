using System.Text;

namespace Sasl.Mechanisms.Tests;

public sealed class SaslClientTests
{
    static readonly SaslChannel _tls = new() { IsEncrypted = true, Bindings = new ChannelBindings((ChannelBindings.EndPoint, new byte[32])) };
    static readonly ClientCredentials _password = new("alice", "", "wonderland"u8.ToArray());

    [Fact]
    public void The_strongest_first_then_the_next_after_a_failure()
    {
        var client = new SaslClient(_password, SaslChannel.Unknown, Policy(p => p with { PlaintextOnlyUnderTls = false }));
        string[] offered = ["LOGIN", "plain", "X-UNKNOWN", "SCRAM-SHA-1", "SCRAM-SHA-256", "CRAM-MD5", "SCRAM-SHA-256-PLUS", "XOAUTH2"];
        Assert.Equal(["SCRAM-SHA-256", "SCRAM-SHA-1", "CRAM-MD5", "PLAIN", "LOGIN"], Run(client, offered));
        Assert.Contains("needs other credentials", client.Next(offered).Reason);
    }

    [Theory]
    [InlineData(BindingFallback.NoPlaintext, new[] { "SCRAM-SHA-256-PLUS", "SCRAM-SHA-512" })]
    [InlineData(BindingFallback.Stop, new[] { "SCRAM-SHA-256-PLUS" })]
    [InlineData(BindingFallback.Anything, new[] { "SCRAM-SHA-256-PLUS", "SCRAM-SHA-512", "PLAIN" })]
    public void After_a_failed_binding_no_password_is_given_away(BindingFallback fallback, string[] expected)
    {
        var client = new SaslClient(_password, _tls, Policy(p => p with { AfterBindingFailure = fallback }));
        Assert.Equal(expected, Run(client, ["PLAIN", "SCRAM-SHA-512", "SCRAM-SHA-256-PLUS"]));
    }

    [Fact]
    public void Also_when_the_list_is_another_afterwards()
    {
        var client = new SaslClient(_password, _tls);
        Assert.Equal("SCRAM-SHA-256-PLUS", client.Next(["SCRAM-SHA-256-PLUS"]).Session?.Mechanism.Name);
        var (session, reason) = client.Next(["PLAIN"]);
        Assert.Null(session);
        Assert.Contains("give the secret away", reason);
    }

    [Fact]
    public void Reasons_when_nothing_fits()
    {
        Assert.Contains("no mechanism that we know", new SaslClient(_password, _tls).Next(["X-UNKNOWN"]).Reason);
        Assert.Contains("not encrypted", new SaslClient(_password, SaslChannel.Unknown).Next(["PLAIN"]).Reason);
        Assert.Contains("needs other credentials", new SaslClient(_password, _tls).Next(["OAUTHBEARER"]).Reason);
        var once = new SaslClient(_password, _tls);
        once.Next(["PLAIN"]);
        Assert.Contains("has failed", once.Next(["PLAIN"]).Reason);
    }

    [Fact]
    public void A_token_goes_before_no_password_and_external_needs_a_proof()
    {
        var token = new ClientCredentials("alice", "", default) { Token = "t"u8.ToArray() };
        Assert.Equal(["OAUTHBEARER", "XOAUTH2"], Run(new SaslClient(token, _tls), ["PLAIN", "XOAUTH2", "OAUTHBEARER", "EXTERNAL"]));
        Assert.Equal(["EXTERNAL", "PLAIN"], Run(new SaslClient(_password, _tls with { ExternalId = "alice" }), ["PLAIN", "EXTERNAL"]));
    }

    // RFC 5802 §6: a list from which the -PLUS names were taken is found out by the server.
    [Fact]
    public async Task A_stripped_offer_is_detected()
    {
        var secret = ScramSecret.Derive(ScramHash.Sha256, "pencil"u8, new byte[16], 4096);
        var server = new SaslServer(new OneSecret(secret));
        var offered = server.Offer(_tls).Select(m => m.Name).Where(n => !n.EndsWith("-PLUS", StringComparison.Ordinal));
        using var client = new SaslClient(new("user", "", "pencil"u8.ToArray()), _tls).Next(offered.Where(n => n == "SCRAM-SHA-256")).Session!;
        using var session = server.Start(client.Mechanism.Name, _tls).Session!;
        var step = await session.StepAsync((await client.StartAsync()).Message);
        Assert.Equal(FailureKind.ChannelBinding, Assert.IsType<SaslOutcome.Failure>(step.Outcome).Kind);
    }

    static List<string> Run(SaslClient client, string[] offered)
    {
        var names = new List<string>();
        while (client.Next(offered).Session is { } session)
        {
            names.Add(session.Mechanism.Name);
            session.Dispose();
        }
        return names;
    }

    static SaslSettings Policy(Func<SaslPolicy, SaslPolicy> change) => SaslSettings.Default with { Policy = change(SaslPolicy.Default) };
}
