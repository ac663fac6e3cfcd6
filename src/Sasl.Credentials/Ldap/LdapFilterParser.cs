using System.Text;

namespace Sasl.Credentials.Ldap;

/// <summary>
/// Reads the text of a filter (RFC 4515 §3). As in every LDAP program the outermost parentheses may be left out, and blanks may stand between filters.
/// </summary>
ref struct LdapFilterParser
{
    public const int LongestText = 64 * 1024;

    const int Deepest = 32;

    readonly ReadOnlySpan<char> _text;
    int _at, _depth;

    LdapFilterParser(ReadOnlySpan<char> text) => _text = text;

    /// <exception cref="FormatException">It is no filter; the message says where.</exception>
    public static LdapFilter Parse(string text)
    {
        if (text.Length > LongestText)
            throw new FormatException($"a filter of more than {LongestText} characters");
        var parser = new LdapFilterParser(text.StartsWith('(') ? text : $"({text})");
        var filter = parser.ReadFilter();
        return parser._at == parser._text.Length ? filter : throw parser.Wrong("nothing more");
    }

    LdapFilter ReadFilter()
    {
        if (++_depth > Deepest)
            throw new FormatException($"a filter of more than {Deepest} levels");
        Expect('(');
        var filter = Peek() switch
        {
            '&' => ReadSet(isAnd: true),
            '|' => ReadSet(isAnd: false),
            '!' => ReadNot(),
            _ => ReadItem(),
        };
        Expect(')');
        _depth--;
        return filter;
    }

    LdapFilter.Set ReadSet(bool isAnd)
    {
        _at++;
        var filters = new List<LdapFilter>();
        for (SkipBlanks(); Peek() == '('; SkipBlanks())
            filters.Add(ReadFilter());
        // RFC 4511 §4.5.1.7 wants one at least.
        return filters.Count > 0 ? new(isAnd, filters) : throw Wrong("'('");
    }

    LdapFilter.Not ReadNot()
    {
        _at++;
        SkipBlanks();
        var filter = ReadFilter();
        SkipBlanks();
        return new(filter);
    }

    LdapFilter ReadItem()
    {
        var attribute = ReadWord();
        if (Peek() == ':')
            return ReadExtensible(attribute);
        if (attribute.Length == 0)
            throw Wrong("an attribute");
        var op = Peek() is '>' or '<' or '~' ? $"{_text[_at++]}=" : "=";
        Expect('=');
        return op == "=" ? ReadEquality(attribute) : new LdapFilter.Comparison(attribute, op, ReadValue());
    }

    LdapFilter ReadEquality(string attribute)
    {
        var pieces = new List<byte[]> { ReadValue() };
        while (Peek() == '*')
        {
            _at++;
            pieces.Add(ReadValue());
        }
        if (pieces.Count == 1)
            return new LdapFilter.Comparison(attribute, "=", pieces[0]);
        var any = pieces[1..^1];
        if (any.Exists(p => p.Length == 0))
            throw Wrong("something between two '*'");
        return pieces.Count == 2 && pieces[0].Length + pieces[1].Length == 0 ? new LdapFilter.Present(attribute)
            : new LdapFilter.Substrings(attribute, pieces[0], any, pieces[^1]);
    }

    LdapFilter.Extensible ReadExtensible(string attribute)
    {
        var (withDn, rule) = (false, "");
        while (Peek() == ':' && Peek(1) != '=')
        {
            _at++;
            var word = ReadWord();
            if (!withDn && rule.Length == 0 && word.Equals("dn", StringComparison.OrdinalIgnoreCase))
                withDn = true;
            else if (rule.Length == 0 && word.Length > 0)
                rule = word;
            else
                throw Wrong("a matching rule");
        }
        Expect(':');
        Expect('=');
        return attribute.Length + rule.Length > 0 ? new(attribute, withDn, rule, ReadValue()) : throw Wrong("an attribute or a matching rule");
    }

    /// <summary>An attribute description or the name of a rule (RFC 4512 §2.5).</summary>
    string ReadWord()
    {
        var start = _at;
        while (_at < _text.Length && (char.IsAsciiLetterOrDigit(_text[_at]) || _text[_at] is '-' or '.' or ';'))
            _at++;
        return _text[start.._at].ToString();
    }

    /// <summary>Up to what cannot stand in a value unescaped: NUL, parentheses, asterisk.</summary>
    byte[] ReadValue()
    {
        var value = new MemoryStream();
        while (_at < _text.Length && _text[_at] is not ('(' or ')' or '*' or '\0'))
        {
            if (_text[_at] == '\\')
            {
                if (_at + 3 > _text.Length || !byte.TryParse(_text.Slice(_at + 1, 2), System.Globalization.NumberStyles.AllowHexSpecifier, null, out var b))
                    throw Wrong("two hexadecimal digits behind '\\'");
                value.WriteByte(b);
                _at += 3;
                continue;
            }
            var rest = _text[_at..];
            var end = rest.IndexOfAny("()*\\\0");
            var plain = end < 0 ? rest : rest[..end];
            value.Write(Encoding.UTF8.GetBytes(plain.ToString()));
            _at += plain.Length;
        }
        return value.ToArray();
    }

    readonly char Peek(int ahead = 0) => _at + ahead < _text.Length ? _text[_at + ahead] : '\0';

    void SkipBlanks()
    {
        while (Peek() == ' ')
            _at++;
    }

    void Expect(char c)
    {
        if (Peek() != c)
            throw Wrong($"'{c}'");
        _at++;
    }

    readonly FormatException Wrong(string expected) => new($"no filter: {expected} expected at character {_at + 1} of {_text}");
}
