using System.Numerics;
using System.Text;

namespace Sasl.Mechanisms.Gssapi;

/// <summary>GSSAPI (RFC 4752): a Kerberos context, then two wrapped messages that settle the security layer and the authorization identity.</summary>
static class GssapiMechanism
{
    public const string Name = "GSSAPI";

    public static async ValueTask<SaslOutcome> ServeAsync(ISaslDialogue client, ISaslCredentials credentials, CancellationToken stop)
    {
        using var side = new GssServerSide(GssMechanism.Kerberos, client.Settings);
        var (last, failure) = await AcceptAsync(client, side);
        if (failure is not null)
            return failure;
        // RFC 4752 §3.2: an answer without data to the last token.
        if (last.Length > 0 && !(await client.AskAsync(last)).IsEmpty)
            return SaslOutcome.Malformed("data behind the last token");
        return await SettleAsync(client, side, credentials, SaslMechanisms.Find(Name)!, stop);
    }

    public static async ValueTask<SaslOutcome> RequestAsync(ISaslDialogue server, ClientCredentials own, CancellationToken stop)
    {
        if (!SaslText.IsIdentity(own.AuthorizationId))
            return SaslOutcome.Malformed("the authorization identity cannot be sent");
        using var side = new GssClientSide(GssMechanism.Kerberos, own, server);
        var (last, failure) = await InitiateAsync(server, side);
        if (failure is not null)
            return failure;
        return Answer(await server.AskAsync(last), server, side, own);
    }

    /// <summary>The acceptor's steps until the context is complete; its last token, if there is one, is still to be sent.</summary>
    public static async ValueTask<(byte[] Last, SaslOutcome.Failure? Failure)> AcceptAsync(ISaslDialogue client, GssServerSide side)
    {
        var token = await client.FirstAsync();
        // Some clients that cannot send an initial response answer the first challenge with nothing too.
        if (token.IsEmpty)
            token = await client.AskAsync([]);
        while (!token.IsEmpty)
        {
            var (step, failure) = await side.StepAsync(token);
            if (failure is not null || step.IsComplete)
                return (step.Token, failure);
            token = await client.AskAsync(step.Token);
        }
        return ([], SaslOutcome.Malformed("an empty token"));
    }

    /// <summary>The initiator's steps until the context is complete; its last token, or nothing, is still to be sent.</summary>
    public static async ValueTask<(byte[] Last, SaslOutcome.Failure? Failure)> InitiateAsync(ISaslDialogue server, GssClientSide side)
    {
        ReadOnlyMemory<byte> token = default;
        while (true)
        {
            var (step, failure) = await side.StepAsync(token);
            if (failure is not null)
                return ([], failure);
            if (!step.IsComplete)
            {
                token = await server.AskAsync(step.Token);
                continue;
            }
            return side.Context.Flags.HasFlag(GssFlags.Mutual)
                ? (step.Token, null)
                : ([], new(FailureKind.ServerNotTrusted, "the server has not proven itself"));
        }
    }

    /// <summary>Server: offers the layers that the policy allows, and takes the client's choice and authorization identity.</summary>
    static async ValueTask<SaslOutcome> SettleAsync(ISaslDialogue client, GssServerSide side, ISaslCredentials credentials, SaslMechanism mechanism, CancellationToken stop)
    {
        var context = side.Context;
        var offered = LayerPolicy.Allowed(client.Settings, client.Channel, context.Flags, LayerPolicy.SsfOf(context));
        if (offered == GssLayers.Nothing)
            return SaslOutcome.Malformed("the policy asks for a security layer that the client's context cannot give");
        // RFC 4752 §3.2: the greatest size is 0 where no layer is offered.
        var offer = new LayerMessage(offered, offered == GssLayers.None ? 0 : client.Settings.LongestPacket);
        if (context.Wrap(offer.Write(), false, out var error) is not { } wrapped)
            return new SaslOutcome.Failure(FailureKind.Temporary, error!.Text);
        var answer = await client.AskAsync(wrapped);

        if (context.Unwrap(answer.Span, out _, out error) is not { } message)
            return SaslOutcome.Malformed(error!.Text);
        if (message.Length < LayerMessage.Size || !SaslText.TryReadIdentity(message.AsSpan(LayerMessage.Size), out var authorizationId))
            return SaslOutcome.Malformed("not a choice of a layer, or no authorization identity behind it");
        var choice = LayerMessage.Read(message);
        // RFC 4752 §3.2: one layer, of those that were offered. Without one the size should be 0, but gsasl sends one.
        if (!BitOperations.IsPow2((byte)choice.Layers) || !offered.HasFlag(choice.Layers))
            return SaslOutcome.Malformed($"layer {(byte)choice.Layers} was not offered");

        var outcome = await AuthorizeAsync(side, credentials, mechanism, authorizationId, stop);
        if (outcome is not SaslOutcome.Success success)
            return outcome;
        var layer = GssSecurityLayer.Create(side, choice.Layers, choice.LongestPacket, client.Settings, out var failure);
        return failure is not null ? failure : success with { Layer = layer };
    }

    /// <summary>Client: takes the best layer that both sides allow, and says as whom it wants to act.</summary>
    public static SaslOutcome Answer(ReadOnlyMemory<byte> challenge, ISaslDialogue server, GssClientSide side, ClientCredentials own)
    {
        var context = side.Context;
        if (context.Unwrap(challenge.Span, out _, out var error) is not { } message)
            return new SaslOutcome.Failure(FailureKind.ServerNotTrusted, error!.Text);
        // RFC 4752 §3.1: four bytes, or the negotiation has failed. A size without a layer means nothing: Dovecot sends one.
        if (message.Length != LayerMessage.Size)
            return SaslOutcome.Malformed("not an offer of layers");
        var offer = LayerMessage.Read(message);
        var allowed = LayerPolicy.Allowed(server.Settings, server.Channel, context.Flags, LayerPolicy.SsfOf(context));
        var best = LayerPolicy.Best(offer.Layers & allowed);
        if (best == GssLayers.Nothing)
            return new SaslOutcome.Failure(FailureKind.ServerNotTrusted, $"the server offers no security layer that the policy allows (offered {(byte)offer.Layers}, allowed {(byte)allowed})");
        var choice = new LayerMessage(best, best == GssLayers.None ? 0 : server.Settings.LongestPacket);
        if (context.Wrap(choice.Write(Encoding.UTF8.GetBytes(own.AuthorizationId)), false, out error) is not { } wrapped)
            return new SaslOutcome.Failure(FailureKind.Temporary, error!.Text);
        return Succeed(side, best, offer.LongestPacket, server.Settings, own, wrapped);
    }

    /// <summary>Server: who the client is, whether that is one of ours, and whether he may act as he asks.</summary>
    public static async ValueTask<SaslOutcome> AuthorizeAsync(GssServerSide side, ISaslCredentials credentials, SaslMechanism mechanism, string authorizationId, CancellationToken stop)
    {
        if (side.Context.Flags.HasFlag(GssFlags.Anonymous))
            return new SaslOutcome.Failure(FailureKind.BadCredentials, "an anonymous ticket proves nobody");
        if (side.FindIdentity(out var principal) is not { Length: > 0 } identity || !SaslText.IsIdentity(identity))
            return new SaslOutcome.Failure(FailureKind.BadCredentials, $"{SaslText.Printable(principal)} is nobody here");
        var proven = await credentials.AcceptProvenAsync(identity, mechanism, stop);
        return await Authorization.DecideAsync(credentials, identity, proven, authorizationId, stop);
    }

    /// <summary>Client: nothing is left to ask.</summary>
    public static SaslOutcome Succeed(GssClientSide side, GssLayers layer, int longestTaken, SaslSettings settings, ClientCredentials own, byte[]? last)
    {
        var self = own.AuthenticationId.Length > 0 ? own.AuthenticationId : side.FindPrincipal();
        var created = GssSecurityLayer.Create(side, layer, longestTaken, settings, out var failure);
        return failure is not null ? failure : new SaslOutcome.Success(self, own.AuthorizationId, last) { Layer = created };
    }
}
