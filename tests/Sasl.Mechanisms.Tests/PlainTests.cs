using System.Text;
using CsCheck;
using Sasl.Mechanisms;

namespace Sasl.Mechanisms.Tests;

public sealed class PlainTests
{
    [Fact]
    public async Task With_an_initial_response() =>
        Assert.Equal(new SaslOutcome.Success("alice", "alice"), await Play.ServerAsync("PLAIN", @"C: \0alice\0wonderland"));

    [Fact]
    public async Task Without_one_the_server_asks_with_an_empty_challenge() =>
        Assert.Equal(new SaslOutcome.Success("alice", "alice"), await Play.ServerAsync("PLAIN", @"
            C: -
            S:
            C: \0alice\0wonderland"));

    [Theory]
    [InlineData(@"\0ALICE\0wonderland", "alice", "alice")]
    [InlineData(@"alice\0alice\0wonderland", "alice", "alice")]
    [InlineData(@"ALICE\0ALICE\0wonderland", "alice", "alice")]
    [InlineData(@"bob\0admin\0pässwörd", "admin", "bob")]
    public async Task Identities(string message, string authentication, string authorization) =>
        Assert.Equal(new SaslOutcome.Success(authentication, authorization), await Play.ServerAsync("PLAIN", $"C: {message}"));

    [Theory]
    [InlineData(@"\0alice\0wrong", FailureKind.BadCredentials, "alice")]
    [InlineData(@"\0nobody\0wonderland", FailureKind.BadCredentials, "nobody")]
    [InlineData(@"bob\0alice\0wonderland", FailureKind.NotAuthorized, "alice")]
    [InlineData(@"bob\0alice\0wrong", FailureKind.BadCredentials, "alice")]
    [InlineData("", FailureKind.MalformedMessage, null)]
    [InlineData(@"\0", FailureKind.MalformedMessage, null)]
    [InlineData(@"\0\0", FailureKind.MalformedMessage, null)]
    [InlineData(@"\0alice\0", FailureKind.MalformedMessage, null)]
    [InlineData(@"\0\0wonderland", FailureKind.MalformedMessage, null)]
    [InlineData(@"alice\0wonderland", FailureKind.MalformedMessage, null)]
    [InlineData("alice wonderland", FailureKind.MalformedMessage, null)]
    [InlineData("\\0ali\u0085ce\\0wonderland", FailureKind.BadCredentials, "ali\u0085ce")]
    public async Task Refusals(string message, FailureKind kind, string? id)
    {
        var failure = Assert.IsType<SaslOutcome.Failure>(await Play.ServerAsync("PLAIN", $"C: {message}"));
        Assert.Equal((kind, id), (failure.Kind, failure.AuthenticationId));
    }

    [Fact]
    public async Task Log_injection_a_reason_is_one_line()
    {
        using var session = new SaslServerSession(SaslMechanisms.Find("PLAIN")!, new PasswordBook());
        var step = await session.StepAsync(Encoding.UTF8.GetBytes("bob\nroot \u0085 is in\0alice\0wonderland"));
        Assert.Equal("may not act as bob?root ? is in", Assert.IsType<SaslOutcome.Failure>(step.Outcome).Reason);
    }

    // Cyrus saslauthd says OK to a password followed by NUL and junk; a prefix of a right login must never be one.
    [Theory]
    [InlineData(@"\0alice\0wonderland\0junk")]
    [InlineData(@"\0alice\0wonderland\0")]
    public async Task Nul_and_junk_after_the_password_is_no_password(string message)
    {
        var book = new PasswordBook();
        Assert.Equal(FailureKind.MalformedMessage, Assert.IsType<SaslOutcome.Failure>(await Play.ServerAsync("PLAIN", $"C: {message}", book)).Kind);
        Assert.Empty(book.Asked);
    }

    [Theory]
    [InlineData(1024, true)]
    [InlineData(1025, false)]
    public async Task Identities_end_at_1024_bytes(int length, bool asked)
    {
        var book = new PasswordBook();
        await Play.ServerAsync("PLAIN", $@"C: \0{new string('a', length)}\0x", book);
        Assert.Equal(asked, book.Asked.Count == 1);
    }

    [Fact]
    public async Task Bytes_that_are_not_utf8_are_no_identity()
    {
        using var session = new SaslServerSession(SaslMechanisms.Find("PLAIN")!, new PasswordBook());
        var step = await session.StepAsync(new byte[] { 0, 0xC3, 0x28, 0, (byte)'x' });
        Assert.Equal(FailureKind.MalformedMessage, Assert.IsType<SaslOutcome.Failure>(step.Outcome).Kind);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Client_and_server_agree(bool initial)
    {
        var (client, server) = await Play.BothAsync("PLAIN", new("admin", "bob", Encoding.UTF8.GetBytes("pässwörd")), initial);
        Assert.IsType<SaslOutcome.Success>(client);
        Assert.Equal(new SaslOutcome.Success("admin", "bob"), server);
    }

    [Fact]
    public Task Any_bytes_end_in_an_outcome() => Gen.Byte.Array[0, 60].SampleAsync(async message =>
    {
        using var session = new SaslServerSession(SaslMechanisms.Find("PLAIN")!, new PasswordBook());
        Assert.True((await session.StepAsync(message)).IsFinished);
    }, iter: 2000);

    // RFC 4616 §2: a message made of these would be read as another one.
    [Theory]
    [InlineData("", "alice", "")]
    [InlineData("", "", "wonderland")]
    [InlineData("", "alice", "wonder\0land")]
    [InlineData("", "ali\0ce", "wonderland")]
    [InlineData("bob\0", "alice", "wonderland")]
    public async Task What_cannot_be_sent_is_not_sent(string authorization, string authentication, string password)
    {
        foreach (var initial in new[] { true, false })
        {
            using var client = new SaslClientSession(SaslMechanisms.Find("PLAIN")!, new(authentication, authorization, Encoding.UTF8.GetBytes(password)));
            var step = await client.StartAsync(initial);
            Assert.Null(step.Message);
            Assert.Equal(FailureKind.MalformedMessage, Assert.IsType<SaslOutcome.Failure>(step.Outcome).Kind);
            Assert.IsType<SaslOutcome.Failure>(await client.FinishAsync(null));
        }
    }

    [Fact]
    public async Task A_message_with_a_password_is_zeroed_with_its_session()
    {
        byte[] message;
        using (var client = new SaslClientSession(SaslMechanisms.Find("PLAIN")!, new("alice", "", "wonderland"u8.ToArray())))
        {
            message = (await client.StartAsync()).Message!;
            Assert.Equal("\0alice\0wonderland"u8, message);
        }
        Assert.All(message, b => Assert.Equal(0, b));
    }

    [Fact]
    public Task Any_right_password_is_read_as_it_was_written()
    {
        var name = Gen.Char['\x20', '\xff'].Where(c => !char.IsControl(c));
        return Gen.Select(Gen.String[name, 0, 40], Gen.String[name, 1, 40], Gen.String[Gen.Char['\x1', '\xff'], 1, 40]).SampleAsync(async (authorization, authentication, password) =>
        {
            var credentials = new Recorder();
            using var client = new SaslClientSession(SaslMechanisms.Find("PLAIN")!, new(authentication, authorization, Encoding.UTF8.GetBytes(password)));
            using var server = new SaslServerSession(client.Mechanism, credentials);
            await server.StepAsync((await client.StartAsync()).Message);
            Assert.Equal((authentication, password), (credentials.User, credentials.Password));
        }, iter: 500);
    }

    sealed class Recorder : ISaslCredentials
    {
        public string User = "", Password = "";

        public ValueTask<Verification> VerifyPasswordAsync(string authenticationId, ReadOnlyMemory<byte> password, CancellationToken stop)
        {
            (User, Password) = (authenticationId, Encoding.UTF8.GetString(password.Span));
            return ValueTask.FromResult(Verification.Accepted(authenticationId));
        }
    }
}
