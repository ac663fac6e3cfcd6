using CsCheck;
using Sasl.Mechanisms;

namespace Sasl.Mechanisms.Tests;

public sealed class LoginTests
{
    [Fact]
    public async Task Two_prompts() =>
        Assert.Equal(new SaslOutcome.Success("alice", "alice"), await Play.ServerAsync("LOGIN", """
            C: -
            S: Username:
            C: Alice
            S: Password:
            C: wonderland
            """));

    [Fact]
    public async Task The_name_as_initial_response_answers_the_first_prompt() =>
        Assert.Equal(new SaslOutcome.Success("alice", "alice"), await Play.ServerAsync("LOGIN", """
            C: alice
            S: Password:
            C: wonderland
            """));

    [Theory]
    [InlineData("alice", "wrong", FailureKind.BadCredentials, "alice")]
    [InlineData("nobody", "wonderland", FailureKind.BadCredentials, "nobody")]
    [InlineData("alice", "", FailureKind.MalformedMessage, "alice")]
    [InlineData("alice", @"wonderland\0junk", FailureKind.MalformedMessage, null)]
    public async Task Refusals(string user, string password, FailureKind kind, string? id)
    {
        var failure = Assert.IsType<SaslOutcome.Failure>(await Play.ServerAsync("LOGIN", $"C: {user}\nC: {password}"));
        Assert.Equal((kind, id), (failure.Kind, failure.AuthenticationId));
    }

    [Theory]
    [InlineData("")]
    [InlineData(@"alice\0root")]
    public async Task No_name_no_prompt_for_a_password(string user) =>
        Assert.Equal(FailureKind.MalformedMessage, Assert.IsType<SaslOutcome.Failure>(await Play.ServerAsync("LOGIN", $"C: {user}")).Kind);

    [Fact]
    public async Task Client_and_server_agree()
    {
        var (client, server) = await Play.BothAsync("LOGIN", new("alice", "", "wonderland"u8.ToArray()), initial: true);
        Assert.IsType<SaslOutcome.Success>(client);
        Assert.Equal(new SaslOutcome.Success("alice", "alice"), server);
    }

    [Fact]
    public Task Any_bytes_end_in_an_outcome_within_three_steps() => Gen.Byte.Array[0, 20].Array[3].SampleAsync(async messages =>
    {
        using var session = new SaslServerSession(SaslMechanisms.Find("LOGIN")!, new PasswordBook());
        SaslStep step = default;
        foreach (var message in messages)
            step = await session.StepAsync(message);
        Assert.True(step.IsFinished);
    }, iter: 1000);

    [Theory]
    [InlineData("", "alice", "")]
    [InlineData("", "", "wonderland")]
    [InlineData("", "alice", "wonder\0land")]
    [InlineData("bob", "alice", "wonderland")]
    public async Task What_cannot_be_sent_is_not_sent(string authorization, string authentication, string password)
    {
        using var client = new SaslClientSession(SaslMechanisms.Find("LOGIN")!, new(authentication, authorization, System.Text.Encoding.UTF8.GetBytes(password)));
        Assert.Equal(FailureKind.MalformedMessage, Assert.IsType<SaslOutcome.Failure>((await client.StartAsync()).Outcome).Kind);
    }
}
