using System.Text;

namespace Sasl.Mechanisms.Tests.Scram;

/// <summary>A user with several passwords, each of which logs in by SCRAM.</summary>
public sealed class ScramAlternativesTests
{
    static readonly byte[] _salt = "salt of sixteen."u8.ToArray();
    static readonly SaslChannel _bound = new() { IsEncrypted = true, Bindings = new ChannelBindings((ChannelBindings.Exporter, "binding"u8.ToArray())) };

    static ScramSecret Secret(string password, ScramHash? hash = null, byte[]? salt = null, int iterations = 4096) =>
        ScramSecret.Derive(hash ?? ScramHash.Sha256, Encoding.UTF8.GetBytes(password), salt ?? _salt, iterations);

    static async Task<(SaslOutcome Server, SaslOutcome? Client)> LogInAsync(StoredSecret stored, string password, string mechanism)
    {
        var (book, channel) = (new OneSecret(stored), mechanism.EndsWith("-PLUS", StringComparison.Ordinal) ? _bound : null);
        using var server = new SaslServerSession(SaslMechanisms.Find(mechanism)!, book, channel);
        using var client = new SaslClientSession(SaslMechanisms.Find(mechanism)!, new ClientCredentials("user", "", Encoding.UTF8.GetBytes(password)), channel);
        var answer = await server.StepAsync((await client.StartAsync()).Message);
        while (answer.Outcome is null)
            answer = await server.StepAsync((await client.StepAsync(answer.Message!)).Message);
        return (answer.Outcome, answer.Outcome is SaslOutcome.Success { FinalData: { } final } ? await client.FinishAsync(final) : null);
    }

    [Theory]
    [InlineData("SCRAM-SHA-1")]
    [InlineData("SCRAM-SHA-256")]
    [InlineData("SCRAM-SHA-512")]
    [InlineData("SCRAM-SHA-256-PLUS")]
    public async Task Each_of_them_logs_in_and_the_host_is_told_which(string mechanism)
    {
        string[] passwords = ["main", "phone", "laptop"];
        var secrets = passwords.Select(p => Secret(p, ScramHash.Of(mechanism))).ToArray();
        for (var i = 0; i < passwords.Length; i++)
        {
            var (server, client) = await LogInAsync(new ScramAlternatives(secrets), passwords[i], mechanism);
            Assert.Same(secrets[i], Assert.IsType<SaslOutcome.Success>(server).Secret);
            // The client believes it: the signature was made with the key of its own password.
            Assert.IsType<SaslOutcome.Success>(client);
        }
        var (refused, _) = await LogInAsync(new ScramAlternatives(secrets), "another", mechanism);
        Assert.Equal(FailureKind.BadCredentials, Assert.IsType<SaslOutcome.Failure>(refused).Kind);
    }

    [Fact]
    public async Task One_alone_is_told_too()
    {
        var secret = Secret("pencil");
        Assert.Same(secret, Assert.IsType<SaslOutcome.Success>((await LogInAsync(secret, "pencil", "SCRAM-SHA-256")).Server).Secret);
        var cleartext = new CleartextSecret("pencil"u8.ToArray());
        Assert.Same(cleartext, Assert.IsType<SaslOutcome.Success>((await LogInAsync(cleartext, "pencil", "SCRAM-SHA-256")).Server).Secret);
    }

    [Fact]
    public void What_a_server_cannot_show_one_challenge_for_is_refused()
    {
        Assert.Throws<ArgumentException>(() => new ScramAlternatives([]));
        foreach (var other in new[] { Secret("b", salt: "another salt, 16"u8.ToArray()), Secret("b", iterations: 4097), Secret("b", ScramHash.Sha512) })
            Assert.Throws<ArgumentException>(() => new ScramAlternatives([Secret("a"), other]));
        Assert.DoesNotContain(Convert.ToBase64String(Secret("a").StoredKey.Span), new ScramAlternatives([Secret("a")]).ToString());
    }
}
