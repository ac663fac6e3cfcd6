namespace Sasl.Mechanisms.Gssapi;

/// <summary>
/// GSS-SPNEGO (RFC 4178 in SASL; no RFC of its own): the context alone. Its flags, which the client asked for, decide about the layer, and
/// there is no place for an authorization identity. So do Windows and Cyrus. Dovecot's server goes on as GSSAPI does (RFC 4752 §3.2): our
/// client follows.
/// </summary>
static class GssSpnegoMechanism
{
    public const string Name = "GSS-SPNEGO";

    /// <summary>Nobody says how much he takes.</summary>
    const int LongestTaken = 64 * 1024;

    public static async ValueTask<SaslOutcome> ServeAsync(ISaslDialogue client, ISaslCredentials credentials, CancellationToken stop)
    {
        using var side = new GssServerSide(GssMechanism.Spnego, client.Settings);
        var (last, failure) = await GssapiMechanism.AcceptAsync(client, side);
        if (failure is not null)
            return failure;
        if (Choose(client, side.Context, side.Context.Flags) is not { } layer)
            return SaslOutcome.Malformed("the client expects a security layer, or none, against the policy");
        var outcome = await GssapiMechanism.AuthorizeAsync(side, credentials, SaslMechanisms.Find(Name)!, "", stop);
        if (outcome is not SaslOutcome.Success success)
            return outcome;
        var created = GssSecurityLayer.Create(side, layer, LongestTaken, client.Settings, out failure);
        return failure is not null ? failure : success with { FinalData = last.Length > 0 ? last : null, Layer = created };
    }

    public static async ValueTask<SaslOutcome> RequestAsync(ISaslDialogue server, ClientCredentials own, CancellationToken stop)
    {
        if (!SaslText.IsIdentity(own.AuthorizationId))
            return SaslOutcome.Malformed("the authorization identity cannot be sent");
        using var side = new GssClientSide(GssMechanism.Spnego, own, server);
        var (last, failure) = await GssapiMechanism.InitiateAsync(server, side);
        if (failure is not null)
            return failure;
        if (await server.AskLastAsync(last) is { } more)
            return GssapiMechanism.Answer(more, server, side, own);
        if (own.AuthorizationId.Length > 0)
            return new SaslOutcome.Failure(FailureKind.NotAuthorized, $"the server took no authorization identity: we are not {own.AuthorizationId}");
        if (Choose(server, side.Context, side.Context.Flags) is not { } layer)
            return new SaslOutcome.Failure(FailureKind.ServerNotTrusted, "the policy asks for another security layer");
        return GssapiMechanism.Succeed(side, layer, LongestTaken, server.Settings, own, null);
    }

    /// <summary>The layer that the flags stand for; null when the policy does not allow it.</summary>
    static GssLayers? Choose(ISaslDialogue dialogue, GssContext context, GssFlags flags)
    {
        var layer = flags.HasFlag(GssFlags.Confidentiality) ? GssLayers.Confidentiality
            : flags.HasFlag(GssFlags.Integrity) ? GssLayers.Integrity
            : GssLayers.None;
        return LayerPolicy.Allowed(dialogue.Settings, dialogue.Channel, flags, LayerPolicy.SsfOf(context)).HasFlag(layer) ? layer : null;
    }
}
