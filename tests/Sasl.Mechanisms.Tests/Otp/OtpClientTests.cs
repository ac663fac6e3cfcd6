using System.Text;

namespace Sasl.Mechanisms.Tests.Otp;

public sealed class OtpClientTests
{
    static readonly ClientCredentials _own = new("alice", "", "This is a test."u8.ToArray());

    [Theory]
    [InlineData("otp-md5 499 ke1234 ext", "hex:5bf075d9959d036f")]
    [InlineData("  otp-md5 0499\tKE1234 \r\n ext,foo", "hex:5bf075d9959d036f")]
    [InlineData("otp-md5 99 TeSt ext", "hex:50fe1962c4965880")]
    [InlineData("otp-sha1 99 TeSt ext", "hex:87fec7768b73ccf9")]
    [InlineData("otp-md4 99 TeSt ext other", "hex:c5e612776e6c237a")]
    public async Task Answers(string challenge, string answer)
    {
        var step = await ChallengeAsync(_own, challenge, SaslSettings.Default);
        Assert.Equal(answer, Encoding.ASCII.GetString(step.Message!));
    }

    [Theory]
    [InlineData("")]
    [InlineData("otp-md5 499 ke1234")]
    [InlineData("otp-md5 499 ke1234 extra")]
    [InlineData("otp-md6 499 ke1234 ext")]
    [InlineData("md5 499 ke1234 ext")]
    [InlineData("otp-md5 0 ke1234 ext")]
    [InlineData("otp-md5 10000 ke1234 ext")]
    [InlineData("otp-md5 -1 ke1234 ext")]
    [InlineData("otp-md5 99999999999999999999 ke1234 ext")]
    [InlineData("otp-md5 499 12345678901234567 ext")]
    [InlineData("otp-md5 499 ke_1234 ext")]
    [InlineData("otp-md5 499 ké1234 ext")]
    [InlineData("otp-md5 499 ke1234 ext                                                                                ")]
    public async Task What_is_no_extended_challenge_is_not_answered(string challenge) =>
        Assert.Equal(FailureKind.MalformedMessage, Assert.IsType<SaslOutcome.Failure>((await ChallengeAsync(_own, challenge, SaslSettings.Default)).Outcome).Kind);

    [Fact]
    public async Task Says_who_and_as_whom()
    {
        using var client = new SaslClientSession(SaslMechanisms.Find("OTP")!, _own with { AuthorizationId = "bob" });
        Assert.Equal("bob\0alice", Encoding.UTF8.GetString((await client.StartAsync()).Message!));
    }

    [Fact]
    public async Task Names_of_more_than_255_octets_are_not_sent()
    {
        foreach (var own in new[] { _own with { AuthenticationId = new string('é', 128) }, _own with { AuthorizationId = new string('a', 256) }, _own with { Password = default } })
        {
            using var client = new SaslClientSession(SaslMechanisms.Find("OTP")!, own);
            Assert.IsType<SaslOutcome.Failure>((await client.StartAsync()).Outcome);
        }
    }

    [Theory]
    [InlineData(0, 20, "This is a test.", false)]
    [InlineData(10, 10, "This is a test.", false)]
    [InlineData(10, 9, "This is a test.", true)]
    // RFC 2289 §6: too short for a new sequence; an old one is still answered.
    [InlineData(10, 9, "too short", false)]
    public async Task Begins_a_new_sequence_when_few_are_left(int below, int number, string passPhrase, bool isNew)
    {
        var hash = OtpHash.Sha1;
        var own = _own with { Password = Encoding.ASCII.GetBytes(passPhrase) };
        var book = new OtpBook(new(hash, number + 1, "ma0001", hash.Compute(own.Password.Span, "ma0001", number + 1)));
        var settings = SaslSettings.Default with { OtpRenewBelow = below };
        var channel = new SaslChannel { HostName = "mail.example.org" };
        Assert.Equal(new SaslOutcome.Success("alice", "alice"), await LoginAsync(book, own, channel, settings));
        Assert.Equal(isNew ? 499 : number, book.State.Sequence);
        Assert.Equal(isNew, book.State.Seed != "ma0001");
        Assert.Matches("^ma[0-9]{4}$", book.State.Seed);
        // And on with it.
        Assert.IsType<SaslOutcome.Success>(await LoginAsync(book, own, channel, settings));
    }

    [Fact]
    public async Task Never_takes_the_old_seed_for_the_new_sequence()
    {
        var rolls = new Queue<byte>([0, 0, 1]);
        // 0 makes ma0001, which is the one that there is.
        var settings = SaslSettings.Default with { OtpRenewBelow = 500, Random = m => { m.Span.Clear(); m.Span[3] = rolls.Dequeue(); } };
        var book = new OtpBook(OtpSecret.Derive(OtpHash.Md5, _own.Password.Span, 100, "ma0001"));
        Assert.IsType<SaslOutcome.Success>(await LoginAsync(book, _own, new() { HostName = "mail.example.org" }, settings));
        Assert.Equal("ma0002", book.State.Seed);
    }

    static async Task<SaslStep> ChallengeAsync(ClientCredentials own, string challenge, SaslSettings settings)
    {
        using var client = new SaslClientSession(SaslMechanisms.Find("OTP")!, own, settings: settings);
        await client.StartAsync();
        var step = await client.StepAsync(Encoding.UTF8.GetBytes(challenge));
        return step with { Message = (byte[]?)step.Message?.Clone() };
    }

    static async Task<SaslOutcome?> LoginAsync(OtpBook book, ClientCredentials own, SaslChannel channel, SaslSettings settings)
    {
        using var client = new SaslClientSession(SaslMechanisms.Find("OTP")!, own, channel, settings);
        using var server = new SaslServerSession(client.Mechanism, book, channel, settings);
        var challenge = await server.StepAsync((await client.StartAsync()).Message);
        var last = await server.StepAsync((await client.StepAsync(challenge.Message!)).Message);
        Assert.IsType<SaslOutcome.Success>(await client.FinishAsync(null));
        return last.Outcome;
    }
}
