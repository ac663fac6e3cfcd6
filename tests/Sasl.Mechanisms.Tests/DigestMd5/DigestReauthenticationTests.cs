namespace Sasl.Mechanisms.Tests.DigestMd5;

/// <summary>Subsequent authentication (RFC 2831 §2.2): the second login takes one message, and nothing can be played twice.</summary>
public sealed class DigestReauthenticationTests
{
    readonly Clock _clock = new();
    readonly DigestServerNonces _nonces = new(TimeSpan.FromMinutes(10));
    readonly DigestClientNonces _remembered = new();

    [Fact]
    public async Task The_second_login_takes_one_message()
    {
        Assert.Equal(1, await LogInAsync());
        Assert.Equal(1, _nonces.Count);
        for (var i = 0; i < 3; i++)
        {
            using var client = new SaslClientSession(Digest.Mechanism, Digest.Own, Digest.Channel, Clients);
            using var server = Server();
            var initial = (await client.StartAsync()).Message!;
            Assert.Contains($"nc={i + 2:x8}", Digest.Text(initial));
            var success = Assert.IsType<SaslOutcome.Success>((await server.StepAsync(initial)).Outcome);
            Assert.Equal("user", success.AuthenticationId);
            Assert.IsType<SaslOutcome.Success>(await client.FinishAsync(success.FinalData));
        }
    }

    [Fact]
    public async Task Without_room_for_an_initial_response_nothing_changes()
    {
        await LogInAsync();
        Assert.Equal(1, await LogInAsync(initial: false));
        Assert.Equal(2, _nonces.Count);
    }

    [Fact]
    public async Task A_nonce_that_the_server_does_not_take_is_not_tried_again()
    {
        await LogInAsync();
        using (var client = new SaslClientSession(Digest.Mechanism, Digest.Own, Digest.Channel, Clients))
        {
            using var restarted = new SaslServerSession(Digest.Mechanism, Digest.Credentials, Digest.Channel);
            var challenge = (await restarted.StepAsync((await client.StartAsync()).Message)).Message!;
            Assert.NotNull((await client.StepAsync(challenge)).Message);
        }
        using var next = new SaslClientSession(Digest.Mechanism, Digest.Own, Digest.Channel, Clients);
        Assert.Equal(default, await next.StartAsync());
    }

    [Fact]
    public async Task A_count_that_was_used_is_refused()
    {
        await LogInAsync();
        var second = Digest.Sign(await FirstNonceAsync() with { Count = 2 });
        Assert.IsType<SaslOutcome.Success>((await Server().StepAsync(second.Write())).Outcome);
        await ChallengedAsync(second, isStale: true);
        await ChallengedAsync(Digest.Sign(second with { Count = 1 }), isStale: true);
        await ChallengedAsync(Digest.Sign(second with { Count = 4 }), isStale: true);
        // None of these has used up a count.
        Assert.IsType<SaslOutcome.Success>((await Server().StepAsync(Digest.Sign(second with { Count = 3 }).Write())).Outcome);
    }

    [Fact]
    public async Task A_wrong_proof_uses_nothing_up_and_says_nothing()
    {
        var known = await FirstNonceAsync() with { Count = 2 };
        await ChallengedAsync(Digest.Sign(known, "eraser"), isStale: false);
        await ChallengedAsync(Digest.Sign(known with { Nonce = "unknown"u8.ToArray() }), isStale: false);
        await ChallengedAsync(Digest.Sign(known with { Name = "admin"u8.ToArray() }), isStale: false);
        await ChallengedAsync(Digest.Sign(known with { Realm = "other"u8.ToArray() }), isStale: false);
        await ChallengedAsync(Digest.Sign(known with { Uri = "smtp/mail.example.org"u8.ToArray() }), isStale: false);
        Assert.IsType<SaslOutcome.Success>((await Server().StepAsync(Digest.Sign(known).Write())).Outcome);
    }

    [Fact]
    public async Task An_old_nonce_is_stale_and_the_client_answers_the_new_one()
    {
        Assert.Equal(1, await LogInAsync());
        _clock.Now += TimeSpan.FromMinutes(10);
        Assert.Equal(1, await LogInAsync());
        _clock.Now += TimeSpan.FromMinutes(1);
        Assert.Equal(2, await LogInAsync());
        Assert.Equal(1, await LogInAsync());
        _clock.Now += TimeSpan.FromMinutes(30);
        await LogInAsync();
        Assert.Equal(1, _nonces.Count);
    }

    [Fact]
    public async Task Stale_is_said_only_to_who_knows_the_password()
    {
        var known = await FirstNonceAsync() with { Count = 2 };
        _clock.Now += TimeSpan.FromMinutes(11);
        await ChallengedAsync(Digest.Sign(known), isStale: true);
        await ChallengedAsync(Digest.Sign(known, "eraser"), isStale: false);
    }

    [Fact]
    public async Task A_layer_never_has_the_keys_of_an_earlier_one()
    {
        var known = await FirstNonceAsync() with { Count = 2 };
        await ChallengedAsync(Digest.Sign(known with { Qop = "auth-int"u8.ToArray() }), isStale: true);
        await ChallengedAsync(Digest.Sign(known with { Qop = "auth-conf"u8.ToArray(), Cipher = "rc4" }), isStale: true);
        // And a login with a layer leaves no nonce behind, on neither side.
        var nonces = new DigestServerNonces(TimeSpan.FromMinutes(10));
        var settings = Digest.Settings with { DigestServerNonces = nonces, DigestClientNonces = _remembered };
        Assert.IsType<SaslOutcome.Success>((await Digest.PlayAsync(settings, settings)).Server);
        Assert.Equal(0, nonces.Count);
        using var client = new SaslClientSession(Digest.Mechanism, Digest.Own, Digest.Channel, settings);
        Assert.Equal(default, await client.StartAsync());
    }

    [Fact]
    public async Task The_stores_are_bounded()
    {
        var nonces = new DigestServerNonces(TimeSpan.FromMinutes(10), capacity: 3);
        for (var i = 0; i < 10; i++)
            nonces.Add(Digest.Response with { Nonce = [(byte)i] }, _clock);
        Assert.Equal(3, nonces.Count);
        Assert.False(nonces.Knows(Digest.Response with { Nonce = [6] }));
        Assert.True(nonces.Knows(Digest.Response with { Nonce = [7] }));

        var remembered = new DigestClientNonces(capacity: 2);
        foreach (var key in new[] { "a", "b", "a", "c" })
            remembered.Put(key, Digest.Response);
        Assert.False(remembered.TryTake("a", out _, out _));
        Assert.True(remembered.TryTake("b", out _, out var count));
        Assert.Equal(2u, count);
        await Task.CompletedTask;
    }

    [Fact]
    public async Task Two_at_once_with_one_count_are_one()
    {
        var second = Digest.Sign(await FirstNonceAsync() with { Count = 2 }).Write();
        var steps = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => Task.Run(async () => await Server().StepAsync(second))));
        Assert.Single(steps, s => s.Outcome is SaslOutcome.Success);
    }

    SaslSettings Servers => SaslSettings.Default with { DigestServerNonces = _nonces, Time = _clock };

    SaslSettings Clients => SaslSettings.Default with { DigestClientNonces = _remembered };

    SaslServerSession Server() => new(Digest.Mechanism, new OneSecret(new CleartextSecret("pencil"u8.ToArray())), Digest.Channel, Servers with { Policy = Digest.Settings.Policy });

    /// <summary>Logs in and says how many messages the client sent.</summary>
    async Task<int> LogInAsync(bool initial = true)
    {
        var (client, server, messages) = await Digest.PlayAsync(Clients, Servers, initial: initial);
        Assert.IsType<SaslOutcome.Success>(server);
        Assert.IsType<SaslOutcome.Success>(client);
        return messages;
    }

    /// <summary>A login by hand; the response with the server's nonce.</summary>
    async Task<DigestResponse> FirstNonceAsync()
    {
        using var server = Server();
        Assert.True(DigestChallenge.TryParse((await server.StepAsync(null)).Message, out var challenge, out _));
        var response = Digest.Response with { Nonce = challenge.Nonce };
        Assert.IsType<SaslOutcome.Success>((await server.StepAsync(Digest.Sign(response).Write())).Outcome);
        return response;
    }

    async Task ChallengedAsync(DigestResponse response, bool isStale)
    {
        using var server = Server();
        Assert.True(DigestChallenge.TryParse((await server.StepAsync(response.Write())).Message, out var challenge, out _));
        Assert.Equal(isStale, challenge.IsStale);
    }

    sealed class Clock : TimeProvider
    {
        public TimeSpan Now { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;
    }
}
