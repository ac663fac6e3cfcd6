using System.Text;

namespace Sasl.Mechanisms.Tests.DigestMd5;

/// <summary>Every way for a server to be wrong, and what a client chooses.</summary>
public sealed class DigestClientTests
{
    const string Challenge = "nonce=\"abc\",realm=\"mail.example.org\",qop=\"auth,auth-int,auth-conf\",cipher=\"rc4-40,rc4-56,rc4,des,3des\",maxbuf=65536,charset=utf-8,algorithm=md5-sess";

    [Theory]
    [InlineData("nonce=\"abc\",", "")]
    [InlineData("nonce=\"abc\"", "nonce=\"\"")]
    [InlineData("nonce=\"abc\"", "nonce=abc")]
    [InlineData("nonce=\"abc\"", "nonce=\"a\\bc\"")]
    [InlineData("nonce=\"abc\"", "nonce=\"abc\",nonce=\"abc\"")]
    [InlineData(",algorithm=md5-sess", "")]
    [InlineData("algorithm=md5-sess", "algorithm=md5")]
    [InlineData("algorithm=md5-sess", "algorithm=md5-sess,algorithm=md5-sess")]
    [InlineData("charset=utf-8", "charset=latin1")]
    [InlineData("charset=utf-8", "charset=utf-8,charset=utf-8")]
    [InlineData("maxbuf=65536", "maxbuf=65536,maxbuf=65536")]
    [InlineData("maxbuf=65536", "maxbuf=16")]
    [InlineData("maxbuf=65536", "maxbuf=16777216")]
    [InlineData("maxbuf=65536", "maxbuf=1e3")]
    [InlineData("maxbuf=65536", "stale=true,stale=true")]
    [InlineData("maxbuf=65536", "qop=\"auth\"")]
    [InlineData("maxbuf=65536", "cipher=\"rc4\"")]
    [InlineData("realm=\"mail.example.org\"", "realm=mail.example.org")]
    [InlineData("realm=\"mail.example.org\"", "realm=\"mail.example.org")]
    [InlineData("qop=\"auth,auth-int,auth-conf\"", "qop=auth,auth-int")]
    public async Task Malformed(string right, string wrong)
    {
        Assert.Contains(right, Challenge);
        Assert.Equal(FailureKind.MalformedMessage, Assert.IsType<SaslOutcome.Failure>((await AnswerAsync(Challenge.Replace(right, wrong))).Outcome).Kind);
    }

    [Fact]
    public async Task Lengths()
    {
        var message = Challenge + ",x=\"";
        Assert.NotNull((await AnswerAsync(message + new string('x', 2047 - message.Length - 1) + "\"")).Message);
        Assert.NotNull((await AnswerAsync(message + new string('x', 2048 - message.Length - 1) + "\"")).Outcome);
    }

    [Theory]
    [InlineData(0, 128, "qop=auth-conf,cipher=rc4,")]
    [InlineData(0, 127, "qop=auth-conf,cipher=3des,")]
    [InlineData(0, 111, "qop=auth-conf,cipher=rc4-56,")]
    [InlineData(0, 55, "qop=auth-conf,cipher=des,")]
    [InlineData(0, 54, "qop=auth-conf,cipher=rc4-40,")]
    [InlineData(1, 39, "qop=auth-int,maxbuf=65536")]
    [InlineData(0, 0, "qop=auth")]
    public async Task The_strongest_that_the_policy_permits(int least, int most, string chosen)
    {
        var response = Digest.Text((await AnswerAsync(Challenge, new() { MinSsf = least, MaxSsf = most })).Message);
        Assert.Contains(chosen, response);
        Assert.Equal(most > 0, response.Contains("maxbuf=", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("auth", 1, 128)]
    [InlineData("auth-conf", 0, 0)]
    [InlineData("token,other", 0, 128)]
    [InlineData("auth,auth-int", 40, 128)]
    public async Task Nothing_that_the_policy_permits(string qop, int least, int most)
    {
        var step = await AnswerAsync(Challenge.Replace("auth,auth-int,auth-conf", qop), new() { MinSsf = least, MaxSsf = most });
        Assert.Equal(FailureKind.ServerNotTrusted, Assert.IsType<SaslOutcome.Failure>(step.Outcome).Kind);
    }

    [Fact]
    public async Task A_cipher_that_leaves_no_room_is_passed_over()
    {
        Assert.Contains("qop=auth-int", Digest.Text((await AnswerAsync(Challenge.Replace("65536", "29"))).Message));
        Assert.EndsWith("qop=auth", Digest.Text((await AnswerAsync(Challenge.Replace("65536", "20"))).Message));
    }

    [Theory]
    [InlineData("realm=\"a\",realm=\"b\"", null, "realm=\"a\"")]
    [InlineData("realm=\"a\",realm=\"b\"", "b", "realm=\"b\"")]
    [InlineData("realm=\"a\",realm=\"b\"", "c", null)]
    [InlineData("x=y", null, "username=\"user\",nonce")]
    [InlineData("x=y", "c", "realm=\"c\"")]
    [InlineData("realm=\"\"", null, "realm=\"\"")]
    [InlineData("realm=\"say \\\"a\\\\\\\"\"", null, "realm=\"say \\\"a\\\\\\\"\"")]
    public async Task The_realm(string offered, string? wanted, string? sent)
    {
        var step = await AnswerAsync(Challenge.Replace("realm=\"mail.example.org\"", offered), own: Digest.Own with { Realm = wanted });
        if (sent is null)
            Assert.Equal(FailureKind.MalformedMessage, Assert.IsType<SaslOutcome.Failure>(step.Outcome).Kind);
        else
            Assert.Contains(sent, Digest.Text(step.Message));
    }

    [Fact]
    public async Task Without_a_charset_everything_is_latin_1()
    {
        var challenge = Challenge.Replace("charset=utf-8,", "");
        var own = Digest.Own with { AuthenticationId = "j\u00fcrgen" };
        var message = (await AnswerAsync(challenge, own: own)).Message;
        Assert.StartsWith("username=\"j\u00fcrgen\"", Encoding.Latin1.GetString(message!));
        Assert.IsType<SaslOutcome.Failure>((await AnswerAsync(challenge, own: own with { AuthenticationId = "\u0436enya" })).Outcome);
        Assert.IsType<SaslOutcome.Failure>((await AnswerAsync(challenge, own: own with { Password = "\u0436"u8.ToArray() })).Outcome);
    }

    [Theory]
    [InlineData("", "pencil", "imap", "mail.example.org")]
    [InlineData("us\u0001er", "pencil", "imap", "mail.example.org")]
    [InlineData("user", "", "imap", "mail.example.org")]
    [InlineData("user", "pen\0cil", "imap", "mail.example.org")]
    [InlineData("user", "pencil", "", "mail.example.org")]
    [InlineData("user", "pencil", "imap", "")]
    public async Task What_cannot_be_sent_is_not_sent(string name, string password, string service, string host)
    {
        using var client = new SaslClientSession(Digest.Mechanism, new(name, "", Digest.Bytes(password)), new() { Service = service, HostName = host });
        Assert.Equal(FailureKind.MalformedMessage, Assert.IsType<SaslOutcome.Failure>((await client.StartAsync()).Outcome).Kind);
    }

    [Theory]
    [InlineData("rspauth=00000000000000000000000000000000", FailureKind.ServerNotTrusted)]
    [InlineData("rspauth=", FailureKind.ServerNotTrusted)]
    [InlineData("rspauth=0,rspauth=0", FailureKind.ServerNotTrusted)]
    [InlineData("rspauth=0", FailureKind.ServerNotTrusted)]
    [InlineData("", FailureKind.MalformedMessage)]
    [InlineData("ok", FailureKind.MalformedMessage)]
    [InlineData(Challenge, FailureKind.MalformedMessage)]
    public async Task A_server_that_does_not_know_the_password(string verdict, FailureKind kind)
    {
        foreach (var isFinalData in new[] { true, false })
        {
            using var client = new SaslClientSession(Digest.Mechanism, Digest.Own, Digest.Channel, Digest.Settings);
            await client.StartAsync();
            await client.StepAsync(Digest.Bytes(Challenge));
            var outcome = isFinalData ? await client.FinishAsync(Digest.Bytes(verdict)) : (await client.StepAsync(Digest.Bytes(verdict))).Outcome;
            Assert.Equal(kind, Assert.IsType<SaslOutcome.Failure>(outcome).Kind);
        }
    }

    [Fact]
    public async Task A_server_that_says_yes_too_early()
    {
        using var client = new SaslClientSession(Digest.Mechanism, Digest.Own, Digest.Channel, Digest.Settings);
        await client.StartAsync();
        Assert.IsType<SaslOutcome.Failure>(await client.FinishAsync(null));
        await client.StepAsync(Digest.Bytes(Challenge));
        Assert.IsType<SaslOutcome.Failure>(await client.FinishAsync(null));
    }

    [Fact]
    public async Task The_proof_may_come_as_a_challenge_too()
    {
        using var client = new SaslClientSession(Digest.Mechanism, Digest.Own, Digest.Channel, Digest.Settings);
        using var server = new SaslServerSession(Digest.Mechanism, Digest.Credentials, Digest.Channel, Digest.Settings);
        await client.StartAsync();
        var step = await server.StepAsync((await client.StepAsync((await server.StepAsync(null)).Message!)).Message);
        var final = Assert.IsType<SaslOutcome.Success>(step.Outcome).FinalData!;
        Assert.Empty((await client.StepAsync(final)).Message!);
        Assert.NotNull(Assert.IsType<SaslOutcome.Success>(await client.FinishAsync(null)).Layer);
    }

    static async Task<SaslStep> AnswerAsync(string challenge, SaslPolicy? policy = null, ClientCredentials? own = null)
    {
        using var client = new SaslClientSession(Digest.Mechanism, own ?? Digest.Own, Digest.Channel, Digest.Settings with { Policy = policy ?? Digest.Settings.Policy });
        Assert.Equal(default, await client.StartAsync());
        var step = await client.StepAsync(Digest.Bytes(challenge));
        // The session zeroes its messages.
        return step.Message is { } message ? new((byte[])message.Clone(), null) : step;
    }
}
