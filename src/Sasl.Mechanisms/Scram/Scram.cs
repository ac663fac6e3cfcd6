using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Sasl.Mechanisms;

/// <summary>SCRAM (RFC 5802, RFC 7677) over any hash, bound to the channel (-PLUS) or not.</summary>
static class Scram
{
    /// <summary>The table line of one hash.</summary>
    public static SaslMechanism Mechanism(ScramHash hash, bool isBound) =>
        new(hash.MechanismName + (isBound ? "-PLUS" : ""), FirstMessage.Client, MechanismFlags.MutualAuth | (isBound ? MechanismFlags.ChannelBinding : 0),
            (isBound ? 200 : 100) + (hash.Size / 4),
            (client, credentials, stop) => ServeAsync(hash, isBound, client, credentials, stop),
            (server, own, stop) => RequestAsync(hash, server, own, stop));

    static async ValueTask<SaslOutcome> ServeAsync(ScramHash hash, bool isBound, ISaslDialogue client, ISaslCredentials credentials, CancellationToken stop)
    {
        var message = await client.FirstAsync();
        if (!ScramClientFirst.TryParse(message.Span, out var first))
            return SaslOutcome.Malformed("not a client-first-message");
        if (Refuse(first.Header.Binding, isBound, client.Channel.Bindings is not null) is { } lie)
            return new SaslOutcome.Failure(FailureKind.ChannelBinding, lie, first.Name);
        var binding = first.Header.Binding == BindingUse.Used ? await FindBindingAsync(client.Channel.Bindings, first.Header.BindingType, stop) : [];
        if (binding is null)
            return new SaslOutcome.Failure(FailureKind.ChannelBinding, $"no channel binding of the type {first.Header.BindingType}", first.Name);
        if (!SaslText.TryPrepareName(client.Settings, first.Name, out var name))
            return SaslOutcome.Malformed("the name cannot be prepared", first.Name);

        var found = await credentials.FindSecretAsync(new(name, hash.Kind), stop);
        if (await KeysAsync(hash, found, name, client.Settings, stop) is not [var secret, ..] secrets)
            return new SaslOutcome.Failure(FailureKind.Temporary, "too many passwords are being hashed", name);
        byte[] nonce = [.. first.Nonce, .. ScramMessage.NewNonce(client.Settings)];
        var challenge = ScramMessage.ServerFirst(nonce, secret);
        var answer = await client.AskAsync([.. challenge]);

        if (!ScramClientFinal.TryParse(answer.Span, out var final) || !final.Nonce.AsSpan().SequenceEqual(nonce))
            return SaslOutcome.Malformed("not a client-final-message, or not with our nonce", name);
        // RFC 5802 §6: the client signs the header that it sent and what it sees of the channel.
        var header = message.Span[..first.HeaderLength];
        if (!final.ChannelBinding.AsSpan().StartsWith(header))
            return SaslOutcome.Malformed("not the channel binding of the first message", name);
        var isSameChannel = CryptographicOperations.FixedTimeEquals(final.ChannelBinding.AsSpan(header.Length), binding);
        var authMessage = ScramMessage.AuthMessage(message.Span[first.HeaderLength..], challenge, answer.Span[..final.Signed]);
        var proven = Proven(secrets, authMessage, final.Proof);
        if (!isSameChannel)
            return new SaslOutcome.Failure(FailureKind.ChannelBinding, "the client sees another channel", name);
        var outcome = await Authorization.DecideAsync(credentials, name, found, proven is not null, first.Header.AuthorizationId, stop);
        return outcome is SaslOutcome.Success success && proven is not null
            ? success with { FinalData = Signature(proven, authMessage), Secret = found.Secret is ScramAlternatives ? proven : found.Secret } : outcome;
    }

    // RFC 5802 §6: a -PLUS mechanism wants a binding. Cyrus clients use one under the bare name too: harmless. "y" from a client
    // whose server did offer one means that the offer was altered on the way.
    static string? Refuse(BindingUse use, bool isBound, bool isOffered) => use switch
    {
        BindingUse.NotOffered when isOffered => "the client did not see that channel bindings are offered: perhaps somebody took them out",
        not BindingUse.Used when isBound => "a -PLUS mechanism without a channel binding",
        _ => null,
    };

    static ValueTask<byte[]?> FindBindingAsync(IChannelBindings? bindings, string type, CancellationToken stop) =>
        bindings is not null && bindings.Types.Contains(type) ? bindings.FindAsync(type, stop) : default;

    /// <summary>The keys whose password was proven. All are tried, whichever it is: the time tells nobody.</summary>
    static ScramSecret? Proven(IReadOnlyList<ScramSecret> secrets, byte[] authMessage, byte[] proof)
    {
        ScramSecret? proven = null;
        foreach (var secret in secrets)
            proven = ScramMessage.Proves(secret, authMessage, proof) ? secret : proven;
        return proven;
    }

    /// <summary>The stored keys, or those of a cleartext password, or a decoy's that cost the same. Null when too many are waiting to be derived.</summary>
    static async ValueTask<IReadOnlyList<ScramSecret>?> KeysAsync(ScramHash hash, SecretAnswer found, string name, SaslSettings settings, CancellationToken stop)
    {
        var secret = Decoys.SecretOrDecoy(settings, found, hash.Kind, name);
        if (secret is ScramAlternatives several)
            return several.Secrets;
        if (secret is not CleartextSecret cleartext)
            return [(ScramSecret)secret];
        var salt = ScramSecret.SaltFor(settings, hash, name);
        if (!Preparation.TryPreparePassword(settings.PasswordPreparation, cleartext.Password.Span, out var password))
            password = cleartext.Password.ToArray();
        if (settings.KeyDerivation.TryRun(() => hash.Hi(password, salt, settings.Iterations), stop) is not { } work)
            return null;
        var salted = await work;
        var keys = ScramSecret.Of(hash, salted, salt, settings.Iterations);
        CryptographicOperations.ZeroMemory(salted);
        CryptographicOperations.ZeroMemory(password);
        return [keys];
    }

    static byte[] Signature(ScramSecret secret, byte[] authMessage)
    {
        Span<byte> signature = stackalloc byte[secret.Hash.Size];
        secret.Hash.Hmac(secret.ServerKey.Span, authMessage, signature);
        return Encoding.ASCII.GetBytes("v=" + Convert.ToBase64String(signature));
    }

    static async ValueTask<SaslOutcome> RequestAsync(ScramHash hash, ISaslDialogue server, ClientCredentials own, CancellationToken stop)
    {
        var settings = server.Settings;
        if (own.AuthenticationId.Length == 0 || !SaslText.IsIdentity(own.AuthenticationId) || !SaslText.IsIdentity(own.AuthorizationId)
            || !SaslText.TryPrepareName(settings, own.AuthenticationId, out var name)
            || !Preparation.TryPreparePassword(settings.PasswordPreparation, own.Password.Span, out var password))
            return SaslOutcome.Malformed("name or password cannot be prepared for SCRAM");
        var type = server.Binding == BindingUse.Used ? server.Channel.Bindings!.Types[0] : "";
        var binding = server.Binding == BindingUse.Used ? await FindBindingAsync(server.Channel.Bindings, type, stop) : [];
        if (binding is null)
            return new SaslOutcome.Failure(FailureKind.ChannelBinding, $"no channel binding of the type {type}");
        var header = Encoding.UTF8.GetBytes(new Gs2Header(server.Binding, type, own.AuthorizationId).ToString());
        var nonce = ScramMessage.NewNonce(settings);
        byte[] bare = [.. "n="u8, .. Encoding.UTF8.GetBytes(Gs2Header.EscapeName(name)), .. ",r="u8, .. nonce];

        var challenge = await server.AskAsync([.. header, .. bare]);
        if (!ScramServerFirst.TryParse(challenge.Span, out var first))
            return SaslOutcome.Malformed("not a server-first-message");
        // RFC 5802 §5.1: our nonce, and something of the server's behind it.
        if (first.Nonce.Length <= nonce.Length || !first.Nonce.AsSpan().StartsWith(nonce))
            return new SaslOutcome.Failure(FailureKind.ServerNotTrusted, "the server answers to another nonce");
        if (first.Iterations < settings.LeastIterations || first.Iterations > settings.MostIterations)
            return new SaslOutcome.Failure(FailureKind.ServerNotTrusted,
                $"the server asks for {first.Iterations} iterations; {settings.LeastIterations} to {settings.MostIterations} are taken");
        if (settings.KeyDerivation.TryRun(() => hash.Hi(password, first.Salt, first.Iterations), stop) is not { } work)
            return new SaslOutcome.Failure(FailureKind.Temporary, "too many passwords are being hashed");
        var salted = await work;
        CryptographicOperations.ZeroMemory(password);

        byte[] unproven = [.. "c="u8, .. Encoding.ASCII.GetBytes(Convert.ToBase64String([.. header, .. binding])), .. ",r="u8, .. first.Nonce];
        var authMessage = ScramMessage.AuthMessage(bare, challenge.Span, unproven);
        var keys = ScramSecret.Of(hash, salted, first.Salt, first.Iterations);
        var verdict = await server.AskAsync([.. unproven, .. ",p="u8, .. Proof(keys, salted, authMessage)]);
        return (SaslOutcome?)Judge(verdict.Span, Signature(keys, authMessage)) ?? new SaslOutcome.Success(own.AuthenticationId, own.AuthorizationId);
    }

    // RFC 5802 §3: ClientKey XOR HMAC(StoredKey, AuthMessage), in base64.
    static byte[] Proof(ScramSecret keys, byte[] salted, byte[] authMessage)
    {
        Span<byte> proof = stackalloc byte[keys.Hash.Size], signature = stackalloc byte[keys.Hash.Size];
        keys.Hash.Hmac(salted, "Client Key"u8, proof);
        CryptographicOperations.ZeroMemory(salted);
        keys.Hash.Hmac(keys.StoredKey.Span, authMessage, signature);
        ScramMessage.Xor(proof, signature);
        return Encoding.ASCII.GetBytes(Convert.ToBase64String(proof));
    }

    /// <summary>The server's last word: null when it has proven that it knows the password too.</summary>
    static SaslOutcome.Failure? Judge(ReadOnlySpan<byte> message, ReadOnlySpan<byte> expected)
    {
        var attributes = new ScramAttributes(message);
        if (attributes.TryRead('e', out var error))
        {
            // RFC 5802 §7: server-error-value; what it says goes to the log in our words' alphabet.
            var text = ScramAttributes.IsNonce(error) && error.Length <= 100 ? Encoding.ASCII.GetString(error) : "?";
            return new(text.Contains("channel-binding", StringComparison.Ordinal) ? FailureKind.ChannelBinding : FailureKind.BadCredentials, $"the server says: {text}");
        }
        var comma = message.IndexOf((byte)',');
        var verifier = comma < 0 ? message : message[..comma];
        if (!attributes.TryRead('v', out _) || !attributes.TrySkipExtensions())
            return SaslOutcome.Malformed("not a server-final-message");
        return CryptographicOperations.FixedTimeEquals(verifier, expected) ? null : new(FailureKind.ServerNotTrusted, "the server's signature is wrong: it does not know the password");
    }
}
