using System.Security.Cryptography;
using System.Text;

namespace Sasl.Mechanisms;

/// <summary>DIGEST-MD5 (RFC 2831), the client's side. The server has proven itself when the last message holds what only the password gives.</summary>
static class DigestMd5Client
{
    public static async ValueTask<SaslOutcome> RequestAsync(ISaslDialogue server, ClientCredentials own, CancellationToken stop)
    {
        var (settings, channel) = (server.Settings, server.Channel);
        if (!SaslText.CanBeSent(own) || !SaslText.IsIdentity(own.AuthorizationId)
            || !SaslText.TryPrepareName(settings, own.AuthenticationId, out var name))
            return SaslOutcome.Malformed("the credentials cannot be used by DIGEST-MD5");
        // RFC 2831 §2.1.2: digest-uri names both.
        if (channel.Service.Length == 0 || channel.HostName.Length == 0)
            return SaslOutcome.Malformed("DIGEST-MD5 needs the service and the host name of the server");
        var permitted = DigestProtection.Permitted(settings, channel);
        var known = $"{channel.Service}/{channel.HostName.ToLowerInvariant()}\0{name}\0{own.Realm}";
        ReadOnlyMemory<byte> message;
        if (!server.HasFirst && permitted.Any(p => !p.IsLayer) && settings.DigestClientNonces is { } nonces && nonces.TryTake(known, out var last, out var count))
        {
            // RFC 2831 §2.2.1: the nonce of the last login once more, before any challenge.
            var again = Prove(Begin(server, own, Encode(name, last.IsUtf8)!, last.IsUtf8) with { Realm = last.Realm, Nonce = last.Nonce, Count = count }, own, out var key);
            message = await server.AskAsync(again.Write());
            if (IsVerdict(message.Span))
                return (SaslOutcome?)Judge(message.Span, again, key) ?? new SaslOutcome.Success(own.AuthenticationId, own.AuthorizationId);
            CryptographicOperations.ZeroMemory(key);
            nonces.Drop(last);
        }
        else
        {
            message = await server.FirstAsync();
        }

        if (!DigestChallenge.TryParse(message.Span, out var challenge, out var reason))
            return SaslOutcome.Malformed(reason);
        // RFC 2831 §3.6: the strongest that both have, for the offer may have been thinned out on the way.
        if (Array.Find(permitted, p => challenge.Protections.Contains(p) && p.Fits(challenge.Buffer)) is not { } protection)
            return new SaslOutcome.Failure(FailureKind.ServerNotTrusted, "the server offers no quality of protection that the policy permits");
        if (!TryChooseRealm(challenge, own.Realm, out var realm))
            return SaslOutcome.Malformed("the server does not offer the realm");
        if (Encode(name, challenge.IsUtf8) is not { } encoded || (!challenge.IsUtf8 && !IsLatin1(own.Password.Span)))
            return SaslOutcome.Malformed("the server takes ISO 8859-1 only, and the name or the password is not");
        var response = Prove(Begin(server, own, encoded, challenge.IsUtf8) with
        {
            Realm = realm,
            Nonce = challenge.Nonce,
            Qop = Encoding.ASCII.GetBytes(protection.Qop),
            Cipher = protection.Cipher,
            Buffer = DigestProtection.OwnBuffer(settings),
        }, own, out var sessionKey);
        return await FinishAsync(server, own, response, sessionKey, protection, challenge.Buffer, known);
    }

    static async ValueTask<SaslOutcome> FinishAsync(ISaslDialogue server, ClientCredentials own, DigestResponse response, byte[] sessionKey, DigestProtection protection,
        int serversBuffer, string known)
    {
        var written = response.Write();
        if (written.Length >= DigestResponse.TooLong)
            return SaslOutcome.Malformed("the names are too long");
        var verdict = await server.AskAsync(written);
        var layerKey = (byte[])sessionKey.Clone();
        var refusal = Judge(verdict.Span, response, sessionKey);
        var layer = refusal is null ? protection.Layer(layerKey, isClient: true, serversBuffer, server.Settings) : null;
        CryptographicOperations.ZeroMemory(layerKey);
        if (refusal is not null)
            return refusal;
        // As a server of ours does: no second session under the keys of a layer.
        if (layer is null)
            server.Settings.DigestClientNonces?.Put(known, response);
        return new SaslOutcome.Success(own.AuthenticationId, own.AuthorizationId) { Layer = layer };
    }

    static DigestResponse Begin(ISaslDialogue server, ClientCredentials own, byte[] name, bool isUtf8) => new()
    {
        Name = name,
        Nonce = [],
        ClientNonce = ScramMessage.NewNonce(server.Settings),
        Count = 1,
        Uri = Encoding.UTF8.GetBytes($"{server.Channel.Service}/{server.Channel.HostName}"),
        IsUtf8 = isUtf8,
        AuthorizationId = own.AuthorizationId.Length == 0 ? null : Encoding.UTF8.GetBytes(own.AuthorizationId),
    };

    /// <summary>With its proof. The key is the caller's to zero.</summary>
    static DigestResponse Prove(DigestResponse response, ClientCredentials own, out byte[] sessionKey)
    {
        var password = DigestHash.ToLatin1(own.Password.Span);
        var secret = response.IsUtf8
            ? DigestHash.Secret(DigestHash.ToLatin1(response.Name), DigestHash.ToLatin1(response.Realm ?? []), password)
            : DigestHash.Secret(response.Name, response.Realm ?? [], password);
        sessionKey = DigestHash.SessionKey(secret, response);
        CryptographicOperations.ZeroMemory(password);
        CryptographicOperations.ZeroMemory(secret);
        return response with { Proof = DigestHash.Proof(sessionKey, response, isServers: false) };
    }

    // RFC 2831 §2.1.3: response-auth, and nothing else. Null when the server knows the password too. The key is used up.
    static SaslOutcome.Failure? Judge(ReadOnlySpan<byte> message, DigestResponse response, byte[] sessionKey)
    {
        byte[] expected = [.. "rspauth="u8, .. DigestHash.Proof(sessionKey, response, isServers: true)];
        CryptographicOperations.ZeroMemory(sessionKey);
        return !IsVerdict(message) ? SaslOutcome.Malformed("not the server's proof")
            : CryptographicOperations.FixedTimeEquals(message, expected) ? null
            : new(FailureKind.ServerNotTrusted, "the server's proof is wrong: it does not know the password");
    }

    static bool IsVerdict(ReadOnlySpan<byte> message) => message.StartsWith("rspauth="u8);

    // RFC 2831 §2.1.1: of several realms the user chooses one; where none is offered, none or his own.
    static bool TryChooseRealm(DigestChallenge challenge, string? wanted, out byte[]? realm)
    {
        realm = wanted is null ? challenge.Realms.Count > 0 ? challenge.Realms[0] : null : Encode(wanted, challenge.IsUtf8);
        var chosen = realm;
        return wanted is null || (chosen is not null && SaslText.IsIdentity(wanted) && (challenge.Realms.Count == 0 || challenge.Realms.Any(r => r.AsSpan().SequenceEqual(chosen))));
    }

    static byte[]? Encode(string text, bool isUtf8) => isUtf8 ? Encoding.UTF8.GetBytes(text) : text.Any(c => c > 0xff) ? null : Encoding.Latin1.GetBytes(text);

    static bool IsLatin1(ReadOnlySpan<byte> utf8) => System.Text.Unicode.Utf8.IsValid(utf8) && !utf8.ContainsAnyInRange((byte)0xc4, (byte)0xff);
}
