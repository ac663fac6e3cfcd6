using AuthServer.Logins;
using Sasl.Credentials;
using Sasl.Credentials.Sources;
using Sasl.Hosting.Unix;
using Sasl.Protocols.Saslauthd;

namespace AuthServer.Passdb.Drivers;

/// <summary>Asks a saslauthd, also under the names of what only it may do. args: the socket, or its directory; for pam a service name too.</summary>
sealed class SaslauthdPassdb : IPassdb
{
    const string DefaultMux = "/run/saslauthd/mux";

    /// <summary>A verification that takes longer is no use to a Postfix: it hangs up after ten seconds.</summary>
    static readonly TimeSpan _patience = TimeSpan.FromSeconds(6);

    readonly SaslauthdSource _source;
    readonly HashWorkers _lookUps;
    readonly string? _service;
    readonly bool _hasAccounts;

    SaslauthdPassdb(DatabaseContext context, string? service, bool hasAccounts)
    {
        var path = context.Path ?? DefaultMux;
        // saslauthd's own option -m and saslauthd_path differ on whether the socket's name belongs to it: both are understood.
        _source = new(new SaslauthdClient(path.EndsWith("/mux", StringComparison.Ordinal) || !Directory.Exists(path) ? path : Path.Combine(path, "mux"), _patience));
        (Driver, _lookUps, _service, _hasAccounts) = (context.Block.Driver, context.LookUps, service, hasAccounts);
    }

    public string Driver { get; }

    public PassdbAbilities Abilities => PassdbAbilities.Passwords | (_hasAccounts ? PassdbAbilities.Names : PassdbAbilities.None);

    public IReadOnlyCollection<string>? Variables { get; } = ["user", "protocol", "remote_ip"];

    public static IPassdb Saslauthd(DatabaseContext context) => new SaslauthdPassdb(context, null, false);

    public static IPassdb Shadow(DatabaseContext context) => new SaslauthdPassdb(context, null, true);

    /// <summary>Dovecot's default service name is its own; "*" and "%s" mean the protocol's.</summary>
    public static IPassdb Pam(DatabaseContext context) => new SaslauthdPassdb(context,
        context.Words.LastOrDefault(w => !w.StartsWith('/') && !w.Contains('=')) switch { null => "dovecot", "*" or "%s" => null, var name => name }, true);

    /// <summary>Whether the system knows the account.</summary>
    public async ValueTask<PassdbRow> FindAsync(LoginFacts login, CancellationToken stop)
    {
        try
        {
            return _lookUps.TryRun(() => Accounts.Find(login.User) is not null, stop) is not { } work ? PassdbRow.Overloaded
                : await work ? PassdbRow.Found() : PassdbRow.Unknown;
        }
        catch (UnixException failure)
        {
            return PassdbRow.Failed(failure.Message);
        }
    }

    public async ValueTask<PassdbRow> VerifyAsync(LoginFacts login, ReadOnlyMemory<byte> password, CancellationToken stop)
    {
        var verdict = await _source.VerifyAsync(new(login.User, "", _service ?? login.Origin.Service, password, login.Origin.Remote), stop);
        return new(verdict.Kind switch
        {
            VerdictKind.Ok => PassdbKind.Found,
            VerdictKind.Disabled => PassdbKind.Disabled,
            VerdictKind.Expired => PassdbKind.Expired,
            VerdictKind.Unavailable => PassdbKind.Failed,
            _ => PassdbKind.Mismatch,
        }, verdict.Reason);
    }
}
