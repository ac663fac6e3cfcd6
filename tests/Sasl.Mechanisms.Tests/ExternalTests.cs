using System.Text;

namespace Sasl.Mechanisms.Tests;

public sealed class ExternalTests
{
    [Theory]
    [InlineData("", "admin")]
    [InlineData("admin", "admin")]
    [InlineData("bob", "bob")]
    public async Task The_channel_proves_who_the_client_is(string asked, string granted) =>
        Assert.Equal(new SaslOutcome.Success("admin", granted), (await StartAsync("admin", Encoding.UTF8.GetBytes(asked))).Outcome);

    [Fact]
    public async Task Without_an_initial_response_the_server_asks()
    {
        using var session = Session("alice");
        Assert.Empty((await session.StepAsync(null)).Message!);
        Assert.Equal(new SaslOutcome.Success("alice", "alice"), (await session.StepAsync([])).Outcome);
    }

    [Theory]
    [InlineData("alice", "bob", FailureKind.NotAuthorized)]
    [InlineData(null, "alice", FailureKind.BadCredentials)]
    [InlineData("alice", "bo\0b", FailureKind.MalformedMessage)]
    public async Task Refusals(string? external, string asked, FailureKind expected) =>
        Assert.Equal(expected, Assert.IsType<SaslOutcome.Failure>((await StartAsync(external, Encoding.UTF8.GetBytes(asked))).Outcome).Kind);

    [Fact]
    public async Task What_is_not_utf8_is_no_identity() =>
        Assert.Equal(FailureKind.MalformedMessage, Assert.IsType<SaslOutcome.Failure>((await StartAsync("alice", [0xc3, 0x28])).Outcome).Kind);

    [Fact]
    public void It_is_offered_only_where_the_channel_proves_somebody()
    {
        var server = new SaslServer(new PasswordBook());
        Assert.DoesNotContain(server.Offer(SaslChannel.Unknown), m => m.Name == "EXTERNAL");
        Assert.Contains(server.Offer(new() { ExternalId = "alice" }), m => m.Name == "EXTERNAL");
        Assert.Null(server.Start("EXTERNAL", SaslChannel.Unknown).Session);
    }

    static SaslServerSession Session(string? external) => new(SaslMechanisms.Find("EXTERNAL")!, new PasswordBook(), new() { ExternalId = external });

    static async Task<SaslStep> StartAsync(string? external, byte[] message)
    {
        using var session = Session(external);
        return await session.StepAsync(message);
    }
}
