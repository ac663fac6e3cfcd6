using System.Buffers;
using System.Text;

namespace MailStore.Structure;

/// <summary>
/// RFC 5322 §3.4 address lists as an ENVELOPE tells them: comments dropped (a comment behind a bare address is its name, §3.4 of the
/// old RFC 822), quoted pairs resolved, encoded words left alone. Reads anything; what is no address becomes an incomplete one.
/// </summary>
ref struct AddressReader(ReadOnlySpan<char> text)
{
    const int Most = 10_000;

    // What a list says that has an address without domain; an empty string would pass for a group in some clients.
    const string NoHost = "MISSING_DOMAIN", NoMailbox = "MISSING_MAILBOX";

    static readonly SearchValues<char> _ends = SearchValues.Create(" \t,;:<>@\"(");

    ReadOnlySpan<char> _rest = text;
    readonly List<MailAddress> _found = [];
    string? _comment;

    public static IReadOnlyList<MailAddress> Read(string? text) => text is null ? [] : new AddressReader(text).List();

    List<MailAddress> List()
    {
        var inGroup = false;
        while (Peek() is { } next && _found.Count < Most)
        {
            if (next is ',' or ';')
            {
                _rest = _rest[1..];
                if (next == ';' && inGroup)
                {
                    _found.Add(new(null, null, null, null));
                    inGroup = false;
                }
                continue;
            }
            _comment = null;
            var phrase = Phrase(out var isLocal);
            switch (Peek())
            {
                case ':' when !inGroup:
                    _rest = _rest[1..];
                    _found.Add(new(null, null, phrase.Length > 0 ? phrase : " ", null));
                    inGroup = true;
                    break;
                case '<':
                    Angle(phrase);
                    break;
                case '@':
                    Add(null, null, phrase, Domain());
                    break;
                default:
                    if (phrase.Length > 0 || isLocal)
                        Add(null, null, phrase, null);
                    else if (_rest.Length > 0)
                        _rest = _rest[1..];
                    break;
            }
        }
        if (inGroup)
            _found.Add(new(null, null, null, null));
        return _found;
    }

    // "<" [route ":"] local-part "@" domain ">"
    void Angle(string name)
    {
        _rest = _rest[1..];
        string? route = null;
        if (Peek() == '@')
        {
            var routing = new StringBuilder();
            while (Peek() is '@' or ',')
            {
                routing.Append(_rest[0]);
                if (_rest[0] == '@')
                    routing.Append(Domain());
                else
                    _rest = _rest[1..];
            }
            if (Peek() == ':')
                _rest = _rest[1..];
            route = routing.ToString();
        }
        var mailbox = Phrase(out _);
        var host = Peek() == '@' ? Domain() : null;
        while (Peek() is { } next && next is not ('>' or ',' or ';'))
            _rest = _rest[1..];
        if (Peek() == '>')
            _rest = _rest[1..];
        Peek();
        Add(name.Length > 0 ? name : null, route, mailbox, host);
    }

    void Add(string? name, string? route, string mailbox, string? host)
    {
        Peek();
        // "<>" says that there is nobody.
        if (name is null && mailbox.Length == 0 && host is null)
            return;
        _found.Add(new(name ?? _comment, route, mailbox.Length > 0 ? mailbox : NoMailbox, host is { Length: > 0 } ? host : NoHost));
    }

    /// <summary>Words up to a special character; dots and quoted strings belong to it. Blanks inside become one.</summary>
    string Phrase(out bool quoted)
    {
        var words = new StringBuilder();
        quoted = false;
        var before = _rest.Length;
        while (Peek() is { } next && next is not (',' or ';' or ':' or '<' or '>' or '@'))
        {
            if (words.Length > 0 && IsBlankBefore(before))
                words.Append(' ');
            if (next == '"')
            {
                quoted = true;
                Quoted(words);
            }
            else
            {
                var end = _rest.IndexOfAny(_ends);
                var word = end < 0 ? _rest : _rest[..Math.Max(1, end)];
                words.Append(word);
                _rest = _rest[word.Length..];
            }
            before = _rest.Length;
        }
        return words.ToString();
    }

    readonly bool IsBlankBefore(int before) => _rest.Length < before;

    void Quoted(StringBuilder words)
    {
        var i = 1;
        for (; i < _rest.Length && _rest[i] != '"'; i++)
            words.Append(_rest[i] == '\\' && i + 1 < _rest.Length ? _rest[++i] : _rest[i]);
        _rest = _rest[Math.Min(_rest.Length, i + 1)..];
    }

    string Domain()
    {
        _rest = _rest[1..];
        var domain = new StringBuilder();
        while (Peek() is { } next && next is not (',' or ';' or ':' or '<' or '>' or '@' or '"'))
        {
            if (next == '[')
            {
                var close = _rest.IndexOf(']');
                var literal = close < 0 ? _rest : _rest[..(close + 1)];
                domain.Append(literal);
                _rest = _rest[literal.Length..];
                continue;
            }
            domain.Append(next);
            _rest = _rest[1..];
        }
        return domain.ToString();
    }

    /// <summary>The next character that is neither blank nor comment; the comment passed last is kept.</summary>
    char? Peek()
    {
        while (_rest.Length > 0)
        {
            if (_rest[0] is ' ' or '\t')
                _rest = _rest[1..];
            else if (_rest[0] == '(')
                Comment();
            else
                return _rest[0];
        }
        return null;
    }

    void Comment()
    {
        var comment = new StringBuilder();
        var (depth, i) = (0, 0);
        for (; i < _rest.Length; i++)
        {
            var c = _rest[i];
            if (c == '(' && depth++ == 0)
                continue;
            if (c == ')' && --depth == 0)
                break;
            comment.Append(c == '\\' && i + 1 < _rest.Length ? _rest[++i] : c);
        }
        _rest = _rest[Math.Min(_rest.Length, i + 1)..];
        var text = comment.ToString().Trim();
        _comment = text.Length > 0 ? text : _comment;
    }
}
