using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;

namespace Sasl.Mechanisms;

/// <summary>The client's first message (RFC 5802 §7: client-first-message).</summary>
/// <param name="Header">The GS2 header.</param>
/// <param name="HeaderLength">Its bytes: what follows is the bare message.</param>
/// <param name="Name">The authentication identity, unescaped.</param>
/// <param name="Nonce">The client's nonce.</param>
readonly record struct ScramClientFirst(Gs2Header Header, int HeaderLength, string Name, byte[] Nonce)
{
    public static bool TryParse(ReadOnlySpan<byte> message, out ScramClientFirst first)
    {
        first = default;
        if (!Gs2Header.TryRead(message, out var header, out var length))
            return false;
        var attributes = new ScramAttributes(message[length..]);
        if (!attributes.TryRead('n', out var encoded) || !Gs2Header.TryReadName(encoded, out var name) || !attributes.TryRead('r', out var nonce)
            || !ScramAttributes.IsNonce(nonce) || nonce.Length > ScramMessage.LongestNonce || !attributes.TrySkipExtensions())
            return false;
        first = new(header, length, name, nonce.ToArray());
        return true;
    }
}

/// <summary>The server's answer (RFC 5802 §7: server-first-message).</summary>
/// <param name="Nonce">The client's nonce and the server's behind it.</param>
/// <param name="Salt">Not empty.</param>
/// <param name="Iterations">1 or more.</param>
readonly record struct ScramServerFirst(byte[] Nonce, byte[] Salt, int Iterations)
{
    public static bool TryParse(ReadOnlySpan<byte> message, out ScramServerFirst first)
    {
        first = default;
        var attributes = new ScramAttributes(message);
        if (!attributes.TryRead('r', out var nonce) || !ScramAttributes.IsNonce(nonce) || nonce.Length > 2 * ScramMessage.LongestNonce
            || !attributes.TryRead('s', out var salt) || Base64Text.Decode(salt) is not { Length: > 0 and <= 1024 } decoded
            || !attributes.TryRead('i', out var iterations) || !ScramAttributes.TryReadNumber(iterations, out var count) || !attributes.TrySkipExtensions())
            return false;
        first = new(nonce.ToArray(), decoded, count);
        return true;
    }
}

/// <summary>The client's proof (RFC 5802 §7: client-final-message).</summary>
/// <param name="ChannelBinding">GS2 header and binding data.</param>
/// <param name="Nonce">Both nonces.</param>
/// <param name="Proof">ClientProof.</param>
/// <param name="Signed">Bytes of the message that AuthMessage covers: all before ",p=".</param>
readonly record struct ScramClientFinal(byte[] ChannelBinding, byte[] Nonce, byte[] Proof, int Signed)
{
    public static bool TryParse(ReadOnlySpan<byte> message, out ScramClientFinal final)
    {
        final = default;
        var attributes = new ScramAttributes(message);
        if (!attributes.TryRead('c', out var binding) || Base64Text.Decode(binding) is not { } decoded || !attributes.TryRead('r', out var nonce)
            || !attributes.TrySkipExtensions(until: 'p') || !attributes.TryRead('p', out var proof) || Base64Text.Decode(proof) is not { } key
            // RFC 5802 §7: the proof is the last.
            || !attributes.IsAtEnd)
            return false;
        final = new(decoded, nonce.ToArray(), key, message.Length - proof.Length - ",p=".Length);
        return true;
    }
}

/// <summary>Parts of messages that both sides write.</summary>
static class ScramMessage
{
    /// <summary>Bytes of one side's nonce. Peers have 18–32; no limit is in the RFC.</summary>
    public const int LongestNonce = 1024;

    const int NonceSize = 18;

    /// <summary>18 random bytes in base64: no comma is among them.</summary>
    public static byte[] NewNonce(SaslSettings settings)
    {
        if (settings.Nonce is { } given)
            return given;
        var nonce = new byte[Base64.GetMaxEncodedToUtf8Length(NonceSize)];
        settings.Random(nonce.AsMemory(0, NonceSize));
        Base64.EncodeToUtf8InPlace(nonce, NonceSize, out _);
        return nonce;
    }

    /// <summary>"r=…,s=…,i=…" (RFC 5802 §7: server-first-message).</summary>
    public static byte[] ServerFirst(ReadOnlySpan<byte> nonce, ScramSecret secret)
    {
        const int mostDigits = 10;
        Span<byte> digits = stackalloc byte[mostDigits];
        secret.Iterations.TryFormat(digits, out var count, default, CultureInfo.InvariantCulture);
        var salt = Base64.GetMaxEncodedToUtf8Length(secret.Salt.Length);
        var message = new byte[2 + nonce.Length + 3 + salt + 3 + count];
        "r="u8.CopyTo(message);
        nonce.CopyTo(message.AsSpan(2));
        var rest = message.AsSpan(2 + nonce.Length);
        ",s="u8.CopyTo(rest);
        Base64.EncodeToUtf8(secret.Salt.Span, rest[3..], out _, out _);
        rest = rest[(3 + salt)..];
        ",i="u8.CopyTo(rest);
        digits[..count].CopyTo(rest[3..]);
        return message;
    }

    /// <summary>What the client's proof and the server's signature sign (RFC 5802 §3: AuthMessage).</summary>
    public static byte[] AuthMessage(ReadOnlySpan<byte> clientFirstBare, ReadOnlySpan<byte> serverFirst, ReadOnlySpan<byte> clientFinalUnproven)
    {
        var whole = new byte[clientFirstBare.Length + 1 + serverFirst.Length + 1 + clientFinalUnproven.Length];
        clientFirstBare.CopyTo(whole);
        whole[clientFirstBare.Length] = (byte)',';
        serverFirst.CopyTo(whole.AsSpan(clientFirstBare.Length + 1));
        whole[clientFirstBare.Length + 1 + serverFirst.Length] = (byte)',';
        clientFinalUnproven.CopyTo(whole.AsSpan(clientFirstBare.Length + serverFirst.Length + 2));
        return whole;
    }

    /// <summary>RFC 5802 §3: the ClientKey that a proof claims, hashed, is the StoredKey.</summary>
    public static bool Proves(ScramSecret secret, ReadOnlySpan<byte> authMessage, ReadOnlySpan<byte> proof)
    {
        var hash = secret.Hash;
        Span<byte> key = stackalloc byte[hash.Size];
        hash.Hmac(secret.StoredKey.Span, authMessage, key);
        if (proof.Length == hash.Size)
            Xor(key, proof);
        hash.Hash(key, key);
        return CryptographicOperations.FixedTimeEquals(key, secret.StoredKey.Span) & proof.Length == hash.Size;
    }

    public static void Xor(Span<byte> bytes, ReadOnlySpan<byte> with)
    {
        for (var i = 0; i < bytes.Length; i++)
            bytes[i] ^= with[i];
    }
}
