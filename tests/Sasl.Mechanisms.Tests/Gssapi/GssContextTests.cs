using Sasl.Mechanisms.Gssapi;

namespace Sasl.Mechanisms.Tests.Gssapi;

[Collection(KerberosFixture.Name)]
public sealed class GssContextTests(KerberosFixture kerberos)
{
    const GssFlags Everything = GssFlags.Mutual | GssFlags.Sequence | GssFlags.Replay | GssFlags.Integrity | GssFlags.Confidentiality;

    public static TheoryData<string> Mechanisms => ["Kerberos", "SPNEGO"];

    [Theory]
    [MemberData(nameof(Mechanisms))]
    public void Both_sides_come_to_a_context_and_know_each_other(string mechanism)
    {
        using var pair = Pair.Establish(kerberos, Mechanism(mechanism));
        Assert.Equal("alice@TEST.LOCAL", pair.Server.Peer.Display(out _));
        Assert.Equal("alice", pair.Server.Peer.Local());
        using var own = pair.Client.Own(out _)!;
        Assert.Equal("alice@TEST.LOCAL", own.Display(out _));
        Assert.Equal(Everything, pair.Server.Flags & Everything);
        Assert.Equal(Everything, pair.Client.Flags & Everything);
        Assert.Equal(256, pair.Client.Ssf());
        Assert.Equal(256, pair.Server.Ssf());
    }

    [Theory]
    [MemberData(nameof(Mechanisms))]
    public void Data_arrives_as_it_was_sent(string mechanism)
    {
        using var pair = Pair.Establish(kerberos, Mechanism(mechanism));
        foreach (var isConfidential in new[] { false, true })
        {
            var data = "with integrity"u8.ToArray();
            var wrapped = pair.Client.Wrap(data, isConfidential, out var error)!;
            Assert.Null(error);
            Assert.Equal(!isConfidential, wrapped.AsSpan().IndexOf(data) >= 0);
            Assert.Equal(data, pair.Server.Unwrap(wrapped, out var wasConfidential, out error));
            Assert.Equal(isConfidential, wasConfidential);
        }
    }

    [Fact]
    public void A_changed_repeated_or_missing_message_is_an_error()
    {
        using var pair = Pair.Establish(kerberos, GssMechanism.Kerberos);
        var first = pair.Client.Wrap("first"u8, true, out _)!;
        var changed = (byte[])first.Clone();
        changed[^1] ^= 1;
        Assert.Null(pair.Server.Unwrap(changed, out _, out var error));
        Assert.NotNull(error);
        Assert.NotNull(pair.Server.Unwrap(first, out _, out _));
        Assert.Null(pair.Server.Unwrap(first, out _, out error));
        Assert.NotNull(error);
        _ = pair.Client.Wrap("lost"u8, true, out _);
        Assert.Null(pair.Server.Unwrap(pair.Client.Wrap("third"u8, true, out _)!, out _, out error));
        Assert.NotNull(error);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_longest_data_fits_and_one_byte_more_does_not(bool isConfidential)
    {
        using var pair = Pair.Establish(kerberos, GssMechanism.Kerberos);
        var longest = pair.Client.LongestData(isConfidential, 4096);
        Assert.InRange(longest, 3900, 4095);
        Assert.InRange(pair.Client.Wrap(new byte[longest], isConfidential, out _)!.Length, 1, 4096);
        Assert.InRange(pair.Client.Wrap(new byte[longest + 1], isConfidential, out _)!.Length, 4097, 5000);
        Assert.Equal(0, pair.Client.LongestData(isConfidential, 10));
    }

    [Fact]
    public void A_token_is_good_once()
    {
        using var pair = new Pair(kerberos, GssMechanism.Kerberos);
        var token = pair.Client.Step([]).Token;
        Assert.Null(pair.Server.Step(token).Error);
        using var again = GssContext.Acceptor(GssMechanism.Kerberos, pair.Keys);
        Assert.Contains("replay", again.Step(token).Error!.Text);
    }

    [Fact]
    public void A_key_that_is_not_the_services_is_refused()
    {
        using var pair = new Pair(kerberos, GssMechanism.Kerberos, kerberos.OldKeytab);
        Assert.NotNull(pair.Server.Step(pair.Client.Step([]).Token).Error);
    }

    [Fact]
    public void A_credential_for_one_service_takes_no_token_for_another()
    {
        using var smtp = GssName.OfService("smtp@localhost", out _)!;
        using var keys = GssCredential.OfKeytab(GssMechanism.Kerberos, kerberos.Keytab, smtp, out _)!;
        using var server = GssContext.Acceptor(GssMechanism.Kerberos, keys);
        using var pair = new Pair(kerberos, GssMechanism.Kerberos);
        var token = pair.Client.Step([]).Token;
        Assert.NotNull(server.Step(token).Error);
        Assert.Null(pair.Server.Step(token).Error);
    }

    [Theory]
    [InlineData("same", "same", true, true)]
    [InlineData("same", "other", false, false)]
    [InlineData(null, "acceptor only", true, false)]
    [InlineData("initiator only", null, true, false)]
    public void Bindings_of_both_sides_are_the_same_or_not(string? initiator, string? acceptor, bool isAccepted, bool isBound)
    {
        using var pair = new Pair(kerberos, GssMechanism.Kerberos, null, Bytes(initiator), Bytes(acceptor));
        var step = pair.Server.Step(pair.Client.Step([]).Token);
        Assert.Equal(isAccepted, step.Error is null);
        if (isAccepted)
            Assert.Equal(isBound, pair.Server.Flags.HasFlag(GssFlags.ChannelBound));
        else
            Assert.Equal(GssRoutineError.BadBindings, step.Error!.Routine);

        static byte[]? Bytes(string? text) => text is null ? null : System.Text.Encoding.ASCII.GetBytes(text);
    }

    [Fact]
    public void Kerberos_keys_take_no_SPNEGO_token_and_the_other_way_round()
    {
        using var plain = new Pair(kerberos, GssMechanism.Kerberos);
        using var negotiated = new Pair(kerberos, GssMechanism.Spnego);
        var token = negotiated.Client.Step([]).Token;
        Assert.NotNull(plain.Server.Step(token).Error);
        Assert.Null(negotiated.Server.Step(token).Error);
    }

    [Fact]
    public void A_password_gets_tickets_and_a_wrong_one_does_not()
    {
        using var name = GssName.OfUser("alice", out _)!;
        Assert.Null(InitiateWith(name, KerberosFixture.Password));
        // RFC 4120 §7.5.9: KDC_ERR_PREAUTH_FAILED and KDC_ERR_C_PRINCIPAL_UNKNOWN.
        Assert.Equal(24, InitiateWith(name, "wrong")!.KerberosCode);
        using var nobody = GssName.OfUser("nobody", out _)!;
        Assert.Equal(6, InitiateWith(nobody, KerberosFixture.Password)!.KerberosCode);
    }

    GssError? InitiateWith(GssName name, string password)
    {
        using var credential = GssCredential.OfPassword(GssMechanism.Kerberos, name, System.Text.Encoding.UTF8.GetBytes(password), out var error);
        if (credential is null)
            return error;
        using var target = GssName.OfService("imap@localhost", out _)!;
        using var client = GssContext.Initiator(GssMechanism.Kerberos, credential, target, Everything);
        return client.Step([]).Error;
    }

    [Fact]
    public void What_is_missing_is_told()
    {
        Assert.Null(GssCredential.OfKeytab(GssMechanism.Kerberos, kerberos.Kdc["nothing"], GssName.None, out var error));
        Assert.Contains("nothing", error!.Text);
        using var pop = GssName.OfService("pop@localhost", out _)!;
        Assert.Null(GssCredential.OfKeytab(GssMechanism.Kerberos, kerberos.Keytab, pop, out error));
        Assert.Contains("pop", error!.Text);
        using var none = GssCredential.OfTicketCache(GssMechanism.Kerberos, kerberos.Kdc["nothing"], GssName.None, out error);
        Assert.NotNull(error);
    }

    static GssMechanism Mechanism(string name) => name == "SPNEGO" ? GssMechanism.Spnego : GssMechanism.Kerberos;

    sealed class Pair : IDisposable
    {
        readonly GssName _target = GssName.OfService("imap@localhost", out _)!;
        readonly GssCredential _tickets;

        public Pair(KerberosFixture kerberos, GssMechanism mechanism, string? keytab = null, byte[]? initiator = null, byte[]? acceptor = null)
        {
            _tickets = GssCredential.OfTicketCache(mechanism, kerberos.Alice, GssName.None, out var error) ?? throw new InvalidOperationException(error!.Text);
            Keys = GssCredential.OfKeytab(mechanism, keytab ?? kerberos.Keytab, GssName.None, out error) ?? throw new InvalidOperationException(error!.Text);
            Client = GssContext.Initiator(mechanism, _tickets, _target, Everything, initiator);
            Server = GssContext.Acceptor(mechanism, Keys, acceptor);
        }

        public GssCredential Keys { get; }

        public GssContext Client { get; }

        public GssContext Server { get; }

        public static Pair Establish(KerberosFixture kerberos, GssMechanism mechanism)
        {
            var pair = new Pair(kerberos, mechanism);
            var (client, server) = (pair.Client.Step([]), default(GssStep));
            while (!client.IsComplete || !server.IsComplete)
            {
                Assert.True(client.Error is null && server.Error is null, (client.Error ?? server.Error)?.Text);
                if (!server.IsComplete)
                    server = pair.Server.Step(client.Token);
                if (!client.IsComplete)
                    client = pair.Client.Step(server.Token);
            }
            return pair;
        }

        public void Dispose()
        {
            Client.Dispose();
            Server.Dispose();
            Keys.Dispose();
            _tickets.Dispose();
            _target.Dispose();
        }
    }
}
