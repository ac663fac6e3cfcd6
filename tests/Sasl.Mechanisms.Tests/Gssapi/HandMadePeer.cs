using Sasl.Mechanisms.Gssapi;

namespace Sasl.Mechanisms.Tests.Gssapi;

/// <summary>A peer with a real context that then says whatever the test wants.</summary>
sealed class HandMadePeer : IDisposable
{
    const GssFlags Everything = GssFlags.Mutual | GssFlags.Sequence | GssFlags.Integrity | GssFlags.Confidentiality;

    readonly GssName _target = GssName.OfService("imap@localhost", out _)!;
    readonly GssCredential _credential;

    HandMadePeer(GssMechanism mechanism, GssCredential? credential, bool isClient, GssFlags flags)
    {
        _credential = credential ?? throw new InvalidOperationException("no credential");
        Context = isClient ? GssContext.Initiator(mechanism, _credential, _target, flags) : GssContext.Acceptor(mechanism, _credential);
    }

    public GssContext Context { get; }

    public static HandMadePeer Client(KerberosFixture kerberos, GssMechanism? mechanism = null, GssFlags flags = Everything) =>
        new(mechanism ?? GssMechanism.Kerberos, GssCredential.OfTicketCache(mechanism ?? GssMechanism.Kerberos, kerberos.Alice, GssName.None, out _), true, flags);

    public static HandMadePeer Server(KerberosFixture kerberos, GssMechanism? mechanism = null) =>
        new(mechanism ?? GssMechanism.Kerberos, GssCredential.OfKeytab(mechanism ?? GssMechanism.Kerberos, kerberos.Keytab, GssName.None, out _), false, GssFlags.None);

    public byte[] Step(ReadOnlySpan<byte> token)
    {
        var step = Context.Step(token);
        Assert.True(step.Error is null, step.Error?.Text);
        return step.Token;
    }

    public byte[] Wrap(params byte[] data) => Context.Wrap(data, false, out _)!;

    public byte[]? Unwrap(byte[] wrapped) => Context.Unwrap(wrapped, out _, out _);

    /// <summary>A client up to the server's offer, which is returned open.</summary>
    public async Task<byte[]> TakeOfferAsync(SaslServerSession server)
    {
        Step((await server.StepAsync(Step([]))).Message!);
        return Unwrap((await server.StepAsync([])).Message!)!;
    }

    /// <summary>A server up to the point where it makes its offer.</summary>
    public async Task AcceptAsync(SaslClientSession client)
    {
        var token = Step((await client.StartAsync()).Message!);
        Assert.Empty((await client.StepAsync(token)).Message!);
    }

    public void Dispose()
    {
        Context.Dispose();
        _credential.Dispose();
        _target.Dispose();
    }
}
