using System.Globalization;
using System.Text;

namespace MailStore.Structure;

/// <summary>
/// RFC 2045 §5.1 "value; name=value …" as of Content-Type and Content-Disposition. RFC 2231 §3 continuations are joined; an
/// extended value stays encoded under its name with the asterisk, as IMAP clients expect it.
/// </summary>
ref struct ParameterReader(ReadOnlySpan<char> text)
{
    const int Most = 200;

    ReadOnlySpan<char> _rest = text;

    public static (string Value, List<KeyValuePair<string, string>> Parameters) Read(string text)
    {
        var reader = new ParameterReader(text);
        var value = reader.Token(";");
        var all = new List<KeyValuePair<string, string>>();
        while (reader.Skip(';') && all.Count < Most)
        {
            var name = reader.Token("=;").ToLowerInvariant();
            if (name.Length > 0 && reader.Skip('='))
                all.Add(new(name, reader.Token(";")));
        }
        return (value, Join(all));
    }

    // RFC 2231 §3: name*0, name*1*, … are pieces of one value, in the order of their numbers.
    static List<KeyValuePair<string, string>> Join(List<KeyValuePair<string, string>> all)
    {
        var joined = new List<KeyValuePair<string, string>>();
        foreach (var (name, value) in all)
        {
            if (Piece(name) is not (var stem, var number, _) || number != 0)
            {
                if (Piece(name) is not { } loose || !all.Any(p => Piece(p.Key) is (var s, 0, _) && s == loose.Stem))
                    joined.Add(new(name, value));
                continue;
            }
            var (whole, extended) = (new StringBuilder(), false);
            for (var i = 0; all.FindIndex(p => Piece(p.Key) is (var s, var n, _) && s == stem && n == i) is >= 0 and var at; i++)
            {
                extended |= all[at].Key.EndsWith('*');
                whole.Append(all[at].Value);
            }
            if (!joined.Exists(p => p.Key == stem || p.Key == stem + "*"))
                joined.Add(new(extended ? stem + "*" : stem, whole.ToString()));
        }
        return joined;
    }

    static (string Stem, int Number, bool Extended)? Piece(string name)
    {
        var extended = name.EndsWith('*');
        var body = extended ? name[..^1] : name;
        var star = body.LastIndexOf('*');
        return star > 0 && int.TryParse(body.AsSpan(star + 1), NumberStyles.None, null, out var number) && number < Most
            ? (body[..star], number, extended) : null;
    }

    bool Skip(char wanted)
    {
        SkipBlank();
        if (_rest.Length == 0 || _rest[0] != wanted)
            return false;
        _rest = _rest[1..];
        return true;
    }

    /// <summary>A token or quoted string; stops at the given characters and leaves out comments.</summary>
    string Token(ReadOnlySpan<char> stops)
    {
        var token = new StringBuilder();
        // Blanks at the end are nobody's, but for those between quotation marks.
        var quoted = 0;
        SkipBlank();
        while (_rest.Length > 0 && !stops.Contains(_rest[0]))
        {
            if (_rest[0] == '"')
            {
                Quoted(token);
                quoted = token.Length;
            }
            else if (_rest[0] == '(')
                SkipBlank();
            else
            {
                token.Append(_rest[0]);
                _rest = _rest[1..];
            }
        }
        while (token.Length > quoted && token[^1] is ' ' or '\t')
            token.Length--;
        return token.ToString();
    }

    void Quoted(StringBuilder token)
    {
        var i = 1;
        for (; i < _rest.Length && _rest[i] != '"'; i++)
            token.Append(_rest[i] == '\\' && i + 1 < _rest.Length ? _rest[++i] : _rest[i]);
        _rest = _rest[Math.Min(_rest.Length, i + 1)..];
        SkipBlank();
    }

    void SkipBlank()
    {
        while (_rest.Length > 0 && _rest[0] is ' ' or '\t' or '(')
        {
            if (_rest[0] != '(')
            {
                _rest = _rest[1..];
                continue;
            }
            var (depth, i) = (0, 0);
            for (; i < _rest.Length; i++)
            {
                if (_rest[i] == '\\')
                    i++;
                else if (_rest[i] == '(')
                    depth++;
                else if (_rest[i] == ')' && --depth == 0)
                    break;
            }
            _rest = _rest[Math.Min(_rest.Length, i + 1)..];
        }
    }
}
