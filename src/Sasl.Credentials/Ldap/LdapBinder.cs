using System.Net.Security;
using System.Text;
using Sasl.Hosting.Configuration;
using Sasl.Mechanisms;

namespace Sasl.Credentials.Ldap;

/// <summary>Tells a server who we are, on a connection on which nothing else is asked meanwhile (RFC 4511 §4.2.1).</summary>
/// <param name="version">Of the protocol.</param>
sealed class LdapBinder(int version, LdapTls tls)
{
    /// <summary>The server's word. A server that could not prove itself, and one that offers nothing we know, is an authMethodNotSupported of our own.</summary>
    public async Task<LdapResult> BindAsync(LdapUrl url, LdapTransport transport, LdapIdentity identity, CancellationToken stop) => identity switch
    {
        LdapIdentity.Simple simple => (await transport.AskAsync(LdapRequests.BindSimple(version, simple.Dn, simple.Password), LdapResponseKind.Bind, stop)).Result!,
        LdapIdentity.Sasl sasl => await BindAsync(url, transport, sasl, stop),
        _ => throw new ArgumentOutOfRangeException(nameof(identity)),
    };

    async Task<LdapResult> BindAsync(LdapUrl url, LdapTransport transport, LdapIdentity.Sasl identity, CancellationToken stop)
    {
        var offered = identity.Mechanism is { } mechanism ? [mechanism] : await OfferedAsync(transport, stop);
        var settings = SaslSettings.Default with { Policy = identity.Policy };
        var (session, reason) = new SaslClient(identity.Credentials, Channel(url, transport.Stream as SslStream), settings).Next(offered);
        if (session is null)
            return new(LdapResultCode.AuthMethodNotSupported, reason, []);
        using var exchange = new ClientProfile(SaslProfile.Ldap, session);
        return await RunAsync(transport, exchange, session.Mechanism.Name, stop);
    }

    async Task<LdapResult> RunAsync(LdapTransport transport, ClientProfile exchange, string mechanism, CancellationToken stop)
    {
        var step = await exchange.StartAsync("", stop: stop);
        while (step.Outcome is null)
        {
            var answer = await transport.AskAsync(LdapRequests.BindSasl(version, mechanism, step.Text), LdapResponseKind.Bind, stop);
            if (answer.Result!.Code == LdapResultCode.SaslBindInProgress)
                step = await exchange.AnswerAsync(answer.SaslCredentials, stop);
            else if (!answer.Result.IsSuccess)
                return answer.Result;
            else
                return await exchange.FinishAsync(answer.SaslCredentials, stop) is SaslOutcome.Success success ? Protect(transport, success, answer.Result)
                    : new(LdapResultCode.AuthMethodNotSupported, $"{mechanism}: the server did not prove itself", []);
        }
        return Refused(mechanism, (SaslOutcome.Failure)step.Outcome);
    }

    /// <summary>RFC 4513 §5.2.1.4: a layer covers all that follows the server's yes, which may have come with it.</summary>
    static LdapResult Protect(LdapTransport transport, SaslOutcome.Success success, LdapResult result)
    {
        if (success.Layer is { } layer)
            transport.Replace(new SaslLayerStream(transport.Stream, layer, transport.Unread));
        return result;
    }

    /// <summary>Our own side knew that it would come to nothing: of Kerberos the KDC says whether the password is right.</summary>
    static LdapResult Refused(string mechanism, SaslOutcome.Failure failure) => new(failure.Kind switch
    {
        FailureKind.BadCredentials => LdapResultCode.InvalidCredentials,
        FailureKind.Temporary => LdapResultCode.Unavailable,
        _ => LdapResultCode.AuthMethodNotSupported,
    }, $"{mechanism}: {failure.Reason}", []);

    /// <summary>RFC 4512 §5.1: the root names the server's mechanisms.</summary>
    static async Task<IReadOnlyList<string>> OfferedAsync(LdapTransport transport, CancellationToken stop)
    {
        const string attribute = "supportedSASLMechanisms";
        var root = new LdapSearch("", LdapScope.Base, new LdapFilter.Present("objectClass")) { Attributes = [attribute] };
        var id = transport.NextId();
        await transport.SendAsync(id, LdapRequests.Search(root), stop);
        var answer = await transport.ReceiveAsync(stop);
        if (answer.Id != id || answer.Kind is not (LdapResponseKind.Entry or LdapResponseKind.SearchDone))
            throw new LdapException("the server answers something that was not asked");
        if (answer.Entry is { } entry)
            answer = await transport.ReceiveAsync(stop);
        else
            return [];
        return answer.Id == id && answer.Kind == LdapResponseKind.SearchDone ? [.. entry.Values(attribute).Select(Encoding.ASCII.GetString)]
            : throw new LdapException("the server has several roots");
    }

    SaslChannel Channel(LdapUrl url, SslStream? encrypted) => new()
    {
        Service = SaslProfile.Ldap.Service,
        HostName = url.IsLocal ? Environment.MachineName : url.Host,
        IsEncrypted = encrypted is not null || url.IsLocal,
        ExternalSsf = encrypted is not null ? 256 : url.IsLocal ? 71 : 0,
        // No bindings: OpenLDAP and what else has Cyrus SASL inside call them by a name that is not registered, and refuse ours.
        // The kernel, or our certificate, tells the server who we are; under which name, it decides.
        ExternalId = url.IsLocal ? "" : encrypted is not null ? tls.Subject : null,
    };
}
