using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Sasl.Credentials.Schemes;

/// <summary>Passwords as they are: every mechanism can be served from them, and who steals the file has them.</summary>
static class PlainScheme
{
    public static PasswordScheme Plain { get; } = new("PLAIN", (password, in stored, _) => SameText(password, stored.Text), (password, _) => Text(password))
    {
        Aliases = ["CLEARTEXT", "CLEAR"], IsCleartext = true, IsUpToDate = static _ => true,
    };

    /// <summary>"length-text": of an old system that kept so many characters and no more; a longer password that begins so is right.</summary>
    public static PasswordScheme Truncated { get; } = new("PLAIN-TRUNC", Begins, null);

    static bool? Begins(ReadOnlySpan<byte> password, in StoredForm stored, string user)
    {
        var hyphen = stored.Text.IndexOf('-');
        if (hyphen <= 0 || !int.TryParse(stored.Text.AsSpan(0, hyphen), NumberStyles.None, CultureInfo.InvariantCulture, out var length))
            return null;
        var text = stored.Text[(hyphen + 1)..];
        return SameText(Encoding.UTF8.GetByteCount(text) == length && password.Length > length ? password[..length] : password, text);
    }

    static bool SameText(ReadOnlySpan<byte> password, string stored)
    {
        const int usual = 512;
        var most = Encoding.UTF8.GetMaxByteCount(stored.Length);
        Span<byte> bytes = most <= usual ? stackalloc byte[usual] : new byte[most];
        bytes = bytes[..Encoding.UTF8.GetBytes(stored, bytes)];
        var same = bytes.Length > 0 && CryptographicOperations.FixedTimeEquals(password, bytes);
        CryptographicOperations.ZeroMemory(bytes);
        return same;
    }

    static string? Text(ReadOnlySpan<byte> password) => password.IsEmpty || password.Contains((byte)0) ? null : Encoding.UTF8.GetString(password);
}
