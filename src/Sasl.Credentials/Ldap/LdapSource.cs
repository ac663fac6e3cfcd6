using Microsoft.Extensions.Logging;
using Sasl.Hosting.Configuration;

namespace Sasl.Credentials.Ldap;

/// <summary>
/// A directory as a password source, by Cyrus' keys of saslauthd.conf. Asynchronous: many logins at once share the lookup connection, and each password
/// has a connection of its own.
/// </summary>
public sealed class LdapSource : IPasswordSource, IAsyncDisposable
{
    /// <summary>Of a login, realm or service. No directory has longer ones, and escaping makes three characters of one.</summary>
    internal const int LongestName = 1024;

    readonly LdapOptions _options;
    readonly LdapLookup _lookup;
    readonly ILdapMethod _method;
    HashWorkers? _hashing;
    readonly ILogger _log;

    /// <exception cref="IOException">A certificate or key cannot be read.</exception>
    /// <exception cref="FormatException">The settings do not go together.</exception>
    public LdapSource(MechanismContext context) : this(context, TimeProvider.System)
    {
    }

    internal LdapSource(MechanismContext context, TimeProvider time)
    {
        var settings = context.Settings;
        (_options, _log) = (new(settings), context.Log);
        var connector = new LdapConnector(LdapFiles.Tls(settings, context.Files), _options.StartTls, _options.Patience);
        var servers = new LdapServers(_options.Servers, connector, new(_options.Version, connector.Tls), _options.Patience, time);
        _lookup = new(servers, _options.Lookup());
        var group = _options.Group();
        var finder = new LdapFinder(_options, _lookup, group);
        _method = _options.Method switch
        {
            "custom" => new LdapCustomMethod(_options, finder, Hashing(context)),
            "fastbind" => new LdapFastbindMethod(_options, servers, group),
            _ => new LdapBindMethod(_options, servers, finder),
        };
        if (!settings.Boolean(SaslauthdConf.LdapTlsCheckPeer) && (_options.StartTls || _options.Servers.Any(url => url.IsTls)))
            _log.Unverified();
    }

    public string Name => "ldap";

    /// <summary>What of the settings does not go together, or null.</summary>
    public static string? Problem(Settings settings)
    {
        try
        {
            _ = new LdapOptions(settings).Group();
            return null;
        }
        catch (FormatException problem)
        {
            return problem.Message;
        }
    }

    internal ILdapMethod Method => _method;

    public async ValueTask<Verdict> VerifyAsync(PasswordQuery query, CancellationToken stop)
    {
        // RFC 4513 §5.1.2: a name with an empty password is let in by many servers, as nobody.
        if (query.Password.IsEmpty)
            return new(VerdictKind.Refused, "empty password");
        if (Math.Max(query.User.Length, Math.Max(query.Realm.Length, query.Service.Length)) > LongestName)
            return new(VerdictKind.Refused, $"{LdapVerdicts.NotFound} (a name of more than {LongestName} characters)");
        var realm = query.Realm.Length > 0 ? query.Realm : _options.DefaultRealm;
        var login = new LdapLogin(new(query.User, realm, query.Service), query.Password, step => Tell(query.Explanation, step));
        try
        {
            return await AskAsync(login, stop);
        }
        catch (LdapException failure)
        {
            return new(VerdictKind.Unavailable, $"{(failure.IsBroken ? LdapVerdicts.Broken : LdapVerdicts.NoServer)}: {failure.Message}");
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return Verdict.TimedOut;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _lookup.DisposeAsync();
        _hashing?.Dispose();
    }

    /// <summary>A hash must not hold up the other logins of this process.</summary>
    HashWorkers Hashing(MechanismContext context) => context.Hashing == HashWorkers.Inline ? _hashing = new() : context.Hashing;

    /// <summary>Once more when a connection broke on the way: a server was restarted, or the next one is to be asked.</summary>
    async Task<Verdict> AskAsync(LdapLogin login, CancellationToken stop)
    {
        try
        {
            return await _method.VerifyAsync(login, stop);
        }
        catch (LdapException broken) when (broken.IsBroken && _options.AsksAgain)
        {
            _log.Retrying(broken.Message);
            login.Tell($"{broken.Message}; asking again");
        }
        return await _method.VerifyAsync(login, stop);
    }

    void Tell(Explanation? explanation, string step)
    {
        explanation?.Add(step);
        if (_options.IsVerbose)
            _log.Step(step);
    }
}
