using System.Text;
using Sasl.Mechanisms;

namespace Sasl.Credentials.Schemes;

/// <summary>All that is stored of one user's password: "{SCHEME}text", once or in several forms of the same password (a hash and SCRAM keys).</summary>
public static class StoredPasswords
{
    /// <summary>
    /// Whether one of the stored forms is the password's. Costly hashes are computed on the workers, cheap ones at once. Null when none of the forms is
    /// of a known scheme, or one is damaged: nobody can tell then.
    /// </summary>
    /// <param name="user">The login name as the client typed it: DIGEST-MD5's form depends on it.</param>
    /// <exception cref="HashingOverloadException">Too much is waiting: a temporary failure.</exception>
    public static async ValueTask<bool?> VerifyAsync(ReadOnlyMemory<byte> password, IReadOnlyList<string> stored, string user, HashWorkers workers, CancellationToken stop)
    {
        if (stored.All(IsCheap))
            return Verify(password.Span, stored, user);
        return await (workers.TryRun(() => Verify(password.Span, stored, user), stop) ?? throw new HashingOverloadException());
    }

    /// <summary>The secret of the kind that a mechanism wants, or the cleartext password, or null when neither is stored.</summary>
    /// <param name="realm">DIGEST-MD5: of the challenge.</param>
    public static StoredSecret? Find(IReadOnlyList<string> stored, SecretKind kind, string realm)
    {
        foreach (var text in stored)
        {
            if (Read(text, kind) is { } secret)
                return secret;
        }
        return null;
    }

    static StoredSecret? Read(string text, SecretKind wanted)
    {
        var end = text.StartsWith('{') ? text.IndexOf('}') : -1;
        if (end < 0)
            return null;
        return text[1..end].ToUpperInvariant() switch
        {
            "PLAIN" or "CLEAR" or "CLEARTEXT" when wanted != SecretKind.Otp => new CleartextSecret(Encoding.UTF8.GetBytes(text[(end + 1)..])),
            var name when ScramHash.Of(name) is { } hash && hash.Kind == wanted => ScramSecretText.Parse(text),
            _ => null,
        };
    }

    static bool? Verify(ReadOnlySpan<byte> password, IReadOnlyList<string> stored, string user)
    {
        bool? result = null;
        foreach (var text in stored)
        {
            if (PasswordScheme.Matches(password, text) is not { } matches)
                continue;
            if (matches)
                return true;
            result = false;
        }
        return result;
    }

    static bool IsCheap(string stored) => PasswordScheme.CryptText(stored).Length == 0;
}

/// <summary>More is to be hashed than there is time for.</summary>
public sealed class HashingOverloadException() : Exception("too many verifications are waiting");
