using System.Security.Cryptography;
using System.Text;

namespace Sasl.Mechanisms;

/// <summary>
/// DIGEST-MD5 (RFC 2831), the server's side: a challenge, a response that proves the password and chooses the protection, and our own proof.
/// A client that has been here may begin with a response to an earlier challenge.
/// </summary>
static class DigestMd5Server
{
    public static async ValueTask<SaslOutcome> ServeAsync(ISaslDialogue client, ISaslCredentials credentials, CancellationToken stop)
    {
        var settings = client.Settings;
        var permitted = DigestProtection.Permitted(settings, client.Channel);
        if (permitted.Length == 0)
            return new SaslOutcome.Failure(FailureKind.Temporary, "the policy permits no quality of protection on this connection");
        var isStale = false;
        // RFC 2831 §2.2.2: an initial response that is not taken is no failure: a challenge follows as if it had not come.
        if (client.HasFirst)
        {
            (var outcome, isStale) = await ResumeAsync(client, (await client.FirstAsync()).Span.ToArray(), permitted, credentials, stop);
            if (outcome is not null)
                return outcome;
        }
        var challenge = new DigestChallenge
        {
            Nonce = ScramMessage.NewNonce(settings),
            Realms = [.. Realms(client).Select(Encoding.UTF8.GetBytes)],
            Protections = permitted,
            IsStale = isStale,
            Buffer = DigestProtection.OwnBuffer(settings),
        };
        var answer = await client.AskAsync(challenge.Write());
        if (!DigestResponse.TryParse(answer.Span, out var response, out var reason))
            return SaslOutcome.Malformed(reason);
        // RFC 2831 §2.1.3: the first use of our nonce.
        if (!response.Nonce.AsSpan().SequenceEqual(challenge.Nonce) || response.Count != 1)
            return SaslOutcome.Malformed("not our nonce, or not its first use");
        if (Refuse(client, response, permitted, out var name, out var asked) is { } refusal)
            return SaslOutcome.Malformed(refusal);
        var proof = await VerifyAsync(client.Settings, credentials, response, name, stop);
        var decided = await DecideAsync(client, credentials, response, proof, name, asked, permitted, stop);
        if (decided is SaslOutcome.Success { Layer: null })
            settings.DigestServerNonces?.Add(response, settings.Time);
        return decided;
    }

    /// <summary>An outcome, or whether the next challenge may say that only the nonce was too old.</summary>
    static async ValueTask<(SaslOutcome? Outcome, bool IsStale)> ResumeAsync(ISaslDialogue client, byte[] message, DigestProtection[] permitted,
        ISaslCredentials credentials, CancellationToken stop)
    {
        // Bound to the user who used it first: nobody gets one more guess at somebody else's password this way.
        if (client.Settings.DigestServerNonces is not { } nonces || !DigestResponse.TryParse(message, out var response, out _) || !nonces.Knows(response)
            || Refuse(client, response, permitted, out var name, out var asked) is not null)
            return (null, false);
        var proof = await VerifyAsync(client.Settings, credentials, response, name, stop);
        if (!proof.IsRight)
            return (null, false);
        // RFC 2831 §2.2.1 keeps the client's nonce too, hence the keys of a layer: a second session under the same key stream, into which
        // packets of the first could be played. A layer gets a new challenge always.
        if (response.Find(permitted) is not { IsLayer: false } || !nonces.TryUse(response, client.Settings.Time))
        {
            CryptographicOperations.ZeroMemory(proof.SessionKey);
            return (null, true);
        }
        return (await DecideAsync(client, credentials, response, proof, name, asked, permitted, stop), false);
    }

    /// <summary>What is wrong with a well-formed response before anybody looks for the user; null when nothing is.</summary>
    static string? Refuse(ISaslDialogue client, DigestResponse response, DigestProtection[] permitted, out string name, out string asked)
    {
        asked = "";
        if (!DigestHash.TryDecode(response.Name, response.IsUtf8, out name) || !SaslText.TryPrepareName(client.Settings, name, out name))
            return "not a name";
        if (!DigestHash.TryDecode(response.Realm ?? [], response.IsUtf8, out var realm) || !Realms(client).Contains(realm))
            return "a realm that is not ours";
        // RFC 2831 §2.1.2: UTF-8 whatever the charset is.
        if (!DigestHash.TryDecode(response.AuthorizationId ?? [], true, out asked))
            return "not an authorization identity";
        if (response.Find(permitted) is not { } protection)
            return "a quality of protection or a cipher that was not offered";
        if (!protection.Fits(response.Buffer))
            return "no room for data in the client's maxbuf";
        return RefuseUri(Encoding.ASCII.GetString(response.Uri).Split('/'), realm, client);
    }

    // RFC 2831 §2.1.2: the service is ours; so is the host, where it is known by which names clients come. curl has the realm in its place.
    static string? RefuseUri(string[] uri, string realm, ISaslDialogue client) =>
        client.Channel.Service is { Length: > 0 } service && !uri[0].Equals(service, StringComparison.OrdinalIgnoreCase) ? "a digest-uri of another service"
            : client.Settings.HostNames is { Count: > 0 } hosts && !uri[1..].All(h => h == realm || hosts.Contains(h, StringComparer.OrdinalIgnoreCase)) ? "a digest-uri of another host"
            : null;

    static IReadOnlyList<string> Realms(ISaslDialogue client) =>
        client.Settings.Realms is { Count: > 0 } realms ? realms : [client.Channel.HostName is { Length: > 0 } host ? host : "localhost"];

    static async ValueTask<DigestProof> VerifyAsync(SaslSettings settings, ISaslCredentials credentials, DigestResponse response, string name, CancellationToken stop)
    {
        DigestHash.TryDecode(response.Realm ?? [], response.IsUtf8, out var realm);
        var found = await credentials.FindSecretAsync(new(name, SecretKind.DigestMd5, realm), stop);
        // Nobody there: the same work on what nobody can know.
        var secret = Decoys.SecretOrDecoy(settings, found, SecretKind.DigestMd5, name);
        byte[]? right = null;
        foreach (var candidate in Candidates(secret, response))
        {
            var key = DigestHash.SessionKey(candidate, response);
            CryptographicOperations.ZeroMemory(candidate);
            if (CryptographicOperations.FixedTimeEquals(DigestHash.Proof(key, response, isServers: false), response.Proof))
                right = key;
            else
                CryptographicOperations.ZeroMemory(key);
        }
        return new(found, right);
    }

    /// <summary>
    /// What may have been hashed. A cleartext password is tried in three ways: as RFC 2831 §2.1.2.1 says, with everything as it is (older clients), and
    /// with only the password in ISO 8859-1 (GNU SASL; and names that came in ISO 8859-1). The name is the wire's: another spelling is another secret.
    /// </summary>
    static byte[][] Candidates(StoredSecret secret, DigestResponse response)
    {
        if (secret is not CleartextSecret cleartext)
            return [((DigestMd5Secret)secret).Hash.ToArray()];
        var (name, realm, password) = (response.Name, response.Realm ?? [], DigestHash.ToLatin1(cleartext.Password.Span));
        byte[][] candidates =
        [
            DigestHash.Secret(DigestHash.ToLatin1(name), DigestHash.ToLatin1(realm), password),
            DigestHash.Secret(name, realm, cleartext.Password.Span),
            DigestHash.Secret(name, realm, password),
        ];
        CryptographicOperations.ZeroMemory(password);
        return candidates;
    }

    static async ValueTask<SaslOutcome> DecideAsync(ISaslDialogue client, ISaslCredentials credentials, DigestResponse response, DigestProof proof, string name, string asked,
        DigestProtection[] permitted, CancellationToken stop)
    {
        var outcome = await Authorization.DecideAsync(credentials, name, proof.Found, proof.IsRight, asked, stop);
        if (outcome is SaslOutcome.Success success && proof.SessionKey is { } key)
        {
            outcome = success with
            {
                FinalData = [.. "rspauth="u8, .. DigestHash.Proof(key, response, isServers: true)],
                Layer = response.Find(permitted)!.Layer(key, isClient: false, response.Buffer, client.Settings),
            };
        }
        CryptographicOperations.ZeroMemory(proof.SessionKey);
        return outcome;
    }

    /// <param name="Found">The host's answer.</param>
    /// <param name="SessionKey">H(A1) when the client knows the secret.</param>
    readonly record struct DigestProof(SecretAnswer Found, byte[]? SessionKey)
    {
        public bool IsRight => SessionKey is not null;
    }
}
