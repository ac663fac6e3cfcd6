namespace Sasl.Mechanisms.Tests;

public sealed class SaslPolicyTests
{
    static readonly SaslChannel _tls = new() { IsEncrypted = true, ExternalSsf = 256, Bindings = new ChannelBindings((ChannelBindings.EndPoint, new byte[32])) };

    /// <summary>Policy, mechanism, whether the channel is TLS; a word of the reason, or null when it is allowed.</summary>
    public static TheoryData<SaslPolicy, string, bool, string?> Cases => new()
    {
        { new(), "PLAIN", true, null },
        { new(), "PLAIN", false, "not encrypted" },
        { new(), "OAUTHBEARER", false, "not encrypted" },
        { new(), "LOGIN", false, "not encrypted" },
        { new() { PlaintextOnlyUnderTls = false }, "PLAIN", false, null },
        { new() { NoPlaintext = true }, "PLAIN", true, "secret itself" },
        { new() { NoPlaintext = true }, "XOAUTH2", true, "secret itself" },
        { new() { NoPlaintext = true }, "CRAM-MD5", true, null },
        { new(), "SCRAM-SHA-256", false, null },
        { new(), "SCRAM-SHA-256-PLUS", true, null },
        { new(), "SCRAM-SHA-256-PLUS", false, "channel binding" },
        { new(), "ANONYMOUS", true, "nobody" },
        { new() { NoAnonymous = false }, "ANONYMOUS", false, null },
        { new() { NoActive = true }, "CRAM-MD5", true, "attacked" },
        { new() { NoActive = true }, "SCRAM-SHA-1", true, null },
        { new() { NoDictionary = true }, "CRAM-MD5", true, "try passwords" },
        { new() { MutualAuth = true }, "CRAM-MD5", true, "prove the server" },
        { new() { MutualAuth = true }, "SCRAM-SHA-512", false, null },
        { new() { ForwardSecrecy = true }, "SCRAM-SHA-512", true, "forward secrecy" },
        { new() { Allowed = ["scram-sha-256"] }, "SCRAM-SHA-256", false, null },
        { new() { Allowed = ["scram-sha-256"] }, "PLAIN", true, "allowed" },
        { new() { Allowed = [] }, "PLAIN", true, "allowed" },
        { new() { MinSsf = 128 }, "SCRAM-SHA-256", true, null },
        { new() { MinSsf = 128 }, "SCRAM-SHA-256", false, "too weak" },
        { new() { MinSsf = 257, MaxSsf = 256 }, "SCRAM-SHA-256", true, "too weak" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_reason_or_none(SaslPolicy policy, string mechanism, bool isTls, string? reason)
    {
        var refusal = policy.Refuse(SaslMechanisms.Find(mechanism)!, isTls ? _tls : SaslChannel.Unknown);
        if (reason is null)
            Assert.Null(refusal);
        else
            Assert.Contains(reason, refusal);
    }

    [Fact]
    public void A_server_offers_and_starts_what_the_policy_allows_strongest_first()
    {
        var server = new SaslServer(new PasswordBook());
        Assert.Equal(SaslMechanisms.All.Where(m => m.Flags.HasFlag(MechanismFlags.ChannelBinding)).Select(m => m.Name).Order(),
            server.Offer(_tls).TakeWhile(m => m.Name.EndsWith("-PLUS", StringComparison.Ordinal)).Select(m => m.Name).Order());
        Assert.DoesNotContain(server.Offer(SaslChannel.Unknown), m => m.Flags.HasFlag(MechanismFlags.Plaintext) || m.Flags.HasFlag(MechanismFlags.ChannelBinding));
        Assert.Contains("not encrypted", server.Start("plain", SaslChannel.Unknown).Reason);
        Assert.Contains("no such mechanism", server.Start("X-UNKNOWN", _tls).Reason);
        using var session = server.Start("plain", _tls).Session;
        Assert.Equal("PLAIN", session!.Mechanism.Name);
    }

    // A client that says "y" tells the truth when the policy keeps every -PLUS mechanism from the list.
    [Fact]
    public async Task A_y_flag_is_no_lie_when_nothing_bound_was_offered()
    {
        var secret = ScramSecret.Derive(ScramHash.Sha256, "pencil"u8, new byte[16], 4096);
        var open = new SaslServer(new OneSecret(secret));
        var closed = new SaslServer(new OneSecret(secret), SaslSettings.Default with { Policy = new() { Allowed = ["SCRAM-SHA-256"] } });
        using var refused = open.Start("SCRAM-SHA-256", _tls).Session!;
        Assert.Equal(FailureKind.ChannelBinding, ((await refused.StepAsync("y,,n=user,r=abc"u8.ToArray())).Outcome as SaslOutcome.Failure)?.Kind);
        using var taken = closed.Start("SCRAM-SHA-256", _tls).Session!;
        Assert.Null((await taken.StepAsync("y,,n=user,r=abc"u8.ToArray())).Outcome);
    }
}
