using System.Buffers;
using System.Text;
using CsCheck;
using Sasl.Mechanisms.Gssapi;
using static Sasl.Mechanisms.Tests.Gssapi.KerberosPlay;

namespace Sasl.Mechanisms.Tests.Gssapi;

/// <summary>Peers that know Kerberos and break the rules of SASL, and peers that know neither.</summary>
[Collection(KerberosFixture.Name)]
public sealed class GssapiMalformedTests(KerberosFixture kerberos)
{
    readonly KerberosPlay _play = new(kerberos);

    SaslSettings Any => _play.ServerSettings with { Policy = Strength(0, 256) };

    [Fact]
    public async Task The_offer_is_four_bytes_with_a_size_only_where_there_are_layers()
    {
        using var client = HandMadePeer.Client(kerberos);
        using var server = _play.Server("GSSAPI", Any);
        Assert.Equal([7, 1, 0, 0], await client.TakeOfferAsync(server));
        using var other = HandMadePeer.Client(kerberos);
        using var without = _play.Server("GSSAPI");
        Assert.Equal([1, 0, 0, 0], await other.TakeOfferAsync(without));
    }

    [Fact]
    public async Task A_size_of_more_than_three_bytes_is_cut()
    {
        using var client = HandMadePeer.Client(kerberos);
        using var server = _play.Server("GSSAPI", Any with { LongestPacket = 0x7f000001 });
        Assert.Equal([7, 255, 255, 255], await client.TakeOfferAsync(server));
    }

    [Fact]
    public async Task Layers_need_what_they_rest_on()
    {
        using var client = HandMadePeer.Client(kerberos, flags: GssFlags.Mutual);
        using var server = _play.Server("GSSAPI", Any);
        Assert.Equal([1, 0, 0, 0], await client.TakeOfferAsync(server));
    }

    public static TheoryData<byte[], string> Choices => new()
    {
        { [], "not a choice" },
        { [1], "not a choice" },
        { [1, 0, 0], "not a choice" },
        { [0, 0, 0, 0], "layer 0" },
        { [3, 1, 0, 0], "layer 3" },
        { [6, 1, 0, 0], "layer 6" },
        { [8, 1, 0, 0], "layer 8" },
        { [128, 1, 0, 0], "layer 128" },
        { [9, 0, 0, 0], "layer 9" },
        { [4, 0, 0, 0], "too short" },
        { [4, 0, 0, 60], "too short" },
        { [2, 0, 0, 1], "too short" },
        { [1, 0, 0, 0, 0], "identity" },
        { [1, 0, 0, 0, .. "alice\0"u8], "identity" },
        { [1, 0, 0, 0, 0xff], "identity" },
        { [1, 0, 0, 0, 0xc0, 0x80], "identity" },
        { [1, 0, 0, 0, 0xed, 0xa0, 0x80], "identity" },
        { [1, 0, 0, 0, .. new string('x', 1025).Select(c => (byte)c)], "identity" },
    };

    [Theory]
    [MemberData(nameof(Choices))]
    public async Task A_choice_against_the_rules_is_malformed(byte[] choice, string reason)
    {
        using var client = HandMadePeer.Client(kerberos);
        using var server = _play.Server("GSSAPI", Any);
        await client.TakeOfferAsync(server);
        Assert.Contains(reason, Failed(FailureKind.MalformedMessage, (await server.StepAsync(client.Wrap(choice))).Outcome!).Reason);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public async Task A_layer_that_was_not_offered_is_refused(byte layer)
    {
        using var client = HandMadePeer.Client(kerberos);
        using var server = _play.Server("GSSAPI");
        await client.TakeOfferAsync(server);
        Failed(FailureKind.MalformedMessage, (await server.StepAsync(client.Wrap(layer, 1, 0, 0))).Outcome!);
    }

    /// <summary>gsasl does so.</summary>
    [Fact]
    public async Task A_size_without_a_layer_means_nothing()
    {
        using var client = HandMadePeer.Client(kerberos);
        using var server = _play.Server("GSSAPI");
        await client.TakeOfferAsync(server);
        Assert.Null(Succeeded((await server.StepAsync(client.Wrap(1, 255, 255, 255))).Outcome!).Layer);
    }

    [Fact]
    public async Task An_identity_of_1024_bytes_is_asked_about()
    {
        using var client = HandMadePeer.Client(kerberos);
        using var server = _play.Server("GSSAPI");
        await client.TakeOfferAsync(server);
        Failed(FailureKind.NotAuthorized, (await server.StepAsync(client.Wrap([1, 0, 0, 0, .. Encoding.ASCII.GetBytes(new string('x', 1024))]))).Outcome!);
    }

    [Fact]
    public async Task A_choice_that_is_not_wrapped_or_was_changed_is_malformed()
    {
        foreach (var change in new Func<byte[], byte[]>[]
        {
            _ => [1, 0, 0, 0],
            _ => [],
            wrapped => [.. wrapped, 0],
            wrapped => wrapped[..^1],
            wrapped => [.. wrapped[..^1], (byte)(wrapped[^1] ^ 1)],
        })
        {
            using var client = HandMadePeer.Client(kerberos);
            using var server = _play.Server("GSSAPI");
            await client.TakeOfferAsync(server);
            Failed(FailureKind.MalformedMessage, (await server.StepAsync(change(client.Wrap(1, 0, 0, 0)))).Outcome!);
        }
    }

    [Fact]
    public async Task Our_own_offer_sent_back_is_no_choice()
    {
        using var client = HandMadePeer.Client(kerberos);
        using var server = _play.Server("GSSAPI");
        client.Step((await server.StepAsync(client.Step([]))).Message!);
        var offer = (await server.StepAsync([])).Message!.ToArray();
        Failed(FailureKind.MalformedMessage, (await server.StepAsync(offer)).Outcome!);
    }

    [Fact]
    public async Task Data_behind_the_last_token_is_malformed()
    {
        using var client = HandMadePeer.Client(kerberos);
        using var server = _play.Server("GSSAPI");
        client.Step((await server.StepAsync(client.Step([]))).Message!);
        Assert.Contains("behind", Failed(FailureKind.MalformedMessage, (await server.StepAsync([1])).Outcome!).Reason);
    }

    [Fact]
    public async Task A_token_of_another_mechanism_is_malformed()
    {
        using var client = HandMadePeer.Client(kerberos, GssMechanism.Spnego);
        using var server = _play.Server("GSSAPI");
        Failed(FailureKind.MalformedMessage, (await server.StepAsync(client.Step([]))).Outcome!);
    }

    [Theory]
    [InlineData("GSSAPI")]
    [InlineData("GSS-SPNEGO")]
    public async Task Bytes_of_any_kind_end_in_a_refusal(string mechanism)
    {
        await Gen.Byte.Array[0, 300].SampleAsync(async bytes =>
        {
            using var server = _play.Server(mechanism);
            var step = await server.StepAsync(bytes);
            if (bytes.Length == 0)
                step = await server.StepAsync(bytes);
            Assert.IsType<SaslOutcome.Failure>(step.Outcome);
        }, iter: 300);
    }

    [Theory]
    [InlineData("GSSAPI")]
    [InlineData("GSS-SPNEGO")]
    public async Task A_real_token_with_a_changed_byte_or_a_missing_end_never_succeeds(string mechanism)
    {
        using var client = _play.Client(mechanism);
        var token = (await client.StartAsync()).Message!.ToArray();
        for (var i = 0; i < token.Length; i += 3)
        {
            foreach (var bad in new[] { token[..i], [.. token[..i], (byte)(token[i] ^ 0x11), .. token[(i + 1)..]] })
            {
                using var server = _play.Server(mechanism);
                var step = await server.StepAsync(bad);
                // A byte that no check covers (a reserved bit) is no harm; a success without the real token would be.
                if (step.Outcome is null)
                    step = await server.StepAsync([]);
                Assert.False(step.Outcome is SaslOutcome.Success { AuthenticationId: not "alice" });
                Assert.False(step.Outcome is SaslOutcome.Success && bad.Length < token.Length);
            }
        }
    }

    [Fact]
    public async Task A_server_that_offers_no_four_bytes_is_left()
    {
        foreach (var offer in new byte[][] { [], [1], [1, 0, 0], [1, 0, 0, 0, 0], [0, 0, 0, 0], [8, 0, 0, 0] })
        {
            using var server = HandMadePeer.Server(kerberos);
            using var client = _play.Client("GSSAPI");
            await server.AcceptAsync(client);
            Assert.IsType<SaslOutcome.Failure>((await client.StepAsync(server.Wrap(offer))).Outcome);
        }
        using var unwrapped = HandMadePeer.Server(kerberos);
        using var last = _play.Client("GSSAPI");
        await unwrapped.AcceptAsync(last);
        Failed(FailureKind.ServerNotTrusted, (await last.StepAsync([1, 0, 0, 0])).Outcome!);
    }

    [Theory]
    [InlineData(new byte[] { 1, 0, 0, 0 }, new byte[] { 1, 0, 0, 0, (byte)'b', (byte)'o', (byte)'b' })]
    [InlineData(new byte[] { 1, 255, 255, 255 }, new byte[] { 1, 0, 0, 0, (byte)'b', (byte)'o', (byte)'b' })]
    [InlineData(new byte[] { 255, 0, 16, 0 }, new byte[] { 4, 1, 0, 0, (byte)'b', (byte)'o', (byte)'b' })]
    [InlineData(new byte[] { 3, 0, 16, 0 }, new byte[] { 2, 1, 0, 0, (byte)'b', (byte)'o', (byte)'b' })]
    public async Task The_clients_choice_is_the_best_of_the_offer_with_the_identity_behind_it(byte[] offer, byte[] choice)
    {
        using var server = HandMadePeer.Server(kerberos);
        using var client = _play.Client("GSSAPI", _play.Alice with { AuthorizationId = "bob" }, new() { Policy = Strength(0, 256) });
        await server.AcceptAsync(client);
        Assert.Equal(choice, server.Unwrap((await client.StepAsync(server.Wrap(offer))).Message!));
        using var layer = Succeeded(await client.FinishAsync(null)).Layer;
        Assert.Equal(choice[0] > 1, layer is not null);
    }

    [Fact]
    public async Task A_server_that_says_yes_too_early_is_not_trusted()
    {
        using var server = HandMadePeer.Server(kerberos);
        using var client = _play.Client("GSSAPI");
        var token = server.Step((await client.StartAsync()).Message!);
        Failed(FailureKind.ServerNotTrusted, await client.FinishAsync(null));
        using var second = HandMadePeer.Server(kerberos);
        using var another = _play.Client("GSSAPI");
        await second.AcceptAsync(another);
        Failed(FailureKind.ServerNotTrusted, await another.FinishAsync(null));
        Assert.NotEmpty(token);
    }

    [Fact]
    public async Task A_server_without_the_services_key_does_not_get_the_identity()
    {
        using var client = _play.Client("GSSAPI");
        await client.StartAsync();
        foreach (var answer in new byte[][] { [1, 2, 3], [] })
        {
            using var one = _play.Client("GSSAPI");
            await one.StartAsync();
            Assert.IsType<SaslOutcome.Failure>((await one.StepAsync(answer)).Outcome);
        }
        using var other = HandMadePeer.Server(kerberos);
        using var victim = _play.Client("GSSAPI");
        var replayed = other.Step((await victim.StartAsync()).Message!);
        Failed(FailureKind.ServerNotTrusted, (await client.StepAsync(replayed)).Outcome!);
    }

    /// <summary>Dovecot's GSS-SPNEGO goes on as GSSAPI does; our client follows, and there is a place for the identity.</summary>
    [Fact]
    public async Task SPNEGO_followed_by_an_offer_of_layers_is_answered()
    {
        using var server = HandMadePeer.Server(kerberos, GssMechanism.Spnego);
        using var client = _play.Client("GSS-SPNEGO", _play.Alice with { AuthorizationId = "bob" });
        await server.AcceptAsync(client);
        Assert.Equal([1, 0, 0, 0, .. "bob"u8], server.Unwrap((await client.StepAsync(server.Wrap(1, 255, 255, 255))).Message!));
        Assert.Equal("bob", Succeeded(await client.FinishAsync(null)).AuthorizationId);
    }

    [Fact]
    public async Task A_client_that_asks_SPNEGO_for_encryption_against_the_policy_is_refused()
    {
        var (_, server) = await RunAsync(_play.Client("GSS-SPNEGO", settings: new() { Policy = Strength(0, 256) }), _play.Server("GSS-SPNEGO"));
        Assert.Contains("policy", Failed(FailureKind.MalformedMessage, server).Reason);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(256)]
    public async Task Packets_keep_to_the_peers_size_and_broken_ones_end_the_connection(int ssf)
    {
        var policy = Strength(ssf, ssf);
        var (client, server) = await RunAsync(_play.Client("GSSAPI", settings: new() { Policy = policy, LongestPacket = 4096 }),
            _play.Server("GSSAPI", _play.ServerSettings with { Policy = policy, LongestPacket = 1000 }));
        using var ours = Succeeded(client).Layer!;
        using var theirs = Succeeded(server).Layer!;
        TalkBothWays(ours, theirs);
        Assert.InRange(ours.LongestData, 900, 999);
        Assert.InRange(theirs.LongestData, 3900, 4095);

        var wire = Wrap(ours, new byte[100_000]);
        for (var at = 0; at < wire.Length;)
        {
            var length = (wire[at + 2] << 8) | wire[at + 3];
            Assert.InRange(length, 1, 1000);
            at += 4 + length;
        }
        Assert.Equal(100_000, Open(theirs, wire).Length);
        foreach (var broken in new byte[][] { wire, [0, 0, 0, 0], [0, 0, 3, 0xe9], [0xff, 0xff, 0xff, 0xff], [0, 0, 0, 1, 5], [.. Wrap(ours, "x"u8)[..^1], 0] })
        {
            var input = new ReadOnlySequence<byte>(broken);
            Assert.Equal(UnwrapResult.Broken, theirs.Unwrap(ref input, new ArrayBufferWriter<byte>()));
        }
    }

    [Fact]
    public async Task What_was_settled_as_encrypted_must_be()
    {
        using var client = HandMadePeer.Client(kerberos);
        using var server = _play.Server("GSSAPI", _play.ServerSettings with { Policy = Strength(256, 256) });
        await client.TakeOfferAsync(server);
        using var layer = Succeeded((await server.StepAsync(client.Wrap(4, 0, 16, 0))).Outcome!).Layer!;
        Assert.Equal("secret"u8.ToArray(), Open(layer, Packet(client.Context.Wrap("secret"u8, true, out _)!)));
        var input = new ReadOnlySequence<byte>(Packet(client.Wrap([.. "in the clear"u8])));
        Assert.Equal(UnwrapResult.Broken, layer.Unwrap(ref input, new ArrayBufferWriter<byte>()));

        static byte[] Packet(byte[] wrapped) => [0, 0, 0, (byte)wrapped.Length, .. wrapped];
    }
}
