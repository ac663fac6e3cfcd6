using System.Buffers;
using System.Text;

namespace Sasl.Credentials.Schemes;

/// <summary>How the bytes of a stored password are written.</summary>
enum SchemeEncoding
{
    /// <summary>They are text.</summary>
    Text,

    /// <summary>Base64 or hexadecimal, told apart by the length where that is settled.</summary>
    Base64,

    Hex,
}

/// <summary>
/// "{SCHEME}text", taken apart: the scheme, its text, or its bytes. A name may end in ".b64", ".base64" or ".hex", which says how the rest is written.
/// Not a record: it would print the secret.
/// </summary>
readonly struct StoredForm
{
    const int LongestName = 32;

    static readonly SearchValues<char> _nameCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.");

    readonly byte[]? _bytes;

    readonly string _stored;

    StoredForm(PasswordScheme? scheme, string stored, string text, byte[]? bytes, string? problem) =>
        (Scheme, _stored, Text, _bytes, Problem) = (scheme, stored, text, bytes, problem);

    /// <summary>Null when nobody knows it.</summary>
    public PasswordScheme? Scheme { get; }

    /// <summary>As it stands in the braces.</summary>
    public string Name => Split(_stored, out _).ToString();

    /// <summary>Of a scheme whose passwords are text.</summary>
    public string Text { get; }

    /// <summary>Of a scheme whose passwords are bytes: of its length, if it has one.</summary>
    public byte[] Bytes => _bytes ?? [];

    /// <summary>Why nothing can be compared with it, for the log; else null.</summary>
    public string? Problem { get; }

    public static StoredForm Read(string stored)
    {
        var name = Split(stored, out var text);
        var (scheme, encoding) = PasswordScheme.Find(name);
        if (scheme is null)
            return new(null, stored, "", null, PasswordScheme.Removed(name.ToString()) ?? $"unknown password scheme {Shown(name)}");
        if (scheme.Encoding == SchemeEncoding.Text && encoding is null)
            return new(scheme, stored, text.Length == stored.Length ? stored : text.ToString(), null, null);
        if (Decode(text, encoding ?? Guess(scheme, text)) is not { } bytes || (scheme.Length > 0 && bytes.Length != scheme.Length) || bytes.Length < -scheme.Length)
            return new(scheme, stored, "", null, $"damaged: not what {Shown(name)} looks like");
        return scheme.Encoding == SchemeEncoding.Text ? new(scheme, stored, Encoding.UTF8.GetString(bytes), null, null) : new(scheme, stored, "", bytes, null);
    }

    /// <summary>The name, and what stands behind it. A text without braces is a crypt(3) hash, as in passwd files.</summary>
    static ReadOnlySpan<char> Split(string stored, out ReadOnlySpan<char> text)
    {
        var end = stored.StartsWith('{') ? stored.IndexOf('}') : -1;
        text = stored.AsSpan(end + 1);
        return end < 0 ? PasswordScheme.Bare : stored.AsSpan(1, end - 1);
    }

    static SchemeEncoding Guess(PasswordScheme scheme, ReadOnlySpan<char> text) =>
        scheme.Length > 0 && text.Length == 2 * scheme.Length ? SchemeEncoding.Hex : scheme.Length > 0 ? SchemeEncoding.Base64 : scheme.Encoding;

    static byte[]? Decode(ReadOnlySpan<char> text, SchemeEncoding encoding)
    {
        if (encoding == SchemeEncoding.Hex)
        {
            var bytes = new byte[text.Length / 2];
            return Convert.FromHexString(text, bytes, out _, out var written) == OperationStatus.Done && written == bytes.Length && text.Length % 2 == 0 ? bytes : null;
        }
        var buffer = new byte[text.Length];
        return Convert.TryFromBase64Chars(text, buffer, out var count) ? buffer[..count] : null;
    }

    /// <summary>It may be a password that begins with a brace: only what looks like a name is shown.</summary>
    static string Shown(ReadOnlySpan<char> name) =>
        IsName(name) ? $"{{{name}}}" : "in braces";

    static bool IsName(ReadOnlySpan<char> name) => name.Length is > 0 and <= LongestName && !name.ContainsAnyExcept(_nameCharacters);

    /// <summary>Whether it begins with a word in braces: a cleartext password may begin with a brace.</summary>
    public static bool HasName(string stored) => stored.StartsWith('{') && stored.IndexOf('}') is > 0 and var end && IsName(stored.AsSpan(1, end - 1));
}
