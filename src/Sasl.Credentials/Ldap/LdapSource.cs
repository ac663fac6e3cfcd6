using Sasl.Hosting.Configuration;

namespace Sasl.Credentials.Ldap;

/// <summary>
/// A directory as a password source, by Cyrus' keys of saslauthd.conf. Asynchronous: many logins at once share the lookup connection, and each password
/// has a connection of its own.
/// </summary>
public sealed class LdapSource : IPasswordSource, IAsyncDisposable
{
    readonly LdapOptions _options;
    readonly LdapLookup _lookup;
    readonly ILdapMethod _method;
    readonly Microsoft.Extensions.Logging.ILogger _log;

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
            "custom" => new LdapCustomMethod(_options, finder, context.Hashing),
            "fastbind" => new LdapFastbindMethod(_options, servers, group),
            _ => new LdapBindMethod(_options, servers, finder),
        };
        if (!settings.Boolean(SaslauthdConf.LdapTlsCheckPeer) && (_options.StartTls || _options.Servers.Any(url => url.IsTls)))
            _log.Unverified();
    }

    public string Name => "ldap";

    internal ILdapMethod Method => _method;

    public async ValueTask<Verdict> VerifyAsync(PasswordQuery query, CancellationToken stop)
    {
        // RFC 4513 §5.1.2: a name with an empty password is let in by many servers, as nobody.
        if (query.Password.IsEmpty)
            return new(VerdictKind.Refused, "empty password");
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
            return new(VerdictKind.Unavailable, "the directory did not answer in time");
        }
    }

    public ValueTask DisposeAsync() => _lookup.DisposeAsync();

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
