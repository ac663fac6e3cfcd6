using System.Security.Cryptography;
using System.Text;

namespace Sasl.Mechanisms.Tests.Scram;

/// <summary>Every way to be wrong, against the server.</summary>
public sealed class ScramServerTests
{
    static readonly byte[] _binding = "binding of this channel"u8.ToArray();
    static readonly ScramSecret _secret = ScramSecret.Derive(ScramHash.Sha256, "pencil"u8, "salt of sixteen."u8.ToArray(), 4096);
    static readonly SaslChannel _bound = new() { IsEncrypted = true, Bindings = new ChannelBindings((ChannelBindings.Exporter, _binding)) };

    [Theory]
    [InlineData("")]
    [InlineData("n")]
    [InlineData("n,,")]
    [InlineData("n,,n=user")]
    [InlineData("n,,n=user,r=")] // an empty nonce is accepted by Cyrus and Dovecot
    [InlineData("n,,r=abc,n=user")]
    [InlineData("n,,n=,r=abc")]
    [InlineData("n,,n=user,r=abc,")]
    [InlineData("n,,n=user,r=abc,n=admin")]
    [InlineData("n,,n=user,r=abc,r=abd")]
    [InlineData("n,,n=user,r=abc,m=x")]
    [InlineData("n,,m=x,n=user,r=abc")]
    [InlineData("n,,n=us=er,r=abc")]
    [InlineData("n,,n=user=,r=abc")]
    [InlineData("n,,n=user=2c,r=abc")]
    [InlineData("n,,n=user,r=a b")]
    [InlineData("n,,n=user,r=abcé")]
    [InlineData("n,,n=user,r=abc,xy")]
    [InlineData("n,,n=user,r=abc,1=y")]
    [InlineData("n,,n=user,r=abc,x=")]
    [InlineData("n,a=,n=user,r=abc")]
    [InlineData("n,b=admin,n=user,r=abc")]
    [InlineData("n,a=ad=min,n=user,r=abc")]
    [InlineData("n,n=user,r=abc")]
    [InlineData("x,,n=user,r=abc")]
    [InlineData("p,,n=user,r=abc")]
    [InlineData("p=,,n=user,r=abc")]
    [InlineData("p=tls unique,,n=user,r=abc")]
    [InlineData("n,,n=us\0er,r=abc")]
    [InlineData(" n,,n=user,r=abc")]
    public async Task A_malformed_first_message_is_refused_before_anybody_is_asked(string message)
    {
        var book = new OneSecret(_secret);
        using var session = new SaslServerSession(SaslMechanisms.Find("SCRAM-SHA-256")!, book);
        Assert.Equal(FailureKind.MalformedMessage, Failure(await session.StepAsync(Bytes(message))).Kind);
        Assert.Empty(book.Asked);
    }

    [Theory]
    [InlineData("n,,n=us=2Cer=3D,r=abc", "us,er=")]
    [InlineData("n,,n=user,r=abc,x=y,Z=,,", null)]
    [InlineData("n,,n=user,r=abc,x=y,Z=é=", "user")]
    public async Task Escapes_and_unknown_extensions(string message, string? asked)
    {
        var book = new OneSecret(_secret);
        using var session = new SaslServerSession(SaslMechanisms.Find("SCRAM-SHA-256")!, book);
        await session.StepAsync(Bytes(message));
        Assert.Equal(asked, book.Asked.SingleOrDefault().AuthenticationId);
    }

    [Theory]
    [InlineData(1024, true)]
    [InlineData(1025, false)]
    public async Task A_nonce_and_a_name_end_at_1024_bytes(int length, bool isTaken)
    {
        foreach (var message in new[] { $"n,,n=user,r={new string('r', length)}", $"n,,n={new string('u', length)},r=abc" })
        {
            using var session = new SaslServerSession(SaslMechanisms.Find("SCRAM-SHA-256")!, new OneSecret(_secret));
            Assert.Equal(isTaken, (await session.StepAsync(Bytes(message))).Message is not null);
        }
    }

    // U+FDFA is three bytes and becomes thirty-three: a name within the bound that is not within it when it is prepared.
    [Theory]
    [InlineData("SCRAM-SHA-256", 31, true)]
    [InlineData("SCRAM-SHA-256", 32, false)]
    [InlineData("SCRAM-SHA-256", 341, false)]
    public async Task A_name_that_grows_beyond_the_bound_when_it_is_prepared_is_malformed(string mechanism, int count, bool isTaken)
    {
        using var session = new SaslServerSession(SaslMechanisms.Find(mechanism)!, new OneSecret(_secret));
        var step = await session.StepAsync(Bytes($"n,,n={string.Concat(Enumerable.Repeat('\uFDFA', count))},r=abc"));
        Assert.Equal(isTaken, step.Message is not null);
        Assert.Equal(isTaken ? null : FailureKind.MalformedMessage, (step.Outcome as SaslOutcome.Failure)?.Kind);
    }

    /// <summary>What a client can do to its last message: "*" is the right proof, @ the nonce.</summary>
    [Theory]
    [InlineData("c=biws,r=@,p=*", null)]
    [InlineData("c=biws,r=@,x=ext,p=*", null)]
    [InlineData("c=biws,r=@", FailureKind.MalformedMessage)]
    [InlineData("c=biws,r=@,p=", FailureKind.BadCredentials)]
    [InlineData("c=biws,r=@,p=AAAA", FailureKind.BadCredentials)]
    [InlineData("c=biws,r=@,p=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", FailureKind.BadCredentials)]
    [InlineData("c=biws,r=@,p=*,x=after", FailureKind.MalformedMessage)]
    [InlineData("c=biws,r=@,p=*junk", FailureKind.MalformedMessage)]
    [InlineData("c=biws,r=@,p= *", FailureKind.MalformedMessage)]
    [InlineData("c=biws,r=@,p=*\n", FailureKind.MalformedMessage)]
    [InlineData("c=biws,r=@,p=*\0", FailureKind.MalformedMessage)]
    [InlineData("c=biws,r=@,m=x,p=*", FailureKind.MalformedMessage)]
    [InlineData("c=biws,r=@,r=@,p=*", FailureKind.MalformedMessage)]
    [InlineData("c=biws,r=@,c=biws,p=*", FailureKind.MalformedMessage)]
    [InlineData("r=@,c=biws,p=*", FailureKind.MalformedMessage)]
    [InlineData("c=biws,p=*,r=@", FailureKind.MalformedMessage)]
    [InlineData("c=biws,r=@x,p=*", FailureKind.MalformedMessage)]
    [InlineData("c=biws,r=abc,p=*", FailureKind.MalformedMessage)]
    [InlineData("c=biws,r=,p=*", FailureKind.MalformedMessage)]
    [InlineData("c=eSws,r=@,p=*", FailureKind.MalformedMessage)] // "y,," where "n,," was said
    [InlineData("c=biwsAA==,r=@,p=*", FailureKind.ChannelBinding)] // something after the header: Cyrus accepts it
    [InlineData("c=,r=@,p=*", FailureKind.MalformedMessage)]
    [InlineData("c=biw,r=@,p=*", FailureKind.MalformedMessage)]
    [InlineData("c=bi ws,r=@,p=*", FailureKind.MalformedMessage)]
    [InlineData("", FailureKind.MalformedMessage)]
    [InlineData("e=other-error", FailureKind.MalformedMessage)]
    public async Task The_last_message(string template, FailureKind? expected)
    {
        using var session = new SaslServerSession(SaslMechanisms.Find("SCRAM-SHA-256")!, new OneSecret(_secret));
        var step = await AnswerAsync(session, "n,,", template, "pencil");
        Assert.Equal(expected, (step.Outcome as SaslOutcome.Failure)?.Kind);
        Assert.Equal(expected is null, step.Outcome is SaslOutcome.Success);
    }

    [Theory]
    [InlineData("user", "wrong")]
    [InlineData("nobody", "pencil")]
    [InlineData("nobody", "")]
    public async Task A_wrong_password_and_an_unknown_user_end_alike(string user, string password)
    {
        foreach (StoredSecret stored in new StoredSecret[] { _secret, new CleartextSecret("pencil"u8.ToArray()) })
        {
            using var session = new SaslServerSession(SaslMechanisms.Find("SCRAM-SHA-256")!, new OneSecret(stored));
            var failure = Failure(await AnswerAsync(session, "n,,", "c=biws,r=@,p=*", password, user));
            Assert.Equal((FailureKind.BadCredentials, user), (failure.Kind, failure.AuthenticationId));
        }
    }

    [Fact]
    public async Task An_unknown_user_has_a_salt_that_stays_and_is_his_own()
    {
        var settings = SaslSettings.Default with { Iterations = 5000 };
        async Task<string> SaltAsync(string user, SaslSettings given, StoredSecret stored)
        {
            using var session = new SaslServerSession(SaslMechanisms.Find("SCRAM-SHA-256")!, new OneSecret(stored), settings: given);
            var challenge = Encoding.UTF8.GetString((await session.StepAsync(Bytes($"n,,n={user},r=abc"))).Message!);
            return challenge[challenge.IndexOf(",s=", StringComparison.Ordinal)..];
        }
        var first = await SaltAsync("nobody", settings, _secret);
        Assert.Equal(first, await SaltAsync("nobody", settings, _secret));
        Assert.Equal(first, await SaltAsync("nobody", settings, new CleartextSecret("pencil"u8.ToArray())));
        Assert.NotEqual(first, await SaltAsync("nobody2", settings, _secret));
        Assert.NotEqual(first, await SaltAsync("nobody", settings with { DecoyKey = new byte[32] }, _secret));
        Assert.EndsWith(",i=5000", first);
        // A real salt has as many bytes.
        Assert.Equal((await SaltAsync("user", settings, _secret)).Length, first.Length);
        Assert.Equal(await SaltAsync("user", settings, new CleartextSecret("pencil"u8.ToArray())), await SaltAsync("user", settings, new CleartextSecret("other"u8.ToArray())));
    }

    [Theory]
    [InlineData("SCRAM-SHA-256-PLUS", "p=tls-exporter,,", true, null)]
    [InlineData("SCRAM-SHA-256", "p=tls-exporter,,", true, null)] // Cyrus clients bind under the bare name
    [InlineData("SCRAM-SHA-256", "n,,", true, null)]
    [InlineData("SCRAM-SHA-256-PLUS", "n,,", true, FailureKind.ChannelBinding)] // Dovecot accepts this downgrade
    [InlineData("SCRAM-SHA-256-PLUS", "y,,", true, FailureKind.ChannelBinding)]
    [InlineData("SCRAM-SHA-256", "y,,", true, FailureKind.ChannelBinding)]
    [InlineData("SCRAM-SHA-256", "y,,", false, null)]
    [InlineData("SCRAM-SHA-256", "p=tls-exporter,,", false, FailureKind.ChannelBinding)]
    [InlineData("SCRAM-SHA-256-PLUS", "p=tls-unique,,", true, FailureKind.ChannelBinding)]
    [InlineData("SCRAM-SHA-256-PLUS", "p=TLS-EXPORTER,,", true, FailureKind.ChannelBinding)]
    public async Task Flags_of_channel_bindings(string mechanism, string header, bool hasBinding, FailureKind? expected)
    {
        using var session = new SaslServerSession(SaslMechanisms.Find(mechanism)!, new OneSecret(_secret), hasBinding ? _bound : null);
        var bound = header[0] == 'p' ? _binding : [];
        var step = await AnswerAsync(session, header, $"c={Convert.ToBase64String([.. Bytes(header), .. bound])},r=@,p=*", "pencil");
        Assert.Equal(expected, (step.Outcome as SaslOutcome.Failure)?.Kind);
    }

    [Fact]
    public async Task Another_channel_is_refused_though_the_password_is_right()
    {
        using var session = new SaslServerSession(SaslMechanisms.Find("SCRAM-SHA-256-PLUS")!, new OneSecret(_secret), _bound);
        var template = $"c={Convert.ToBase64String([.. "p=tls-exporter,,"u8, .. "binding of his channel!"u8])},r=@,p=*";
        Assert.Equal(FailureKind.ChannelBinding, Failure(await AnswerAsync(session, "p=tls-exporter,,", template, "pencil")).Kind);
    }

    [Fact]
    public async Task A_binding_that_is_named_but_not_sent_is_refused()
    {
        using var session = new SaslServerSession(SaslMechanisms.Find("SCRAM-SHA-256-PLUS")!, new OneSecret(_secret), _bound);
        var template = $"c={Convert.ToBase64String("p=tls-exporter,,"u8)},r=@,p=*";
        Assert.Equal(FailureKind.ChannelBinding, Failure(await AnswerAsync(session, "p=tls-exporter,,", template, "pencil")).Kind);
    }

    [Fact]
    public async Task A_full_queue_of_passwords_to_hash_is_a_temporary_failure()
    {
        var derivation = new KeyDerivation(1, 1);
        using var gate = new ManualResetEventSlim();
        byte[] Block()
        {
            gate.Wait();
            return [];
        }
        var running = derivation.TryRun(Block, default)!;
        // One runs, one waits, the third finds no place.
        await Testing.Eventually.TrueAsync(() => derivation.TryRun(Block, default) is null, "the queue is full");
        using var session = new SaslServerSession(SaslMechanisms.Find("SCRAM-SHA-256")!, new OneSecret(new CleartextSecret("pencil"u8.ToArray())),
            settings: SaslSettings.Default with { KeyDerivation = derivation });
        Assert.Equal(FailureKind.Temporary, Failure(await session.StepAsync(Bytes("n,,n=user,r=abc"))).Kind);
        gate.Set();
        await running;
    }

    [Fact]
    public async Task Who_does_not_know_the_password_learns_nothing_of_a_disabled_account()
    {
        using var wrong = new SaslServerSession(SaslMechanisms.Find("SCRAM-SHA-256")!, new DisabledUser());
        Assert.Equal(FailureKind.BadCredentials, Failure(await AnswerAsync(wrong, "n,,", "c=biws,r=@,p=*", "wrong")).Kind);
        using var right = new SaslServerSession(SaslMechanisms.Find("SCRAM-SHA-256")!, new DisabledUser());
        Assert.Equal(FailureKind.Disabled, Failure(await AnswerAsync(right, "n,,", "c=biws,r=@,p=*", "pencil")).Kind);
    }

    sealed class DisabledUser : ISaslCredentials
    {
        public ValueTask<Verification> VerifyPasswordAsync(string authenticationId, ReadOnlyMemory<byte> password, CancellationToken stop) => throw new NotSupportedException();

        public ValueTask<SecretAnswer> FindSecretAsync(SecretRequest request, CancellationToken stop) =>
            new(new SecretAnswer(Verification.Refused(FailureKind.Disabled, "account disabled"), _secret));
    }

    /// <summary>A client by hand: the header, then the template with the proof that goes with it.</summary>
    static async Task<SaslStep> AnswerAsync(SaslServerSession session, string header, string template, string password, string user = "user")
    {
        var bare = $"n={user},r=abc";
        var step = await session.StepAsync(Bytes(header + bare));
        if (step.Message is null)
            return step;
        var challenge = Encoding.UTF8.GetString(step.Message);
        var parts = challenge.Split(',');
        var message = template.Replace("@", parts[0][2..]);
        var proof = message.IndexOf(",p=", StringComparison.Ordinal);
        var authMessage = Bytes($"{bare},{challenge},{(proof < 0 ? message : message[..proof])}");
        var salted = Rfc2898DeriveBytes.Pbkdf2(Bytes(password), Convert.FromBase64String(parts[1][2..]), int.Parse(parts[2][2..]), HashAlgorithmName.SHA256, 32);
        var clientKey = HMACSHA256.HashData(salted, "Client Key"u8);
        var signature = HMACSHA256.HashData(SHA256.HashData(clientKey), authMessage);
        message = message.Replace("*", Convert.ToBase64String(clientKey.Zip(signature, (a, b) => (byte)(a ^ b)).ToArray()));
        return await session.StepAsync(Bytes(message));
    }

    static SaslOutcome.Failure Failure(SaslStep step) => Assert.IsType<SaslOutcome.Failure>(step.Outcome);

    static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
