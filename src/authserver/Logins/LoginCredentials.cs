// Invariants of this file:
//  * The name is normalized before anything is looked up by it, and what is looked up is looked up for that name.
//  * Nobody acts as another whom a master passdb does not know, and whom the passdbs do not know is nobody to act as.
using AuthServer.AppPasswords;
using AuthServer.Passdb;
using Microsoft.Extensions.Logging;
using Sasl.Credentials;
using Sasl.Mechanisms;

namespace AuthServer.Logins;

/// <summary>What all logins of one auth server share.</summary>
/// <param name="MasterSeparator">Between the user and the master user in a login name; null: not used.</param>
sealed record LoginServices(UserNames Names, PassdbChain Passdbs, IReadOnlyList<ILoginGuard> Guards, ILogger Log, bool IsVerbose, string? MasterSeparator)
{
    /// <summary>Null: there are no app passwords.</summary>
    public AppPasswordBook? Apps { get; init; }

    public CertificateRules Certificates { get; init; } = new(false, false);

    /// <summary>auth_realms: a name without one is of the realm that the client has chosen among them.</summary>
    public IReadOnlyList<string> Realms { get; init; } = [];
}

/// <summary>The credentials of one request: a mechanism's questions, asked of the passdbs under the rules for names.</summary>
sealed class LoginCredentials(LoginServices services, LoginOrigin origin, Explanation? explanation = null) : ISaslCredentials
{
    const string NotAdmitted = "not admitted";

    bool _isMaster;
    int _isSettled;
    string? _heldBack;
    LoginFacts? _admitted;
    readonly AppPasswordLogin? _app = services.Apps is { } apps ? new(apps, services.Passdbs) : null;

    /// <summary>The name that a token was accepted for, as the client spelled it.</summary>
    string? _tokenOf;
    string? _lookedUp;

    /// <summary>The name as the client spelled it, once it has.</summary>
    public string GivenName { get; private set; } = "";

    /// <summary>Set as soon as a name that can be looked up was given.</summary>
    public LoginFacts? Login { get; private set; }

    public LoginOrigin Origin => origin;

    public async ValueTask<Verification> VerifyPasswordAsync(string authenticationId, ReadOnlyMemory<byte> password, CancellationToken stop)
    {
        if (Begin(authenticationId, out var master, out var refusal) is not { } login)
            return refusal;
        // They would break a line of some protocol or file further on.
        if (password.Span.IndexOfAny("\x1\t\r\n"u8) >= 0)
            return Refuse("password contains a control character");
        // Whose password it is: with a master user in the name it is his.
        var owner = master is null ? login : new LoginFacts(master, master, origin) { Explanation = explanation };
        if (await AdmitAsync(owner, password, stop) is { } no)
            return no;
        if (master is null)
        {
            if (_app is not null && await _app.VerifyAsync(login, password, stop) is { } decided)
                return Answer(login, decided);
            var row = await services.Passdbs.VerifyAsync(login, password, stop);
            row = _app?.Main(login, row) ?? row;
            if (row.Kind == PassdbKind.Found || !services.Passdbs.HasMasters)
                return Answer(login, row);
            // Perhaps the name of a master user, whose target comes as the authorization identity.
            var asMaster = await services.Passdbs.VerifyAsync(login, password, stop, masters: true);
            _isMaster = asMaster.Kind == PassdbKind.Found;
            return Answer(login, _isMaster ? asMaster : row);
        }
        var proven = await services.Passdbs.VerifyAsync(owner, password, stop, masters: true);
        login.Refusal = owner.Refusal;
        if (proven.Kind != PassdbKind.Found)
            return Verification.Refused(proven.Kind == PassdbKind.Failed ? FailureKind.Temporary : FailureKind.NotAuthorized, proven.Reason);
        login.MasterUser = master;
        // A master passdb may say whom he acts as instead.
        if (owner.Fields["login_user"] is { Length: > 0 } other)
        {
            if (services.Names.Normalize(other, out var wrong) is not { } target)
                return Refuse(wrong);
            login.User = target;
        }
        return await TargetAsync(login, stop);
    }

    public async ValueTask<SecretAnswer> FindSecretAsync(SecretRequest request, CancellationToken stop)
    {
        if (Begin(NameOf(request), out _, out var refusal) is not { } login)
            return SecretAnswer.Refused(refusal.Refusal!.Value, refusal.Reason, services.Passdbs.UsualKind(request.Kind));
        var no = await AdmitAsync(login, default, stop);
        _lookedUp = login.User;
        var (row, secret) = await services.Passdbs.FindSecretAsync(login, request.Kind, stop);
        if (_app is not null)
            (row, secret) = await _app.FindSecretAsync(login, request.Kind, row, secret, stop);
        // Who is held back sees the challenge that he always sees: another salt would tell that the user exists.
        return new(no ?? Answer(login, row), secret, services.Passdbs.UsualKind(request.Kind));
    }

    /// <summary>Of the user whose secret was found before: a passdb may have given him another name since.</summary>
    public ValueTask<bool> ReplaceSecretAsync(SecretRequest request, StoredSecret expected, StoredSecret replacement, CancellationToken stop) =>
        _lookedUp is { } user ? services.Passdbs.ReplaceSecretAsync(new(GivenName, user, origin), expected, replacement, stop) : new(false);

    public async ValueTask<Verification> ValidateTokenAsync(string authenticationId, ReadOnlyMemory<byte> token, CancellationToken stop)
    {
        // Some clients name nobody: then the token does.
        var login = authenticationId.Length == 0 ? Login = new("", "", origin) { Explanation = explanation } : Begin(authenticationId, out _, out _);
        if (login is null)
            return Refuse("no such user name");
        if (await AdmitAsync(login, token, stop) is { } no)
            return no;
        var row = await services.Passdbs.ValidateAsync(login, token, stop);
        if (row.Kind != PassdbKind.Found)
            return Answer(login, row);
        if (services.Names.Normalize(login.User, out var reason) is not { } user)
            return Refuse(reason);
        _tokenOf = authenticationId;
        return Answer(login, row, login.User = user);
    }

    public async ValueTask<Verification> AcceptProvenAsync(string authenticationId, SaslMechanism mechanism, CancellationToken stop)
    {
        if (Begin(authenticationId, out _, out var refusal) is not { } login)
            return refusal;
        if (await AdmitAsync(login, default, stop) is { } no)
            return no;
        var row = await services.Passdbs.LookUpAsync(login, stop);
        // Where no passdb can be asked who exists, who was proven to be somebody is he.
        return row.Kind == PassdbKind.Failed && login.Source.Length == 0 && !services.Passdbs.KnowsNames ? Verification.Accepted(login.User) : Answer(login, row);
    }

    public async ValueTask<bool> MayActAsAsync(string authenticationId, string authorizationId, CancellationToken stop)
    {
        // Not another identity: another spelling of the one whose token it is.
        if (_tokenOf is { Length: > 0 } && _tokenOf == authorizationId)
            return true;
        if (!_isMaster || services.Names.Normalize(authorizationId, out _) is not { } user)
            return false;
        var target = new LoginFacts(authorizationId, user, origin) { MasterUser = authenticationId, Explanation = explanation };
        _isMaster = false;
        if (!(await TargetAsync(target, stop)).IsAccepted)
            return false;
        Login = target;
        return true;
    }

    /// <summary>A mechanism has said yes; here is the last word, before anybody hears it. Null when it stays a yes.</summary>
    public SaslOutcome.Failure? Refuse(SaslOutcome.Success success) =>
        _isMaster ? new(FailureKind.NotAuthorized, "a master user without a user to act as", success.AuthenticationId) : null;

    /// <summary>Of several secrets that would have done, this one was proven.</summary>
    public void Proven(StoredSecret? secret) => _app?.Proven(secret);

    public void Decided(LoginDecision decision)
    {
        if (Interlocked.Exchange(ref _isSettled, 1) != 0)
            return;
        decision = decision with { IsHeldBack = _heldBack is not null && !decision.IsSuccess, Reservation = _admitted?.Reservation };
        if (decision.IsHeldBack)
            decision = decision with { Reason = _heldBack! };
        else if (decision is { Failure: FailureKind.BadCredentials, Login.Refusal: null, Login.Source.Length: > 0 })
            decision = decision with { Reason = PassdbRow.Mismatch.Reason };
        if (decision.IsSuccess && _app?.Use() is { } app)
            decision = decision with { AppPassword = app };
        Tell(decision);
        foreach (var guard in services.Guards)
            guard.Decided(decision);
    }

    /// <summary>Nobody waits for the end any more. What was decided before stays decided.</summary>
    public void Abandon()
    {
        if (Interlocked.Exchange(ref _isSettled, 1) == 0 && _admitted is { } admitted)
            Abandon(admitted);
    }

    void Abandon(LoginFacts login)
    {
        foreach (var guard in services.Guards)
            guard.Abandoned(login);
    }

    /// <summary>
    /// One line for one decision, in Dovecot's shape, which log scanners know: the last database that refused says why. What nobody could tell was
    /// logged where that was seen.
    /// </summary>
    void Tell(LoginDecision decision)
    {
        if (decision.IsSuccess || decision.Failure == FailureKind.Temporary)
            return;
        var who = origin.Who(decision.Login?.User is { Length: > 0 } user ? user : decision.User.Length > 0 ? decision.User : "?");
        if (!decision.IsHeldBack && decision.Login?.Refusal is { } refusal)
        {
            if (refusal.IsVerbose)
                services.Log.Refused(refusal.Source, who, refusal.Reason);
        }
        else if (services.IsVerbose)
        {
            services.Log.Refused(!decision.IsHeldBack && decision.Login?.Source is { Length: > 0 } source ? source : "auth", who, decision.Reason);
        }
    }

    /// <summary>DIGEST-MD5 has the realm apart.</summary>
    string NameOf(SecretRequest request) =>
        request.Realm.Length > 0 && !request.AuthenticationId.Contains('@') && services.Realms.Contains(request.Realm, StringComparer.OrdinalIgnoreCase)
            ? $"{request.AuthenticationId}@{request.Realm}" : request.AuthenticationId;

    LoginFacts? Begin(string given, out string? master, out Verification refusal)
    {
        given = services.Certificates.UserOf(origin) ?? given;
        (GivenName, master, refusal) = (given, null, default);
        var name = given;
        if (services.MasterSeparator is { Length: > 0 } separator && given.LastIndexOf(separator, StringComparison.Ordinal) is var at and > 0)
        {
            name = given[..at];
            master = services.Names.Normalize(given[(at + separator.Length)..], out _) ?? "";
        }
        if (services.Names.Normalize(name, out var reason) is not { } user)
        {
            refusal = Refuse(reason);
            return null;
        }
        Login = new(given, user, origin) { Explanation = explanation };
        Login.Fields.Set(origin.Forwarded);
        return Login;
    }

    async ValueTask<Verification?> AdmitAsync(LoginFacts login, ReadOnlyMemory<byte> password, CancellationToken stop)
    {
        // A mechanism that asks twice has changed its mind: the first question is nobody's any more.
        if (_admitted is { } before)
            Abandon(before);
        _admitted = login;
        foreach (var guard in services.Guards)
        {
            if (await guard.AdmitAsync(login, password, stop) is not { } reason)
                continue;
            login.Explanation?.Add($"{NotAdmitted}: {reason}");
            _heldBack = reason;
            return Refuse(reason);
        }
        // The request was given up while the guard let it wait.
        if (Volatile.Read(ref _isSettled) != 0)
            Abandon(login);
        return null;
    }

    /// <summary>Who is acted as must be somebody.</summary>
    async ValueTask<Verification> TargetAsync(LoginFacts target, CancellationToken stop)
    {
        var row = await services.Passdbs.LookUpAsync(target, stop);
        return row.Kind switch
        {
            PassdbKind.Found => Verification.Accepted(target.User),
            PassdbKind.Failed when services.Passdbs.KnowsNames => Verification.Refused(FailureKind.Temporary, row.Reason),
            PassdbKind.Failed => Verification.Accepted(target.User),
            _ => Verification.Refused(FailureKind.NotAuthorized, $"master user's target: {row.Reason}"),
        };
    }

    static Verification Refuse(string reason) => Verification.Refused(FailureKind.BadCredentials, reason);

    static Verification Answer(LoginFacts login, PassdbRow row, string? user = null) => row.Kind switch
    {
        PassdbKind.Found => Verification.Accepted(user ?? login.User),
        PassdbKind.Disabled => Verification.Refused(FailureKind.Disabled, row.Reason),
        PassdbKind.Expired => Verification.Refused(FailureKind.Expired, row.Reason),
        PassdbKind.Failed => Verification.Refused(FailureKind.Temporary, row.Reason),
        _ => Verification.Refused(FailureKind.BadCredentials, row.Reason),
    };
}
