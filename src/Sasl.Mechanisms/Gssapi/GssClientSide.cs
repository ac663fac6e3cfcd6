namespace Sasl.Mechanisms.Gssapi;

/// <summary>The initiator: tickets of a cache, or new ones for a password, and the service that the channel names.</summary>
sealed class GssClientSide(GssMechanism mechanism, ClientCredentials own, ISaslDialogue server) : GssSide(mechanism, server.Settings)
{
    readonly SaslChannel _channel = server.Channel;
    GssName? _self, _target;
    GssCredential? _credential;

    public override void Dispose()
    {
        base.Dispose();
        _credential?.Dispose();
        _target?.Dispose();
        _self?.Dispose();
    }

    /// <summary>Whose tickets were used, when the context is complete.</summary>
    public string FindPrincipal()
    {
        using var name = Context.Own(out _);
        return name?.Display(out _) ?? "";
    }

    protected override GssContext? Open(out GssError? error)
    {
        // RFC 4752 §3.1: the service's name in the protocol's profile, and the host's full name.
        _target = GssName.OfService($"{_channel.Service}@{_channel.HostName}", out error);
        if (error is not null)
            return null;
        _self = own.AuthenticationId.Length == 0 ? GssName.None : GssName.OfUser(own.AuthenticationId, out error);
        if (error is not null)
            return null;
        _credential = own.TicketCache is null && !own.Password.IsEmpty
            ? GssCredential.OfPassword(Mechanism, _self!, own.Password.Span, out error)
            : GssCredential.OfTicketCache(Mechanism, own.TicketCache, _self!, out error);
        return error is null ? GssContext.Initiator(Mechanism, _credential!, _target!, LayerPolicy.Wanted(Settings)) : null;
    }

    protected override SaslOutcome.Failure NotOpened(GssError error) => new(KindOf(error) ?? FailureKind.BadCredentials, $"no ticket{(Name is null ? "" : $" of {Name}")}{(own.TicketCache is null ? "" : $" in {own.TicketCache}")}: {error.Text}", Name);

    protected override SaslOutcome.Failure NotTaken(GssError error, bool isFirst) => isFirst
        ? new(KindOf(error) ?? FailureKind.BadCredentials, $"no ticket for {_channel.Service}@{_channel.HostName}: {error.Text}", Name)
        : new(error.Routine == GssRoutineError.DefectiveToken ? FailureKind.MalformedMessage : FailureKind.ServerNotTrusted, $"the server has not proven itself: {error.Text}", Name);

    string? Name => own.AuthenticationId.Length > 0 ? own.AuthenticationId : null;

    static FailureKind? KindOf(GssError error) => error switch
    {
        { Routine: GssRoutineError.CredentialsExpired } or { KerberosCode: GssError.TicketExpired } => FailureKind.Expired,
        { KerberosCode: GssError.UnknownClient or GssError.PreauthenticationFailed or GssError.BadIntegrity } => FailureKind.BadCredentials,
        { KerberosCode: GssError.UnknownServer } => FailureKind.ServerNotTrusted,
        { KerberosCode: GssError.KdcUnreachable } or { IsSystemError: true } => FailureKind.Temporary,
        _ => null,
    };
}
