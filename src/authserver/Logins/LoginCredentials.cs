// Invariants of this file:
//  * The name is normalized before anything is looked up by it, and what is looked up is looked up for that name.
//  * Nobody acts as another whom a master passdb does not know, and whom the passdbs do not know is nobody to act as.
using AuthServer.Passdb;
using Microsoft.Extensions.Logging;
using Sasl.Credentials;
using Sasl.Mechanisms;

namespace AuthServer.Logins;

/// <summary>What all logins of one auth server share.</summary>
/// <param name="MasterSeparator">Between the user and the master user in a login name; null: not used.</param>
sealed record LoginServices(UserNames Names, PassdbChain Passdbs, IReadOnlyList<ILoginGuard> Guards, ILogger Log, bool IsVerbose, string? MasterSeparator)
{
    public CertificateRules Certificates { get; init; } = new(false, false);
}

/// <summary>The credentials of one request: a mechanism's questions, asked of the passdbs under the rules for names.</summary>
sealed class LoginCredentials(LoginServices services, LoginOrigin origin, Explanation? explanation = null) : ISaslCredentials
{
    const string NotAdmitted = "not admitted";

    bool _isMaster;

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
        if (await AdmitAsync(login, password, stop) is { } no)
            return no;
        if (master is null)
        {
            var row = await services.Passdbs.VerifyAsync(login, password, stop);
            if (row.Kind == PassdbKind.Found || !services.Passdbs.HasMasters)
                return Answer(login, row);
            // Perhaps the name of a master user, whose target comes as the authorization identity.
            var asMaster = await services.Passdbs.VerifyAsync(login, password, stop, masters: true);
            _isMaster = asMaster.Kind == PassdbKind.Found;
            return Answer(login, _isMaster ? asMaster : row);
        }
        var proven = await services.Passdbs.VerifyAsync(new(master, master, origin) { Explanation = explanation }, password, stop, masters: true);
        if (proven.Kind != PassdbKind.Found)
            return Verification.Refused(proven.Kind == PassdbKind.Failed ? FailureKind.Temporary : FailureKind.NotAuthorized, proven.Reason);
        login.MasterUser = master;
        return await TargetAsync(login, stop);
    }

    public async ValueTask<SecretAnswer> FindSecretAsync(SecretRequest request, CancellationToken stop)
    {
        if (Begin(request.AuthenticationId, out _, out var refusal) is not { } login)
            return SecretAnswer.Refused(refusal.Refusal!.Value, refusal.Reason, services.Passdbs.UsualKind(request.Kind));
        if (await AdmitAsync(login, default, stop) is { } no)
            return SecretAnswer.Refused(no.Refusal!.Value, no.Reason, services.Passdbs.UsualKind(request.Kind));
        var (row, secret) = await services.Passdbs.FindSecretAsync(login, request.Kind, request.Realm, stop);
        return new(Answer(login, row), secret, services.Passdbs.UsualKind(request.Kind));
    }

    public async ValueTask<Verification> ValidateTokenAsync(string authenticationId, ReadOnlyMemory<byte> token, CancellationToken stop)
    {
        // Some clients name nobody: then the token does.
        var login = authenticationId.Length == 0 ? Login = new("", "", origin) { Explanation = explanation } : Begin(authenticationId, out _, out _);
        if (login is null)
            return Refuse("no such user name");
        if (await AdmitAsync(login, default, stop) is { } no)
            return no;
        var row = await services.Passdbs.ValidateAsync(login, token, stop);
        if (row.Kind != PassdbKind.Found)
            return Answer(login, row);
        return services.Names.Normalize(login.User, out var reason) is { } user ? Answer(login, row, login.User = user) : Refuse(reason);
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

    public void Decided(LoginDecision decision)
    {
        foreach (var guard in services.Guards)
            guard.Decided(decision);
    }

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
        foreach (var guard in services.Guards)
        {
            if (await guard.AdmitAsync(login, password, stop) is not { } reason)
                continue;
            login.Explanation?.Add($"{NotAdmitted}: {reason}");
            return Refuse(reason);
        }
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

    Verification Refuse(string reason)
    {
        if (services.IsVerbose)
            services.Log.Refused("auth", origin.Who(GivenName), reason);
        return Verification.Refused(FailureKind.BadCredentials, reason);
    }

    static Verification Answer(LoginFacts login, PassdbRow row, string? user = null) => row.Kind switch
    {
        PassdbKind.Found => Verification.Accepted(user ?? login.User),
        PassdbKind.Disabled => Verification.Refused(FailureKind.Disabled, row.Reason),
        PassdbKind.Expired => Verification.Refused(FailureKind.Expired, row.Reason),
        PassdbKind.Failed => Verification.Refused(FailureKind.Temporary, row.Reason),
        _ => Verification.Refused(FailureKind.BadCredentials, row.Reason),
    };
}
