using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Sasl.Credentials.Native;

/// <summary>
/// libcrypt (libxcrypt): every crypt(3) hash of the system. Thread-safe, and slow on purpose: call it on <see cref="HashWorkers"/> only.
/// </summary>
public static unsafe partial class Crypt
{
    const int DataSize = 32768, SaltSize = 192;

    /// <summary>libxcrypt refuses longer phrases (CRYPT_MAX_PASSPHRASE_SIZE), so nothing is ever cut silently.</summary>
    public const int LongestPassword = 512;

    /// <summary>
    /// Whether the password gives this hash. A hash that libcrypt does not know (locked, empty, damaged) is false and never an error:
    /// crypt(3) answers NULL for it, which has crashed daemons (CVE-2013-4122).
    /// </summary>
    public static bool Verify(ReadOnlySpan<byte> password, string hash)
    {
        if (hash.Length == 0 || hash[0] is '*' or '!')
            return false;
        Span<byte> computed = stackalloc byte[SaltSize * 2];
        var length = Compute(password, hash, computed);
        var same = length > 0 && CryptographicOperations.FixedTimeEquals(computed[..length], Encoding.UTF8.GetBytes(hash));
        CryptographicOperations.ZeroMemory(computed);
        return same;
    }

    /// <summary>A new hash with a fresh salt of the kernel's. Null when libcrypt does not know the prefix or the password has a NUL.</summary>
    /// <param name="prefix">"$y$", "$6$", "$2b$", …; null for what libcrypt prefers.</param>
    /// <param name="cost">The scheme's own unit; 0 for libcrypt's default.</param>
    public static string? Hash(ReadOnlySpan<byte> password, string? prefix, uint cost = 0) =>
        Salt(prefix, cost) is { } setting ? HashWith(password, setting) : null;

    internal static string? HashWith(ReadOnlySpan<byte> password, string setting)
    {
        Span<byte> computed = stackalloc byte[SaltSize * 2];
        var length = Compute(password, setting, computed);
        return length > 0 ? Encoding.UTF8.GetString(computed[..length]) : null;
    }

    /// <summary>A setting string: prefix, cost and salt.</summary>
    public static string? Salt(string? prefix, uint cost = 0)
    {
        var output = stackalloc byte[SaltSize];
        return crypt_gensalt_rn(prefix, cost, null, 0, output, SaltSize) == null ? null : Marshal.PtrToStringUTF8((nint)output);
    }

    /// <summary>The bytes of the hash in <paramref name="output"/>, 0 when there is none.</summary>
    static int Compute(ReadOnlySpan<byte> password, string setting, Span<byte> output)
    {
        if (password.Length > LongestPassword || password.Contains((byte)0))
            return 0;
        Span<byte> phrase = stackalloc byte[LongestPassword + 1];
        phrase.Clear();
        password.CopyTo(phrase);
        // crypt_rn wants its work area zeroed, and leaves intermediate values of the password in it.
        var data = (byte*)NativeMemory.AllocZeroed(DataSize);
        try
        {
            byte* result;
            fixed (byte* p = phrase)
                result = crypt_rn(p, setting, data, DataSize);
            if (result == null || *result == (byte)'*')
                return 0;
            var hash = MemoryMarshal.CreateReadOnlySpanFromNullTerminated(result);
            return hash.TryCopyTo(output) ? hash.Length : 0;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(new Span<byte>(data, DataSize));
            NativeMemory.Free(data);
            CryptographicOperations.ZeroMemory(phrase);
        }
    }

    [LibraryImport("libcrypt.so.1", StringMarshalling = StringMarshalling.Utf8)]
    private static partial byte* crypt_rn(byte* phrase, string setting, void* data, int size);

    [LibraryImport("libcrypt.so.1", StringMarshalling = StringMarshalling.Utf8)]
    private static partial byte* crypt_gensalt_rn(string? prefix, nuint count, byte* random, int randomSize, byte* output, int outputSize);
}
