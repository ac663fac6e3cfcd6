using System.Collections.Frozen;
using System.Security.Cryptography;

namespace Sasl.Credentials.Schemes;

/// <summary>What a new password is stored with besides itself.</summary>
/// <param name="User">The login name: DIGEST-MD5's form depends on it.</param>
/// <param name="Rounds">In the scheme's own unit; 0 for its default.</param>
readonly record struct NewPassword(string User, int Rounds);

/// <summary>One way in which a password may be stored: the word in braces, how to compare and how to make a new one.</summary>
public sealed class PasswordScheme
{
    /// <summary>Null when what is stored is damaged: nobody can tell then.</summary>
    /// <param name="user">The login name as it was typed.</param>
    internal delegate bool? Comparison(ReadOnlySpan<byte> password, in StoredForm stored, string user);

    /// <summary>Makes the text after the braces; null when the password cannot be stored so (NUL, too long).</summary>
    internal delegate string? Maker(ReadOnlySpan<byte> password, NewPassword how);

    /// <summary>What a text without braces is taken for, as in passwd files.</summary>
    public const string Bare = "CRYPT";

    internal PasswordScheme(string name, Comparison compare, Maker? make) => (Name, Compare, New) = (name, compare, make);

    /// <summary>Its name, in capitals.</summary>
    public string Name { get; }

    /// <summary>Other names for the same.</summary>
    public IReadOnlyList<string> Aliases { get; internal init; } = [];

    /// <summary>Who steals it has the password soon. The auth server refuses such ones unless it is told otherwise.</summary>
    public bool IsWeak { get; internal init; }

    /// <summary>New passwords can be stored so.</summary>
    public bool CanMake => New is not null;

    /// <summary>It is for one mechanism, beside a hash for all others (SCRAM keys).</summary>
    public bool IsMechanisms { get; internal init; }

    /// <summary>The password stands there as it is.</summary>
    public bool IsCleartext { get; internal init; }

    internal Comparison Compare { get; }

    internal Maker? New { get; }

    internal SchemeEncoding Encoding { get; init; }

    /// <summary>How many bytes are stored; as many at least when it is below zero; 0: any number, or text.</summary>
    internal int Length { get; init; }

    internal Func<StoredForm, SchemeCost> Cost { get; init; } = static _ => default;

    /// <summary>Kinds within the scheme that are weak although it is not (CRYPT).</summary>
    internal Func<StoredForm, bool> IsWeakKind { get; init; } = static _ => false;

    /// <summary>Nothing better would be made of the password today.</summary>
    internal Func<StoredForm, bool> IsUpToDate { get; init; } = static _ => false;

    /// <summary>Every scheme once. A new one is one line here.</summary>
    public static readonly IReadOnlyList<PasswordScheme> All =
    [
        PlainScheme.Plain,
        PlainScheme.Truncated,
        CryptScheme.Of("CRYPT", null, "", "UNIX"),
        CryptScheme.Of("YESCRYPT", "$y$", "$y$"),
        CryptScheme.Of("SHA512-CRYPT", "$6$", "$6$"),
        CryptScheme.Of("SHA256-CRYPT", "$5$", "$5$"),
        CryptScheme.Of("BLF-CRYPT", "$2b$", "$2"),
        CryptScheme.Of("MD5-CRYPT", "$1$", "$1$"),
        CryptScheme.Of("DES-CRYPT", "", ""),
        Argon2Scheme.Of("ARGON2ID", Argon2Kind.Id, "ARGON2"),
        Argon2Scheme.Of("ARGON2I", Argon2Kind.I),
        Pbkdf2Scheme.Scheme,
        .. ScramScheme.All,
        CramMd5Scheme.Of("CRAM-MD5", isWeak: false),
        CramMd5Scheme.Of("HMAC-MD5", isWeak: true),
        DigestMd5Scheme.Scheme,
        OtpScheme.Scheme,
        DigestScheme.Plain("SHA1", SHA1.HashSizeInBytes, SHA1.HashData, "SHA"),
        DigestScheme.Salted("SSHA", SHA1.HashSizeInBytes, SHA1.HashData),
        DigestScheme.Plain("SHA256", SHA256.HashSizeInBytes, SHA256.HashData),
        DigestScheme.Salted("SSHA256", SHA256.HashSizeInBytes, SHA256.HashData),
        DigestScheme.Plain("SHA384", SHA384.HashSizeInBytes, SHA384.HashData),
        DigestScheme.Salted("SSHA384", SHA384.HashSizeInBytes, SHA384.HashData),
        DigestScheme.Plain("SHA512", SHA512.HashSizeInBytes, SHA512.HashData),
        DigestScheme.Salted("SSHA512", SHA512.HashSizeInBytes, SHA512.HashData),
        Md5Scheme.Either,
        DigestScheme.Salted("SMD5", MD5.HashSizeInBytes, MD5.HashData, isWeak: true),
        DigestScheme.Plain("LDAP-MD5", MD5.HashSizeInBytes, MD5.HashData, isWeak: true),
        DigestScheme.Plain("PLAIN-MD5", MD5.HashSizeInBytes, MD5.HashData, isWeak: true, isHex: true),
        DigestScheme.Plain("PLAIN-MD4", Mechanisms.Md4.HashSize, Md5Scheme.Md4, isWeak: true, isHex: true),
        Apr1.Scheme,
    ];

    static readonly FrozenDictionary<string, PasswordScheme> _byName = All
        .SelectMany(scheme => scheme.Aliases.Append(scheme.Name), (scheme, name) => (name, scheme))
        .ToFrozenDictionary(p => p.name, p => p.scheme, StringComparer.OrdinalIgnoreCase);

    static readonly FrozenDictionary<string, PasswordScheme>.AlternateLookup<ReadOnlySpan<char>> _bySpan = _byName.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>What others have had once, and why it is not here.</summary>
    static readonly FrozenDictionary<string, string> _removed = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
    {
        ["NTLM"] = "an MD4 hash for a mechanism that is gone", ["LANMAN"] = "broken in seconds, for a mechanism that is gone",
        ["LM"] = "broken in seconds, for a mechanism that is gone", ["RPA"] = "for a mechanism that is gone", ["SKEY"] = "OTP has taken its place",
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>"{SCHEME}text" for a new password, or null when the scheme is unknown, makes no new ones or cannot take the password.</summary>
    /// <param name="user">The login name: DIGEST-MD5's form depends on it.</param>
    /// <param name="rounds">In the scheme's own unit; 0 for its default.</param>
    public static string? Make(string scheme, ReadOnlySpan<byte> password, string user = "", int rounds = 0)
    {
        var (found, encoding) = Find(scheme);
        if (found?.New?.Invoke(password, new(user, rounds)) is not { } text)
            return null;
        if (encoding is null)
            return $"{{{scheme.ToUpperInvariant()}}}{text}";
        // The suffix is the caller's: it stays.
        var bytes = found.Encoding == SchemeEncoding.Text ? System.Text.Encoding.UTF8.GetBytes(text) : StoredForm.Read($"{{{found.Name}}}{text}").Bytes;
        return $"{{{scheme.ToUpperInvariant()}}}{(encoding == SchemeEncoding.Hex ? Convert.ToHexStringLower(bytes) : Convert.ToBase64String(bytes))}";
    }

    /// <summary>Compares in the time that the scheme takes. Null when nobody can tell; <see cref="Problem"/> says why. The source reports it, nobody gets in.</summary>
    /// <param name="user">The login name as it was typed.</param>
    public static bool? Matches(ReadOnlySpan<byte> password, string stored, string user = "")
    {
        var form = StoredForm.Read(stored);
        return form.Problem is not null || form.Scheme!.Cost(form).Excess is not null ? null : form.Scheme.Compare(password, form, user);
    }

    /// <summary>Why nothing can be compared with a stored text; null when something can.</summary>
    public static string? Problem(string stored)
    {
        var form = StoredForm.Read(stored);
        return form.Problem ?? form.Scheme!.Cost(form).Excess;
    }

    /// <summary>Whether there is a scheme of this name, with or without a suffix.</summary>
    public static bool IsKnown(string name) => Find(name).Scheme is not null;

    /// <summary>Whether this is one of the scheme's names, with or without a suffix.</summary>
    public static bool IsNamed(PasswordScheme scheme, string name) => Find(name).Scheme == scheme;

    /// <summary>The scheme's name alone, of a stored password.</summary>
    public static string NameOf(string stored) => StoredForm.Read(stored).Name.ToUpperInvariant();

    /// <summary>Whether who steals it has the password soon.</summary>
    public static bool IsWeakText(string stored) => IsWeakForm(StoredForm.Read(stored));

    /// <summary>Whether a better hash would be made of the same password today: one that needs memory, or years of rounds.</summary>
    public static bool IsOutdated(string stored) => StoredForm.Read(stored) is { Problem: null } form && !form.Scheme!.IsUpToDate(form);

    /// <summary>A text that takes as long to compare with and that no password matches; "" when it is compared at once.</summary>
    public static string SettingOf(string stored)
    {
        var form = StoredForm.Read(stored);
        return form.Problem is null ? form.Scheme!.Cost(form).Setting ?? "" : "";
    }

    /// <summary>What comparing with a stored text takes: the same kind, the same time; the setting, as <see cref="SettingOf"/>; and how much memory.</summary>
    public static (string Kind, string Setting, long Memory) CostOf(string stored)
    {
        var form = StoredForm.Read(stored);
        var cost = form.Problem is null ? form.Scheme!.Cost(form) : default;
        return cost.Excess is null ? (cost.Kind ?? "", cost.Setting ?? "", cost.Memory) : ("", "", 0);
    }

    /// <summary>"{SCHEME}text" of a text as a database has it: without braces it is of the database's default scheme, but "$1$…" is MD5-CRYPT everywhere.</summary>
    public static string WithScheme(string stored, string defaultScheme) =>
        StoredForm.HasName(stored) ? stored
        : stored.StartsWith("$1$", StringComparison.Ordinal) && stored.IndexOf('$', 3) > 0 ? $"{{MD5-CRYPT}}{stored}"
        : $"{{{defaultScheme}}}{stored}";

    internal static bool IsWeakForm(in StoredForm form) => form.Scheme is { } scheme && (scheme.IsWeak || scheme.IsWeakKind(form));

    /// <summary>By its name, with the encoding that a suffix demands.</summary>
    internal static (PasswordScheme? Scheme, SchemeEncoding? Encoding) Find(ReadOnlySpan<char> name)
    {
        var dot = name.IndexOf('.');
        if (!_bySpan.TryGetValue(dot < 0 ? name : name[..dot], out var scheme))
            return (null, null);
        if (dot < 0)
            return (scheme, null);
        var suffix = name[(dot + 1)..];
        return suffix.Equals("hex", StringComparison.OrdinalIgnoreCase) ? (scheme, SchemeEncoding.Hex)
            : suffix.Equals("b64", StringComparison.OrdinalIgnoreCase) || suffix.Equals("base64", StringComparison.OrdinalIgnoreCase) ? (scheme, SchemeEncoding.Base64)
            : (null, null);
    }

    internal static string? Removed(string name) =>
        _removed.TryGetValue(name, out var why) ? $"password scheme {{{name.ToUpperInvariant()}}} is not supported ({why}): the user needs a new password" : null;
}
