using System.Security.Cryptography;
using System.Text;

namespace Sasl.Mechanisms;

/// <summary>CRAM-MD5 (RFC 2195): the server's nonce, answered with the name and HMAC-MD5 of the nonce under the password.</summary>
static class CramMd5
{
    const int HashSize = 16, BlockSize = 64, NonceSize = 16;

    public static async ValueTask<SaslOutcome> ServeAsync(ISaslDialogue client, ISaslCredentials credentials, CancellationToken stop)
    {
        var challenge = Challenge(client);
        var asked = challenge.ToArray();
        var answer = await client.FirstAsync(challenge);
        if (!TryParse(answer.Span, out var authenticationId, out var digest))
            return SaslOutcome.Malformed("not a name and a digest");
        var found = await credentials.FindSecretAsync(new(authenticationId, SecretKind.CramMd5), stop);
        var expected = new byte[HashSize];
        // Nobody there: the same work on what nobody can know.
        Digest(Decoys.SecretOrDecoy(client.Settings, found, SecretKind.CramMd5, authenticationId), asked, expected);
        var isRight = CryptographicOperations.FixedTimeEquals(expected, digest);
        return await Authorization.DecideAsync(credentials, authenticationId, found, isRight, "", stop);
    }

    public static async ValueTask<SaslOutcome> RequestAsync(ISaslDialogue server, ClientCredentials own, CancellationToken stop)
    {
        if (own.AuthorizationId.Length > 0 || !SaslText.CanBeSent(own))
            return SaslOutcome.Malformed("the credentials cannot be used by CRAM-MD5");
        var challenge = await server.FirstAsync();
        var digest = HMACMD5.HashData(own.Password.Span, challenge.Span);
        return new SaslOutcome.Success(own.AuthenticationId, "", Encoding.UTF8.GetBytes($"{own.AuthenticationId} {Convert.ToHexStringLower(digest)}"));
    }

    /// <summary>The state of HMAC-MD5 after a key, as <see cref="CramMd5Secret"/> holds it.</summary>
    public static byte[] Context(ReadOnlySpan<byte> password)
    {
        Span<byte> key = stackalloc byte[BlockSize];
        key.Clear();
        if (password.Length > BlockSize)
            MD5.HashData(password, key);
        else
            password.CopyTo(key);
        var context = new byte[2 * HashSize];
        Pad(key, 0x5c);
        Md5.ChainingValue(key, context);
        Pad(key, 0x5c ^ 0x36);
        Md5.ChainingValue(key, context.AsSpan(HashSize));
        CryptographicOperations.ZeroMemory(key);
        return context;
    }

    static void Pad(Span<byte> key, byte with)
    {
        foreach (ref var b in key)
            b ^= with;
    }

    // RFC 2195 §2: "<" unique "." time "@" host ">".
    static byte[] Challenge(ISaslDialogue client)
    {
        var nonce = new byte[NonceSize];
        client.Settings.Random(nonce);
        var host = client.Channel.HostName is { Length: > 0 } name ? name : "localhost";
        return Encoding.UTF8.GetBytes($"<{Convert.ToHexStringLower(nonce)}.{client.Settings.Time.GetUtcNow().ToUnixTimeSeconds()}@{host}>");
    }

    // The name may hold blanks: the digest stands behind the last one. 32 digits of lower case, nothing after them.
    static bool TryParse(ReadOnlySpan<byte> answer, out string authenticationId, out byte[] digest)
    {
        (authenticationId, digest) = ("", new byte[HashSize]);
        var blank = answer.LastIndexOf((byte)' ');
        if (blank <= 0 || answer.Length - blank - 1 != 2 * HashSize || answer[(blank + 1)..].ContainsAnyExcept(_hexDigits))
            return false;
        Convert.FromHexString(answer[(blank + 1)..], digest, out _, out _);
        return SaslText.TryReadIdentity(answer[..blank], out authenticationId);
    }

    static readonly System.Buffers.SearchValues<byte> _hexDigits = System.Buffers.SearchValues.Create("0123456789abcdef"u8);

    static void Digest(StoredSecret secret, ReadOnlySpan<byte> challenge, Span<byte> digest)
    {
        if (secret is CleartextSecret cleartext)
        {
            HMACMD5.HashData(cleartext.Password.Span, challenge, digest);
            return;
        }
        var context = ((CramMd5Secret)secret).Context.Span;
        Span<byte> inner = stackalloc byte[HashSize];
        Md5.Continue(context[HashSize..], challenge, inner);
        Md5.Continue(context[..HashSize], inner, digest);
    }
}
