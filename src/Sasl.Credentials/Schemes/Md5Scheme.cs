using System.Security.Cryptography;
using Sasl.Credentials.Native;

namespace Sasl.Credentials.Schemes;

/// <summary>{MD5}, which means two things: Dovecot's is MD5-crypt ("$1$…") or a digest, a directory server's always a digest.</summary>
static class Md5Scheme
{
    public static PasswordScheme Either { get; } = new("MD5", Compare, (password, _) => password.IsEmpty ? null : Crypt.Hash(password, "$1$"))
    {
        IsWeak = true, Cost = stored => stored.Text.StartsWith("$1$", StringComparison.Ordinal) ? CryptCost.Of(stored.Text) : default,
    };

    public static int Md4(ReadOnlySpan<byte> bytes, Span<byte> digest)
    {
        Mechanisms.Md4.Hash(bytes, digest);
        return Mechanisms.Md4.HashSize;
    }

    static bool? Compare(ReadOnlySpan<byte> password, in StoredForm stored, string user)
    {
        if (stored.Text.StartsWith("$1$", StringComparison.Ordinal))
            return Crypt.Verify(password, stored.Text);
        var digest = StoredForm.Read($"{{PLAIN-MD5}}{stored.Text}");
#pragma warning disable CA5351 // The format is what it is: for what is stored already.
        return digest.Problem is not null ? null : !password.IsEmpty && CryptographicOperations.FixedTimeEquals(MD5.HashData(password), digest.Bytes);
#pragma warning restore CA5351
    }
}
