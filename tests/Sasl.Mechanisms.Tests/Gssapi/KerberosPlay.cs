using System.Buffers;
using System.Text;

namespace Sasl.Mechanisms.Tests.Gssapi;

/// <summary>Both sides of a Kerberos exchange, or one of them against a hand-made peer.</summary>
sealed class KerberosPlay(KerberosFixture kerberos)
{
    static readonly SaslChannel _channel = new() { Service = "imap", HostName = "localhost" };

    public ClientCredentials Alice => new("", "", default) { UseKerberos = true, TicketCache = kerberos.Alice };

    public ClientCredentials Foreigner => new("", "", default) { UseKerberos = true, TicketCache = kerberos.Foreigner };

    public SaslSettings ServerSettings => new() { Keytab = kerberos.Keytab };

    /// <summary>A policy with these bounds on the layer's strength.</summary>
    public static SaslPolicy Strength(int least, int most) => new() { MinSsf = least, MaxSsf = most };

    public SaslServerSession Server(string mechanism, SaslSettings? settings = null, ISaslCredentials? credentials = null, SaslChannel? channel = null) =>
        new(SaslMechanisms.Find(mechanism)!, credentials ?? new KerberosBook(), channel ?? _channel, settings ?? ServerSettings);

    public SaslClientSession Client(string mechanism, ClientCredentials? own = null, SaslSettings? settings = null, SaslChannel? channel = null) =>
        new(SaslMechanisms.Find(mechanism)!, own ?? Alice, channel ?? _channel, settings ?? SaslSettings.Default);

    /// <param name="client">Disposed afterwards; the outcome's layer is not.</param>
    /// <param name="server">Likewise.</param>
    /// <param name="initial">The protocol has an initial response.</param>
    /// <param name="successData">The protocol has room for data beside the success.</param>
    public static async Task<(SaslOutcome Client, SaslOutcome Server)> RunAsync(SaslClientSession client, SaslServerSession server, bool initial = true, bool successData = true)
    {
        using var both = server;
        using var first = client;
        var said = await client.StartAsync(initial);
        if (said.Outcome is { } atOnce)
            return (atOnce, SaslOutcome.Malformed("the client did not begin"));
        var step = await server.StepAsync(said.Message);
        while (step.Outcome is null)
        {
            said = await client.StepAsync(step.Message!);
            if (said.Outcome is { } refused)
                return (refused, SaslOutcome.Malformed("the client went away"));
            step = await server.StepAsync(said.Message);
        }
        if (step.Outcome is not SaslOutcome.Success success)
            return (SaslOutcome.Malformed("the server refused: " + step.Outcome), step.Outcome);
        if (success.FinalData is { } data && !successData)
        {
            said = await client.StepAsync(data);
            if (said.Outcome is { } late)
                return (late, success);
            Assert.Empty(said.Message!);
            return (await client.FinishAsync(null), success);
        }
        return (await client.FinishAsync(success.FinalData), success);
    }

    public static SaslOutcome.Success Succeeded(SaslOutcome outcome)
    {
        Assert.False(outcome is SaslOutcome.Failure, outcome.ToString());
        return (SaslOutcome.Success)outcome;
    }

    public static SaslOutcome.Failure Failed(FailureKind kind, SaslOutcome outcome)
    {
        var failure = Assert.IsType<SaslOutcome.Failure>(outcome);
        Assert.True(kind == failure.Kind, $"expected {kind}: {failure}");
        return failure;
    }

    /// <summary>What one layer wraps, the other opens: all of it.</summary>
    public static byte[] Open(SecurityLayer layer, ReadOnlyMemory<byte> wire)
    {
        var (input, output) = (new ReadOnlySequence<byte>(wire), new ArrayBufferWriter<byte>());
        UnwrapResult result;
        while ((result = layer.Unwrap(ref input, output)) == UnwrapResult.Data)
        {
        }
        Assert.Equal(UnwrapResult.NeedMore, result);
        Assert.True(input.IsEmpty);
        return output.WrittenSpan.ToArray();
    }

    public static byte[] Wrap(SecurityLayer layer, ReadOnlySpan<byte> data)
    {
        var output = new ArrayBufferWriter<byte>();
        layer.Wrap(data, output);
        return output.WrittenSpan.ToArray();
    }

    public static void TalkBothWays(SecurityLayer client, SecurityLayer server)
    {
        foreach (var (from, to) in new[] { (client, server), (server, client), (client, server) })
        {
            foreach (var text in new[] { "a", "a LOGOUT\r\n", new string('x', 200_000) })
                Assert.Equal(text, Encoding.ASCII.GetString(Open(to, Wrap(from, Encoding.ASCII.GetBytes(text)))));
        }
    }
}

/// <summary>Knows every proven identity but "mallory"; alice may act as bob.</summary>
sealed class KerberosBook : ISaslCredentials
{
    public List<string> Asked { get; } = [];

    public ValueTask<Verification> VerifyPasswordAsync(string authenticationId, ReadOnlyMemory<byte> password, CancellationToken stop) =>
        throw new InvalidOperationException("no password is to be verified here");

    public ValueTask<Verification> AcceptProvenAsync(string authenticationId, SaslMechanism mechanism, CancellationToken stop)
    {
        Asked.Add($"{mechanism.Name} {authenticationId}");
        return new(authenticationId == "mallory" ? Verification.Refused(FailureKind.Disabled, "locked") : Verification.Accepted(authenticationId));
    }

    public ValueTask<bool> MayActAsAsync(string authenticationId, string authorizationId, CancellationToken stop) => new(authenticationId == "alice" && authorizationId == "bob");
}
