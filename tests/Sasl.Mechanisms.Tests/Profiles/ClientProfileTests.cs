using System.Text;

namespace Sasl.Mechanisms.Tests.Profiles;

public sealed class ClientProfileTests
{
    static readonly ClientCredentials _own = new("user", "", "pencil"u8.ToArray());

    static ClientProfile Client(SaslProfile profile, string mechanism, ClientCredentials? own = null) => new(profile, new(SaslMechanisms.Find(mechanism)!, own ?? _own, new() { IsEncrypted = true }));

    // "AUTH PLAIN" and a blank and the line end: 13 bytes, and the base64 of the rest.
    [Theory]
    [InlineData("SMTP", 372 - 6, true)]
    [InlineData("SMTP", 375 - 6, false)]
    [InlineData("POP3", 180 - 6, true)]
    [InlineData("POP3", 183 - 6, false)]
    [InlineData("IMAP", 5000, true)]
    [InlineData("LDAP", 5000, true)]
    public async Task An_initial_response_that_does_not_fit_the_line_waits_for_the_challenge(string name, int password, bool fits)
    {
        var profile = new[] { SaslProfile.Smtp, SaslProfile.Pop3, SaslProfile.Imap, SaslProfile.Ldap }.Single(p => p.Name == name);
        using var client = Client(profile, "PLAIN", _own with { Password = Enumerable.Repeat((byte)'x', password).ToArray() });
        var start = await client.StartAsync("AUTH PLAIN");
        Assert.Equal(fits, start.Text is not null);
        if (fits)
        {
            Assert.True(profile.LongestCommand is null || "AUTH PLAIN".Length + 1 + start.Text!.Length + 2 <= profile.LongestCommand);
            return;
        }
        // Not before the server has it.
        Assert.IsType<SaslOutcome.Failure>(await client.FinishAsync());
        var answer = await client.AnswerAsync([]);
        Assert.Equal(6 + password, Convert.FromBase64String(Encoding.ASCII.GetString(answer.Text!)).Length);
        Assert.IsType<SaslOutcome.Success>(await client.FinishAsync());
    }

    [Fact]
    public async Task What_is_held_back_answers_an_empty_challenge_only()
    {
        using var client = Client(SaslProfile.Smtp, "PLAIN", _own with { Password = new byte[1000].Select(_ => (byte)'x').ToArray() });
        Assert.Equal(default, await client.StartAsync("AUTH PLAIN"));
        var step = await client.AnswerAsync("VXNlcm5hbWU6"u8.ToArray());
        Assert.Equal(("*", FailureKind.ServerNotTrusted), (Encoding.ASCII.GetString(step.Text!), Assert.IsType<SaslOutcome.Failure>(step.Outcome).Kind));
    }

    [Theory]
    [InlineData("SMTP", "*")]
    [InlineData("IMAP", "*")]
    [InlineData("POP3", "*")]
    [InlineData("ManageSieve", "\"*\"")]
    [InlineData("XMPP", null)]
    public async Task A_challenge_that_is_not_base64_is_given_up_for_good(string name, string? mark)
    {
        var profile = new[] { SaslProfile.Smtp, SaslProfile.Pop3, SaslProfile.Imap, SaslProfile.ManageSieve, SaslProfile.Xmpp }.Single(p => p.Name == name);
        using var client = Client(profile, "PLAIN");
        Assert.NotNull((await client.StartAsync("AUTH PLAIN")).Text);
        var step = await client.AnswerAsync("go ahead"u8.ToArray());
        Assert.Equal((mark, ProfileFault.Encoding), (step.Text is null ? null : Encoding.ASCII.GetString(step.Text), step.Fault));
        Assert.Equal(step, await client.AnswerAsync([]));
        Assert.IsType<SaslOutcome.Failure>(await client.FinishAsync());
    }

    [Fact]
    public async Task A_failure_of_the_mechanism_gives_up_too()
    {
        using var client = Client(SaslProfile.Imap, "SCRAM-SHA-256");
        await client.StartAsync("a AUTHENTICATE SCRAM-SHA-256");
        var step = await client.AnswerAsync("cj1ub25zZW5zZQ=="u8.ToArray());
        Assert.Equal(("*", ProfileFault.None), (Encoding.ASCII.GetString(step.Text!), step.Fault));
        Assert.True(step.IsFinished);
    }

    [Fact]
    public async Task Data_with_success_that_are_not_base64()
    {
        using var client = Client(SaslProfile.Xmpp, "SCRAM-SHA-256");
        await client.StartAsync("");
        Assert.Equal(FailureKind.MalformedMessage, Assert.IsType<SaslOutcome.Failure>(await client.FinishAsync("!"u8.ToArray())).Kind);
    }

    [Fact]
    public async Task Credentials_that_cannot_be_sent_begin_nothing()
    {
        using var client = Client(SaslProfile.Smtp, "PLAIN", _own with { Password = "a\0b"u8.ToArray() });
        var step = await client.StartAsync("AUTH PLAIN");
        Assert.Equal((null, FailureKind.MalformedMessage), (step.Text, Assert.IsType<SaslOutcome.Failure>(step.Outcome).Kind));
    }

    [Fact]
    public async Task What_was_sent_is_zeroed_at_the_end()
    {
        byte[] text;
        using (var client = Client(SaslProfile.Smtp, "PLAIN"))
            text = (await client.StartAsync("AUTH PLAIN")).Text!;
        Assert.All(text, b => Assert.Equal(0, b));
    }
}
