using System.Text;

namespace Sasl.Mechanisms.Tests;

public sealed class AnonymousLoginTests
{
    // RFC 4505 §3: "sirhc" and an address.
    [Theory]
    [InlineData("sirhc")]
    [InlineData("")]
    [InlineData("who@example.org, é")]
    public async Task A_trace_is_kept_for_the_log(string trace)
    {
        var outcome = Assert.IsType<SaslOutcome.Success>((await StartAsync(Encoding.UTF8.GetBytes(trace))).Outcome);
        Assert.Equal(("anonymous", "anonymous", true, trace), (outcome.AuthenticationId, outcome.AuthorizationId, outcome.IsAnonymous, outcome.Trace));
    }

    [Theory]
    [InlineData(255, true)]
    [InlineData(256, false)]
    public async Task A_trace_ends_at_255_characters(int length, bool isTaken)
    {
        var step = await StartAsync(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("\U0001F600", length))));
        Assert.Equal(isTaken, step.Outcome is SaslOutcome.Success);
    }

    [Theory]
    [InlineData(new byte[] { 0xc3, 0x28 })]
    [InlineData(new byte[] { (byte)'a', 0 })]
    [InlineData(new byte[] { (byte)'a', (byte)'\n' })]
    public async Task Other_bytes_are_malformed(byte[] message) =>
        Assert.Equal(FailureKind.MalformedMessage, Assert.IsType<SaslOutcome.Failure>((await StartAsync(message)).Outcome).Kind);

    [Fact]
    public void It_is_off_unless_the_policy_says_so()
    {
        Assert.DoesNotContain(new SaslServer(new PasswordBook()).Offer(SaslChannel.Unknown), m => m.Name == "ANONYMOUS");
        var open = SaslSettings.Default with { Policy = SaslPolicy.Default with { NoAnonymous = false } };
        Assert.Contains(new SaslServer(new PasswordBook(), open).Offer(SaslChannel.Unknown), m => m.Name == "ANONYMOUS");
    }

    static async Task<SaslStep> StartAsync(byte[] message)
    {
        using var session = new SaslServerSession(SaslMechanisms.Find("ANONYMOUS")!, new PasswordBook());
        return await session.StepAsync(message);
    }
}
