using System.Collections.Frozen;
using System.Text;

namespace Sasl.Mechanisms;

/// <summary>How a directive's value is written.</summary>
enum DirectiveForm
{
    /// <summary>A token; peers that put it in quotes (curl's nc, Dovecot's algorithm) are understood.</summary>
    Token,

    /// <summary>A quoted string.</summary>
    Quoted,

    /// <summary>A quoted string that takes part in hashes as it stands: RFC 2831 §2.1.1: only qdtext, so nothing is escaped.</summary>
    Literal,

    /// <summary>A quoted string that may come more than once.</summary>
    Repeated,
}

/// <summary>
/// A message of DIGEST-MD5: "name=value" between commas (RFC 2831 §7.1: 1#element, so with white space around everything and with empty
/// elements). What is known comes at most once; what is not known is checked for its form and passed over.
/// </summary>
sealed class DigestDirectives
{
    readonly Dictionary<string, List<byte[]>> _values = [];

    /// <summary>The value without its quotes and escapes; null when the message does not have it.</summary>
    public byte[]? this[string name] => _values.GetValueOrDefault(name)?[0];

    /// <summary>All values of one that may be repeated.</summary>
    public IReadOnlyList<byte[]> All(string name) => _values.GetValueOrDefault(name) ?? [];

    /// <summary>Reads a message. False, and why, when it breaks the grammar.</summary>
    public static bool TryParse(ReadOnlySpan<byte> message, FrozenDictionary<string, DirectiveForm> known, out DigestDirectives directives, out string reason)
    {
        directives = new();
        while (true)
        {
            Skip(ref message, " \t\r\n,"u8);
            if (message.IsEmpty)
                return (reason = directives._values.Count == 0 ? "an empty message" : "").Length == 0;
            if (!TryReadToken(ref message, out var token) || !TryReadEquals(ref message) || !TryReadValue(ref message, out var value, out var isQuoted, out var isEscaped))
                return (reason = "not a list of directives").Length == 0;
            var name = Encoding.ASCII.GetString(token).ToLowerInvariant();
            if (!known.TryGetValue(name, out var form))
                continue;
            if (form != DirectiveForm.Token && !isQuoted)
                return (reason = $"{name} is not in quotes").Length == 0;
            if (form == DirectiveForm.Literal && isEscaped)
                return (reason = $"{name} has escapes").Length == 0;
            if (!directives._values.TryAdd(name, [value]))
            {
                if (form != DirectiveForm.Repeated)
                    return (reason = $"{name} comes twice").Length == 0;
                directives._values[name].Add(value);
            }
        }
    }

    /// <summary>A list within a value (RFC 2831 §2.1.1: qop, cipher).</summary>
    public static string[] Split(byte[] value) =>
        Encoding.Latin1.GetString(value).ToLowerInvariant().Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    static void Skip(ref ReadOnlySpan<byte> rest, ReadOnlySpan<byte> these) => rest = rest.TrimStart(these);

    static bool TryReadToken(ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> token)
    {
        var end = rest.IndexOfAnyExcept(_tokenBytes);
        token = end < 0 ? rest : rest[..end];
        rest = rest[token.Length..];
        return !token.IsEmpty;
    }

    static bool TryReadEquals(ref ReadOnlySpan<byte> rest)
    {
        Skip(ref rest, " \t\r\n"u8);
        if (rest.IsEmpty || rest[0] != '=')
            return false;
        rest = rest[1..];
        Skip(ref rest, " \t\r\n"u8);
        return true;
    }

    // A token or a quoted string, and then a comma or the end.
    static bool TryReadValue(ref ReadOnlySpan<byte> rest, out byte[] value, out bool isQuoted, out bool isEscaped)
    {
        (value, isEscaped) = ([], false);
        isQuoted = !rest.IsEmpty && rest[0] == '"';
        if (isQuoted)
        {
            rest = rest[1..];
            if (!TryReadQuoted(ref rest, out value, out isEscaped))
                return false;
        }
        else
        {
            if (!TryReadToken(ref rest, out var token))
                return false;
            value = token.ToArray();
        }
        Skip(ref rest, " \t\r\n"u8);
        return rest.IsEmpty || rest[0] == ',';
    }

    // RFC 2831 §7.2: any byte but control characters and the quote; a backslash takes the next character as it is.
    static bool TryReadQuoted(ref ReadOnlySpan<byte> rest, out byte[] value, out bool isEscaped)
    {
        (value, isEscaped) = ([], false);
        var escapes = 0;
        for (var i = 0; i < rest.Length; i++)
        {
            if (rest[i] == '"')
            {
                value = Unescape(rest[..i], escapes);
                isEscaped = escapes > 0;
                rest = rest[(i + 1)..];
                return true;
            }
            if (rest[i] == '\\')
            {
                escapes++;
                i++;
            }
            if (i == rest.Length || rest[i] is < 0x20 and not (byte)'\t' or 0x7f)
                return false;
        }
        return false;
    }

    static byte[] Unescape(ReadOnlySpan<byte> text, int escapes)
    {
        var value = new byte[text.Length - escapes];
        for (int from = 0, to = 0; from < text.Length; from++, to++)
            value[to] = text[from] == '\\' ? text[++from] : text[from];
        return value;
    }

    // RFC 2831 §7.2: printable ASCII but separators.
    static readonly System.Buffers.SearchValues<byte> _tokenBytes =
        System.Buffers.SearchValues.Create("!#$%&'*+-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ^_`abcdefghijklmnopqrstuvwxyz|~"u8);
}
