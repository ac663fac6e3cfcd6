using System.Text;

namespace Sasl.Mechanisms;

/// <summary>What OAUTHBEARER and XOAUTH2 share: key-value pairs between bytes 0x01 (RFC 7628 §3.1), and the server's verdict on the token.</summary>
static class BearerMessage
{
    const byte Separator = 1;

    /// <summary>
    /// The token among the pairs, empty when none asks for anything. False when the pairs are not pairs, end too early or go on after their end.
    /// </summary>
    public static bool TryReadToken(ReadOnlyMemory<byte> pairs, out ReadOnlyMemory<byte> token)
    {
        token = default;
        var isFound = false;
        while (pairs.Span is [not Separator, ..])
        {
            var end = pairs.Span.IndexOf(Separator);
            var equals = pairs.Span.IndexOf((byte)'=');
            if (end < 0 || equals <= 0 || equals > end || !IsPair(pairs.Span[..equals], pairs.Span[(equals + 1)..end]))
                return false;
            if (Ascii.Equals(pairs.Span[..equals], "auth"u8))
            {
                if (isFound || !TryReadBearer(pairs[(equals + 1)..end], out token))
                    return false;
                isFound = true;
            }
            pairs = pairs[(end + 1)..];
        }
        return pairs.Span is [Separator];
    }

    /// <summary>Asks the credentials; a refusal is explained to the client, which must answer before it is final (RFC 7628 §3.2.2 and §3.2.3).</summary>
    public static async ValueTask<SaslOutcome> DecideAsync(ISaslDialogue client, ISaslCredentials credentials, string user, string authorizationId,
        ReadOnlyMemory<byte> token, byte[] error, CancellationToken stop)
    {
        var proven = token.IsEmpty ? Verification.Refused(FailureKind.BadCredentials, "no token") : await credentials.ValidateTokenAsync(user, token, stop);
        // Whose token it is, the token says; the name beside it is only a wish.
        var outcome = await Authorization.DecideAsync(credentials, proven.IsAccepted ? proven.Id : user, proven, authorizationId, stop);
        if (outcome is SaslOutcome.Failure { Kind: not FailureKind.Temporary })
            await client.AskAsync(error);
        return outcome;
    }

    /// <summary>Client: the server takes the token, or says what it does not like; that is answered, and the exchange has failed.</summary>
    public static async ValueTask<SaslOutcome> RequestAsync(ISaslDialogue server, ClientCredentials own, byte[] message, byte[] answer)
    {
        if (await server.AskLastAsync(message) is not { } refusal)
            return new SaslOutcome.Success(own.AuthenticationId, own.AuthorizationId);
        var text = SaslText.Printable(Encoding.ASCII.GetString(refusal.Span));
        await server.AskLastAsync(answer);
        return new SaslOutcome.Failure(FailureKind.BadCredentials, "the server refused the token: " + text);
    }

    /// <summary>RFC 6750 §2.1: one or more of these, then any number of "=".</summary>
    public static bool IsToken(ReadOnlySpan<byte> token)
    {
        var body = token.TrimEnd((byte)'=');
        return !body.IsEmpty && !body.ContainsAnyExcept(_tokenBytes);
    }

    static readonly System.Buffers.SearchValues<byte> _tokenBytes =
        System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/"u8);

    // RFC 7628 §3.1: a key is letters; a value is printable ASCII, blanks and line ends.
    static bool IsPair(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        foreach (var b in key)
        {
            if (!char.IsAsciiLetter((char)b))
                return false;
        }
        foreach (var b in value)
        {
            if (b is not (>= 0x20 and <= 0x7e or (byte)'\t' or (byte)'\r' or (byte)'\n'))
                return false;
        }
        return true;
    }

    static bool TryReadBearer(ReadOnlyMemory<byte> value, out ReadOnlyMemory<byte> token)
    {
        var scheme = "Bearer "u8;
        token = default;
        if (value.Length < scheme.Length || !Ascii.EqualsIgnoreCase(value.Span[..scheme.Length], scheme))
            return false;
        var blanks = value.Span[scheme.Length..].IndexOfAnyExcept((byte)' ');
        if (blanks < 0)
            return false;
        token = value[(scheme.Length + blanks)..];
        return IsToken(token.Span);
    }
}
