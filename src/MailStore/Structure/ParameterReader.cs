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

    // RFC 2231 §3: name*0, name*1*, … are pieces of one value, in the order of their numbers. Each is looked up, not looked for: senders
    // flood a header with them (CVE-2026-27859).
    static List<KeyValuePair<string, string>> Join(List<KeyValuePair<string, string>> all)
    {
        var pieces = new Dictionary<(string, int), KeyValuePair<string, string>>();
        foreach (var parameter in all)
        {
            if (Piece(parameter.Key) is { } piece)
                pieces.TryAdd(piece, parameter);
        }
        if (pieces.Count == 0)
            return all;
        var (joined, names) = (new List<KeyValuePair<string, string>>(), new HashSet<string>());
        foreach (var (name, value) in all)
        {
            if (Piece(name) is not var (stem, number) || (number > 0 && !pieces.ContainsKey((stem, 0))))
                Add(name, value);
            else if (number == 0 && !names.Contains(stem) && !names.Contains(stem + "*"))
                Add(Whole(pieces, stem, out var extended) is var whole && extended ? stem + "*" : stem, whole);
        }
        return joined;

        void Add(string name, string value)
        {
            joined.Add(new(name, value));
            names.Add(name);
        }
    }

    static string Whole(Dictionary<(string, int), KeyValuePair<string, string>> pieces, string stem, out bool extended)
    {
        var whole = new StringBuilder();
        extended = false;
        for (var i = 0; pieces.TryGetValue((stem, i), out var piece); i++)
        {
            extended |= piece.Key.EndsWith('*');
            whole.Append(piece.Value);
        }
        return whole.ToString();
    }

    static (string Stem, int Number)? Piece(string name)
    {
        var body = name.EndsWith('*') ? name[..^1] : name;
        var star = body.LastIndexOf('*');
        return star > 0 && int.TryParse(body.AsSpan(star + 1), NumberStyles.None, null, out var number) && number < Most ? (body[..star], number) : null;
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
