using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace AuthServer.Logins;

/// <summary>What can be done to a variable's value: letters in Dovecot 2.3 ("%Lu"), words in 2.4 ("%{user | lower}"). One line each.</summary>
static class LoginFilters
{
    /// <summary>Makes components of a DN: "example.org" becomes "example,dc=org", and in 2.4 "dc=example,dc=org".</summary>
    public const char Components = 'D';

    /// <inheritdoc cref="Components"/>
    public const string ComponentsWord = "ldap_dn";

    static readonly (char Letter, string Word, Func<string, string> Change)[] _table =
    [
        ('L', "lower", v => v.ToLowerInvariant()),
        ('U', "upper", v => v.ToUpperInvariant()),
        ('R', "reverse", v => new string([.. v.Reverse()])),
        ('T', "rtrim", v => v.TrimEnd()),
        ('D', "", v => v.Replace(".", ",dc=")),
        ('\0', ComponentsWord, v => "dc=" + v.Replace(".", ",dc=")),
        ('X', "", v => ulong.TryParse(v, out var number) ? number.ToString("x", CultureInfo.InvariantCulture) : "0"),
#pragma warning disable CA5351 // a name is spread over directories by it; nothing is protected
        ('M', "md5 | hexlify", v => Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(v)))),
#pragma warning restore CA5351
        ('\0', "username", LoginVariables.Local),
        ('\0', "domain", LoginVariables.Domain),
    ];

    public static Func<string, string>? OfLetter(char letter) => Array.Find(_table, f => f.Letter == letter && letter != '\0').Change;

    public static Func<string, string>? OfWord(string word)
    {
        if (Array.Find(_table, f => f.Word == word && word.Length > 0).Change is { } simple)
            return simple;
        var open = word.IndexOf('(');
        if (open < 0 || !word.EndsWith(')'))
            return null;
        var arguments = word[(open + 1)..^1].Split(',', StringSplitOptions.TrimEntries);
        return (word[..open], arguments) switch
        {
            ("default", [var text]) => v => v.Length > 0 ? v : text.Trim('\'', '"'),
            ("substr", [var at]) when Number(at) is { } a => v => Cut(v, a, null),
            ("substr", [var at, var length]) when Number(at) is { } a && Number(length) is { } l => v => Cut(v, a, l),
            _ => null,
        };
    }

    /// <summary>"", "width" or "offset.width"; null when it is none of these.</summary>
    public static Func<string, string>? OfRange(string range)
    {
        if (range.Length == 0)
            return v => v;
        var dot = range.IndexOf('.');
        var (offset, width) = dot < 0 ? (0, Number(range)) : (Number(range[..dot]), Number(range[(dot + 1)..]));
        return offset is { } o && width is { } w ? v => Cut(v, o, w == 0 ? null : w) : null;
    }

    static int? Number(string text) => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var n) ? n : null;

    /// <summary>A negative offset counts from the end, a negative length leaves so many off.</summary>
    static string Cut(string value, int offset, int? length)
    {
        var start = Math.Clamp(offset < 0 ? value.Length + offset : offset, 0, value.Length);
        var count = length is not { } l ? value.Length - start : l < 0 ? value.Length - start + l : l;
        return value.Substring(start, Math.Clamp(count, 0, value.Length - start));
    }
}
