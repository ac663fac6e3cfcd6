using System.Text;
using CsCheck;

namespace Sasl.Mechanisms.Tests;

public sealed class CramMd5Tests
{
    static readonly SaslMechanism _mechanism = SaslMechanisms.Find("CRAM-MD5")!;

    // RFC 2195 §2: user "tim", secret "tanstaaftanstaaf".
    [Fact]
    public async Task The_example_of_the_rfc()
    {
        using var client = new SaslClientSession(_mechanism, new("tim", "", "tanstaaftanstaaf"u8.ToArray()));
        Assert.Equal(default, await client.StartAsync());
        var step = await client.StepAsync("<1896.697170952@postoffice.reston.mci.net>"u8.ToArray());
        Assert.Equal("tim b913a602c7eda7a495b4e6e7334d3890", Encoding.UTF8.GetString(step.Message!));
        Assert.IsType<SaslOutcome.Success>(await client.FinishAsync(null));
    }

    [Fact]
    public async Task The_challenge_is_a_message_id_and_new_each_time()
    {
        var channel = new SaslChannel { HostName = "mail.example.org" };
        var seen = new HashSet<string>();
        for (var i = 0; i < 10; i++)
        {
            using var server = new SaslServerSession(_mechanism, new OneSecret(new CleartextSecret("x"u8.ToArray())), channel);
            var challenge = Encoding.UTF8.GetString((await server.StepAsync(null)).Message!);
            Assert.Matches(@"^<[0-9a-f]{32}\.[0-9]+@mail\.example\.org>$", challenge);
            Assert.True(seen.Add(challenge));
        }
    }

    [Theory]
    [InlineData("user", "secret", null)]
    [InlineData("user", "Secret", FailureKind.BadCredentials)]
    [InlineData("nobody", "secret", FailureKind.BadCredentials)]
    public async Task With_a_cleartext_and_with_a_stored_state(string user, string password, FailureKind? expected)
    {
        var context = CramMd5.Context("secret"u8);
        foreach (var stored in new StoredSecret[] { new CleartextSecret("secret"u8.ToArray()), new CramMd5Secret(context) })
            Assert.Equal(expected, ((await AnswerAsync(stored, user, password)).Outcome as SaslOutcome.Failure)?.Kind);
    }

    // Dovecot's "doveadm pw -s CRAM-MD5 -p secret": the outer state, then the inner one.
    [Fact]
    public void The_stored_state_is_dovecots() =>
        Assert.Equal("cd3ba7deaad6e5ca23448ba42e379747a9e0f7f1fbc00c8a81bbaac395731b56", Convert.ToHexStringLower(CramMd5.Context("secret"u8)));

    [Fact]
    public void A_stored_state_gives_what_the_password_gives() => Gen.Select(Gen.Byte.Array[1, 200], Gen.Byte.Array[0, 200]).Sample((password, challenge) =>
    {
        var context = CramMd5.Context(password);
        Span<byte> inner = stackalloc byte[16], outer = stackalloc byte[16];
        Md5.Continue(context.AsSpan(16), challenge, inner);
        Md5.Continue(context.AsSpan(0, 16), inner, outer);
        return outer.SequenceEqual(System.Security.Cryptography.HMACMD5.HashData(password, challenge));
    }, iter: 500);

    [Theory]
    [InlineData("user D")]
    [InlineData("two words D")]
    public async Task A_name_may_hold_blanks(string answer)
    {
        var book = new OneSecret(new CleartextSecret("x"u8.ToArray()));
        await AnswerWithAsync(book, answer.Replace("D", new string('0', 32)));
        Assert.Equal(answer[..^2], book.Asked.Single().AuthenticationId);
    }

    [Theory]
    [InlineData("")]
    [InlineData("user")]
    [InlineData("userD")]
    [InlineData(" D")]
    [InlineData("user D0")]
    [InlineData("user D ")]
    [InlineData("user 0000000000000000000000000000000")]
    [InlineData("user 0000000000000000000000000000000g")]
    [InlineData("user 0000000000000000000000000000000A")]
    [InlineData("us\0er D")]
    public async Task Malformed_answers(string answer)
    {
        var book = new OneSecret(new CleartextSecret("x"u8.ToArray()));
        var step = await AnswerWithAsync(book, answer.Replace("D", new string('0', 32)));
        Assert.Equal(FailureKind.MalformedMessage, Assert.IsType<SaslOutcome.Failure>(step.Outcome).Kind);
        Assert.Empty(book.Asked);
    }

    [Fact]
    public async Task There_is_no_initial_response()
    {
        using var server = new SaslServerSession(_mechanism, new OneSecret(new CleartextSecret("x"u8.ToArray())));
        Assert.Equal(FailureKind.MalformedMessage, Assert.IsType<SaslOutcome.Failure>((await server.StepAsync("user"u8.ToArray())).Outcome).Kind);
    }

    static async Task<SaslStep> AnswerAsync(StoredSecret stored, string user, string password)
    {
        using var server = new SaslServerSession(_mechanism, new OneSecret(stored));
        using var client = new SaslClientSession(_mechanism, new(user, "", Encoding.UTF8.GetBytes(password)));
        return await server.StepAsync((await client.StepAsync((await server.StepAsync(null)).Message!)).Message);
    }

    static async Task<SaslStep> AnswerWithAsync(ISaslCredentials credentials, string answer)
    {
        using var server = new SaslServerSession(_mechanism, credentials);
        await server.StepAsync(null);
        return await server.StepAsync(Encoding.UTF8.GetBytes(answer));
    }
}
