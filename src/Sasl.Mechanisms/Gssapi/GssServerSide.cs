namespace Sasl.Mechanisms.Gssapi;

/// <summary>The acceptor: the keys of the settings' keytab.</summary>
sealed class GssServerSide(GssMechanism mechanism, SaslSettings settings) : GssSide(mechanism, settings)
{
    GssName? _service;
    GssCredential? _credential;

    public override void Dispose()
    {
        base.Dispose();
        _credential?.Dispose();
        _service?.Dispose();
    }

    /// <summary>The client's identity, when the context is complete.</summary>
    public string? FindIdentity(out string principal)
    {
        var peer = Context.Peer;
        principal = peer.Display(out _) ?? "";
        if (Settings.PrincipalToIdentity is { } rule)
            return rule(principal);
        // Behind a backslash stands a separator within a part: "alice\@example.com@REALM" is not alice@example.com.
        return principal.Contains('\\') ? principal : peer.Local() ?? principal;
    }

    protected override GssContext? Open(out GssError? error)
    {
        error = null;
        // Clients do not agree on the name of the service (smtp, submission, SMTPSVC): any key will do unless the host names one.
        _service = Settings.KerberosService is null ? GssName.None : GssName.OfService(Settings.KerberosService, out error);
        if (error is not null)
            return null;
        _credential = GssCredential.OfKeytab(Mechanism, Settings.Keytab, _service!, out error);
        // RFC 4752 §3.2: without channel bindings.
        return error is null ? GssContext.Acceptor(Mechanism, _credential!) : null;
    }

    protected override SaslOutcome.Failure NotOpened(GssError error) => new(FailureKind.Temporary, $"no Kerberos key to accept with: {error.Text}");

    protected override SaslOutcome.Failure NotTaken(GssError error, bool isFirst) => error switch
    {
        // A replay cache that cannot be written, for instance.
        { IsSystemError: true } => new(FailureKind.Temporary, error.Text),
        { Routine: GssRoutineError.BadBindings } => new(FailureKind.ChannelBinding, error.Text),
        { KerberosCode: not null } or { IsRenumbered: true, Routine: GssRoutineError.Failure } or { Routine: GssRoutineError.CredentialsExpired } => new(FailureKind.BadCredentials, error.Text),
        _ => SaslOutcome.Malformed(error.Text),
    };
}
