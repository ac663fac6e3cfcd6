using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using Sasl.Credentials.Native;

namespace Sasl.Credentials.Schemes;

/// <summary>One way in which a password may be stored: the word in braces, how to compare and how to make a new one.</summary>
/// <param name="Hash">Makes the text after the braces; null when the password cannot be stored so (NUL, too long).</param>
public sealed record PasswordScheme(string Name, PasswordScheme.Comparison Verify, PasswordScheme.Maker Hash)
{
    public delegate bool Comparison(ReadOnlySpan<byte> password, string stored);

    public delegate string? Maker(ReadOnlySpan<byte> password);

    /// <summary>crypt(3) compares it, and takes the time that its setting says.</summary>
    public bool IsCrypt { get; private init; }

    /// <summary>What a text without braces is taken for, as in passwd files.</summary>
    public const string Bare = "CRYPT";

    /// <summary>Every scheme by its name, in capitals. A new one is one line here.</summary>
    public static readonly FrozenDictionary<string, PasswordScheme> Table = new PasswordScheme[]
    {
        OfCrypt("CRYPT", null, ""),
        OfCrypt("YESCRYPT", "$y$", "$y$"),
        OfCrypt("SHA512-CRYPT", "$6$", "$6$"),
        OfCrypt("SHA256-CRYPT", "$5$", "$5$"),
        OfCrypt("BLF-CRYPT", "$2b$", "$2"),
        OfCrypt("MD5-CRYPT", "$1$", "$1$"),
        OfCrypt("DES-CRYPT", "", ""),
        OfCrypt("UNIX", null, ""),
        DigestScheme.Plain("MD5", MD5.HashSizeInBytes, MD5.HashData),
        DigestScheme.Salted("SMD5", MD5.HashSizeInBytes, MD5.HashData),
        DigestScheme.Plain("SHA", SHA1.HashSizeInBytes, SHA1.HashData),
        DigestScheme.Salted("SSHA", SHA1.HashSizeInBytes, SHA1.HashData),
        DigestScheme.Plain("SHA256", SHA256.HashSizeInBytes, SHA256.HashData),
        DigestScheme.Salted("SSHA256", SHA256.HashSizeInBytes, SHA256.HashData),
        DigestScheme.Plain("SHA384", SHA384.HashSizeInBytes, SHA384.HashData),
        DigestScheme.Salted("SSHA384", SHA384.HashSizeInBytes, SHA384.HashData),
        DigestScheme.Plain("SHA512", SHA512.HashSizeInBytes, SHA512.HashData),
        DigestScheme.Salted("SSHA512", SHA512.HashSizeInBytes, SHA512.HashData),
        new("APR1", Apr1.Verify, Apr1.Hash),
        new("PLAIN", SameText, Encoding.UTF8.GetString),
        new("CLEARTEXT", SameText, Encoding.UTF8.GetString),
    }.ToFrozenDictionary(scheme => scheme.Name, StringComparer.OrdinalIgnoreCase);

    /// <summary>"{SCHEME}text" for a new password, or null when the scheme is unknown or cannot take the password.</summary>
    public static string? Make(string scheme, ReadOnlySpan<byte> password) =>
        Table.TryGetValue(scheme, out var found) && found.Hash(password) is { } text ? $"{{{found.Name}}}{text}" : null;

    /// <summary>Compares in the time that the scheme takes. An unknown scheme is null: the source reports it, nobody gets in.</summary>
    public static bool? Matches(ReadOnlySpan<byte> password, string stored)
    {
        var (name, text) = Split(stored);
        return Table.TryGetValue(name, out var scheme) ? scheme.Verify(password, text) : null;
    }

    /// <summary>What crypt(3) would be given to compare with; "" for a scheme that compares at once.</summary>
    internal static string CryptText(string stored)
    {
        var (name, text) = Split(stored);
        return Table.TryGetValue(name, out var scheme) && scheme.IsCrypt ? text : "";
    }

    /// <summary>How a password is stored: the kind, cost and salt of its crypt(3) hash, "" for what is compared at once; and whether it is stored as it is.</summary>
    public static (string Crypt, bool IsCleartext) SettingOf(string stored) =>
        (CryptSetting.Of(CryptText(stored)), Split(stored).Name.ToUpperInvariant() is "PLAIN" or "CLEAR" or "CLEARTEXT");

    /// <summary>The scheme's name alone, of a stored password.</summary>
    public static string NameOf(string stored) => Split(stored).Name.ToUpperInvariant();

    static (string Name, string Text) Split(string stored)
    {
        var end = stored.StartsWith('{') ? stored.IndexOf('}') : -1;
        return end < 0 ? (stored.StartsWith(Apr1.Prefix, StringComparison.Ordinal) ? "APR1" : Bare, stored) : (stored[1..end], stored[(end + 1)..]);
    }

    static PasswordScheme OfCrypt(string name, string? prefix, string demanded) => new(name,
        (password, stored) => stored.StartsWith(demanded, StringComparison.Ordinal) && Crypt.Verify(password, stored),
        password => Crypt.Hash(password, prefix))
    {
        IsCrypt = true,
    };

    static bool SameText(ReadOnlySpan<byte> password, string stored)
    {
        var bytes = Encoding.UTF8.GetBytes(stored);
        var same = bytes.Length > 0 && CryptographicOperations.FixedTimeEquals(password, bytes);
        CryptographicOperations.ZeroMemory(bytes);
        return same;
    }
}
