using Microsoft.Extensions.Logging;
using Sasl.Protocols.DovecotAuth;

namespace MailServers.Smtp;

/// <summary>
/// What this service offers of the auth server's mechanisms. An auth server that is down takes away AUTH for that time and nothing else;
/// what it offered last is still announced, and AUTH is then answered 454.
/// </summary>
sealed class SaslServer(AuthClient client, string path, SmtpSettings settings, ILogger log)
{
    volatile IReadOnlyList<OfferedMechanism>? _lastOffered;

    public AuthClient Client => client;

    /// <summary>Where the auth server is; for the log.</summary>
    public string Path => path;

    /// <summary>The names to announce, in the auth server's order; null when nobody knows, because it has never been there.</summary>
    public async ValueTask<IReadOnlyList<string>?> MechanismsAsync(bool isTls, CancellationToken stop)
    {
        if (await client.HandshakeAsync(stop) is { } server)
            _lastOffered = server.Mechanisms;
        else
            SmtpLog.AuthSocketFailed(log, path, client.Problem);
        if (_lastOffered is not { } offered)
            return null;
        var options = isTls ? settings.SaslTlsSecurityOptions : settings.SaslSecurityOptions;
        return [.. SecurityOptions.Filter(offered, options).Where(m => isTls || !IsBound(m)).Select(m => m.Name).Where(PassesFilter)];
    }

    /// <summary>A client under TLS was shown a mechanism with a channel binding, so that it may not say that there was none.</summary>
    public async ValueTask<bool> OffersBindingAsync(CancellationToken stop) =>
        await MechanismsAsync(isTls: true, stop) is { } names && (_lastOffered ?? []).Any(m => IsBound(m) && names.Contains(m.Name));

    static bool IsBound(OfferedMechanism mechanism) => mechanism.Flags.HasFlag(OfferedFlags.ChannelBinding);

    /// <summary>smtpd_sasl_mechanism_filter: the first word that matches decides; no match is no.</summary>
    bool PassesFilter(string mechanism)
    {
        foreach (var word in settings.SaslMechanismFilter)
        {
            var include = !word.StartsWith('!');
            var name = include ? word : word[1..];
            if (name.StartsWith("static:", StringComparison.OrdinalIgnoreCase) || name.Equals(mechanism, StringComparison.OrdinalIgnoreCase))
                return include;
        }
        return false;
    }
}
