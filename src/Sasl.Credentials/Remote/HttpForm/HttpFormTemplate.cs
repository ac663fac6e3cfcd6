using System.Text;
using System.Text.Json;

namespace Sasl.Credentials.Remote.HttpForm;

/// <summary>
/// httpform_data with its tokens. Each value is escaped for the place where it stands, so that none can end a field, a string or the body:
/// RFC 3986 §2.1 for a form, RFC 8259 §7 within a string of JSON.
/// </summary>
sealed class HttpFormTemplate
{
    // "%00" and "\u0000".
    const int LongestFormEscape = 3, LongestJsonEscape = 6;

    readonly List<(byte[] Literal, char Token)> _parts = [];
    readonly bool _isJson;

    /// <summary>The settings' own check has passed: every % is followed by a letter that is known.</summary>
    public HttpFormTemplate(string text, bool isJson)
    {
        _isJson = isJson;
        var literal = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '%' || ++i == text.Length || text[i] == '%')
            {
                literal.Append(i < text.Length ? text[i] : '%');
                continue;
            }
            _parts.Add((Encoding.UTF8.GetBytes(literal.ToString()), text[i]));
            literal.Clear();
        }
        _parts.Add((Encoding.UTF8.GetBytes(literal.ToString()), '\0'));
    }

    /// <summary>Why the template is none, or null: with JSON, each token has to stand in a string.</summary>
    public static string? Problem(string text, bool isJson)
    {
        if (!isJson)
            return null;
        var sample = new HttpFormTemplate(text, isJson).Fill(new("x", "x", "x", "x"u8.ToArray(), "x"))!.Value;
        var reader = new Utf8JsonReader(sample.Span);
        try
        {
            while (reader.Read())
            {
            }
            return null;
        }
        catch (JsonException wrong)
        {
            return $"httpform_data is no JSON (tokens stand in strings: \"%u\"): {RemoteTexts.Line(wrong.Message)}";
        }
    }

    /// <summary>The body, to be zeroed by the caller. Null when a value is no UTF-8, which JSON has no way to say.</summary>
    public Memory<byte>? Fill(PasswordQuery query)
    {
        var values = _parts.Select(p => Value(p.Token, query)).ToArray();
        if (_isJson && values.Any(v => !System.Text.Unicode.Utf8.IsValid(v.Span)))
            return null;
        var longest = _parts.Sum(p => p.Literal.Length) + (values.Sum(v => v.Length) * (_isJson ? LongestJsonEscape : LongestFormEscape));
        var body = GC.AllocateUninitializedArray<byte>(longest, pinned: true);
        var at = 0;
        for (var i = 0; i < values.Length; i++)
        {
            _parts[i].Literal.CopyTo(body, at);
            at += _parts[i].Literal.Length;
            foreach (var b in values[i].Span)
                at += _isJson ? EscapeJson(b, body.AsSpan(at)) : EscapeForm(b, body.AsSpan(at));
        }
        return body.AsMemory(0, at);
    }

    static ReadOnlyMemory<byte> Value(char token, PasswordQuery query) => token switch
    {
        'p' => query.Password,
        'u' => Encoding.UTF8.GetBytes(query.User),
        'r' => Encoding.UTF8.GetBytes(query.Realm),
        's' => Encoding.UTF8.GetBytes(query.Service),
        'a' => Encoding.UTF8.GetBytes(query.RemoteAddress ?? ""),
        _ => default,
    };

    static int EscapeForm(byte value, Span<byte> to)
    {
        // RFC 3986 §2.3: the unreserved ones.
        if (char.IsAsciiLetterOrDigit((char)value) || value is (byte)'-' or (byte)'.' or (byte)'_' or (byte)'~')
        {
            to[0] = value;
            return 1;
        }
        (to[0], to[1], to[2]) = ((byte)'%', Hex(value >> 4), Hex(value & 15));
        return LongestFormEscape;
    }

    static int EscapeJson(byte value, Span<byte> to)
    {
        if (value is (byte)'"' or (byte)'\\')
        {
            (to[0], to[1]) = ((byte)'\\', value);
            return 2;
        }
        if (value is >= 0x20 and not 0x7f)
        {
            to[0] = value;
            return 1;
        }
        "\\u00"u8.CopyTo(to);
        (to[4], to[5]) = (Hex(value >> 4), Hex(value & 15));
        return LongestJsonEscape;
    }

    static byte Hex(int digit) => (byte)"0123456789ABCDEF"[digit];
}
