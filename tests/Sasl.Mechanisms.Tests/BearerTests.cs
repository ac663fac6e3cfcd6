using System.Text;

namespace Sasl.Mechanisms.Tests;

/// <summary>OAUTHBEARER (RFC 7628) and XOAUTH2. "^" stands for the byte 0x01.</summary>
public sealed class BearerTests
{
    static readonly SaslSettings _settings = SaslSettings.Default with { OAuthScope = "mail \"all\"", OpenIdConfiguration = "https://id.example.org/.well-known/openid-configuration" };

    // RFC 7628 §4.1, with its token.
    [Theory]
    [InlineData("OAUTHBEARER", "n,a=user@example.com,^host=server.example.com^port=143^auth=Bearer vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==^^")]
    [InlineData("OAUTHBEARER", "n,,^auth=bearer   vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==^^")]
    [InlineData("OAUTHBEARER", "y,,^auth=BEARER vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==^^")]
    [InlineData("XOAUTH2", "user=user@example.com^auth=Bearer vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==^^")]
    public async Task A_good_token(string mechanism, string message)
    {
        var outcome = Assert.IsType<SaslOutcome.Success>((await StartAsync(mechanism, message)).Outcome);
        Assert.Equal(("user@example.com", "user@example.com"), (outcome.AuthenticationId, outcome.AuthorizationId));
    }

    [Theory]
    [InlineData("OAUTHBEARER", "n,a=other@example.com,^auth=Bearer vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==^^", FailureKind.NotAuthorized)]
    [InlineData("OAUTHBEARER", "n,a=user@example.com,^auth=Bearer stolen^^", FailureKind.BadCredentials)]
    [InlineData("OAUTHBEARER", "n,a=user@example.com,^^", FailureKind.BadCredentials)] // RFC 7628 §4.3: asks where to get a token
    [InlineData("XOAUTH2", "user=user@example.com^auth=Bearer stolen^^", FailureKind.BadCredentials)]
    [InlineData("XOAUTH2", "user=other@example.com^auth=Bearer vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==^^", FailureKind.NotAuthorized)]
    public async Task A_refusal_is_told_and_then_final(string mechanism, string message, FailureKind expected)
    {
        using var session = new SaslServerSession(SaslMechanisms.Find(mechanism)!, new TokenBook(), settings: _settings);
        var step = await session.StepAsync(Bytes(message));
        var error = System.Text.Json.JsonDocument.Parse(step.Message!).RootElement;
        Assert.Equal("mail \"all\"", error.GetProperty("scope").GetString());
        if (mechanism == "OAUTHBEARER")
        {
            Assert.Equal("invalid_token", error.GetProperty("status").GetString());
            Assert.Equal(_settings.OpenIdConfiguration, error.GetProperty("openid-configuration").GetString());
        }
        // Whatever the client answers.
        var end = await session.StepAsync(Bytes(mechanism == "OAUTHBEARER" ? "^" : ""));
        Assert.Equal(expected, Assert.IsType<SaslOutcome.Failure>(end.Outcome).Kind);
    }

    [Theory]
    [InlineData("OAUTHBEARER", "")]
    [InlineData("OAUTHBEARER", "n,,")]
    [InlineData("OAUTHBEARER", "n,,^")]
    [InlineData("OAUTHBEARER", "n,,auth=Bearer t^^")]
    [InlineData("OAUTHBEARER", "n,,^auth=Bearer t")]
    [InlineData("OAUTHBEARER", "n,,^auth=Bearer t^")]
    [InlineData("OAUTHBEARER", "n,,^auth=Bearer t^^junk")]
    [InlineData("OAUTHBEARER", "n,,^auth=Bearer t^^^")]
    [InlineData("OAUTHBEARER", "n,,^auth=Bearer t^auth=Bearer u^^")]
    [InlineData("OAUTHBEARER", "n,,^auth=Basic dDp0^^")]
    [InlineData("OAUTHBEARER", "n,,^auth=Bearer ^^")]
    [InlineData("OAUTHBEARER", "n,,^auth=Bearer^^")]
    [InlineData("OAUTHBEARER", "n,,^auth=Bearer a b^^")]
    [InlineData("OAUTHBEARER", "n,,^auth=Bearer té^^")]
    [InlineData("OAUTHBEARER", "n,,^=x^auth=Bearer t^^")]
    [InlineData("OAUTHBEARER", "n,,^k1=x^auth=Bearer t^^")]
    [InlineData("OAUTHBEARER", "n,,^host=h\u00e9^auth=Bearer t^^")]
    [InlineData("OAUTHBEARER", "n,,^host^auth=Bearer t^^")]
    [InlineData("OAUTHBEARER", "p=tls-exporter,,^auth=Bearer t^^")]
    [InlineData("OAUTHBEARER", "n,,^auth=Bearer t\0^^")]
    [InlineData("XOAUTH2", "")]
    [InlineData("XOAUTH2", "user=^auth=Bearer t^^")]
    [InlineData("XOAUTH2", "user=u")]
    [InlineData("XOAUTH2", "user=u^auth=Bearer t^")]
    [InlineData("XOAUTH2", "User=u^auth=Bearer t^^")]
    [InlineData("XOAUTH2", "auth=Bearer t^user=u^^")]
    public async Task Malformed_messages(string mechanism, string message)
    {
        Assert.Equal(FailureKind.MalformedMessage, Assert.IsType<SaslOutcome.Failure>((await StartAsync(mechanism, message)).Outcome).Kind);
    }

    [Theory]
    [InlineData("OAUTHBEARER", "n,a=user@example.com,^host=mail.example.org^auth=Bearer to.ken==^^", "^")]
    [InlineData("XOAUTH2", "user=user@example.com^auth=Bearer to.ken==^^", "")]
    public async Task The_clients_side(string mechanism, string message, string answer)
    {
        var own = new ClientCredentials("user@example.com", "", default) { Token = "to.ken=="u8.ToArray() };
        var channel = new SaslChannel { HostName = "mail.example.org" };
        using var good = new SaslClientSession(SaslMechanisms.Find(mechanism)!, own, channel);
        Assert.Equal(Bytes(message), (await good.StartAsync()).Message);
        Assert.IsType<SaslOutcome.Success>(await good.FinishAsync(null));

        using var bad = new SaslClientSession(SaslMechanisms.Find(mechanism)!, own, channel);
        await bad.StartAsync();
        Assert.Equal(Bytes(answer), (await bad.StepAsync(Bytes("{\"status\":\"invalid_token\"}\r\nInjected: line"))).Message);
        // A yes after a no is none.
        var failure = Assert.IsType<SaslOutcome.Failure>(await bad.FinishAsync(null));
        Assert.Equal(FailureKind.BadCredentials, failure.Kind);
        Assert.Contains("invalid_token", failure.Reason);
        Assert.DoesNotContain('\n', failure.Reason);
    }

    [Fact]
    public async Task Without_a_token_nothing_is_sent()
    {
        foreach (var token in new[] { "", "=", "to ken", "tok\u0001en" })
        {
            using var client = new SaslClientSession(SaslMechanisms.Find("OAUTHBEARER")!, new("user", "", default) { Token = Encoding.UTF8.GetBytes(token) });
            Assert.IsType<SaslOutcome.Failure>((await client.StartAsync()).Outcome);
        }
    }

    static async Task<SaslStep> StartAsync(string mechanism, string message)
    {
        using var session = new SaslServerSession(SaslMechanisms.Find(mechanism)!, new TokenBook(), settings: _settings);
        return await session.StepAsync(Bytes(message));
    }

    static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text.Replace('^', '\x01'));

    sealed class TokenBook : ISaslCredentials
    {
        public ValueTask<Verification> VerifyPasswordAsync(string authenticationId, ReadOnlyMemory<byte> password, CancellationToken stop) => throw new NotSupportedException();

        public ValueTask<Verification> ValidateTokenAsync(string authenticationId, ReadOnlyMemory<byte> token, CancellationToken stop) =>
            new(token.Span.SequenceEqual("vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg=="u8) ? Verification.Accepted("user@example.com")
                : Verification.Refused(FailureKind.BadCredentials, "unknown token"));
    }
}
