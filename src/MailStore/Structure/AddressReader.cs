using System.Buffers;
using System.Text;

namespace MailStore.Structure;

/// <summary>
/// RFC 5322 §3.4 address lists as an ENVELOPE tells them: comments dropped (a comment behind a bare address is its name, §3.4 of the
/// old RFC 822), quoted pairs resolved, encoded words left alone. Reads anything; what is no address becomes an incomplete one, and
/// what stands behind an address up to the next comma is passed over: no address is put together from pieces that are not one.
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
            var phrase = Phrase(out var isOneWord, out var quoted);
            switch (Peek())
            {
                case ':' when !inGroup:
                    _rest = _rest[1..];
                    _found.Add(new(null, null, phrase.Length > 0 ? phrase : " ", null));
                    inGroup = true;
                    continue;
                case '<':
                    Angle(phrase);
                    break;
                case '@' when isOneWord:
                    Add(null, null, quoted ? phrase : phrase.Replace(" ", ""), Domain());
                    break;
                // Several words, or a quoted one alone, are a name.
                case var at when phrase.Length > 0 || quoted:
                    if (at == '@' || quoted || !isOneWord)
                        Add(phrase, null, "", null);
                    else
                        Add(null, null, phrase, null);
                    break;
            }
            SkipToEnd();
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
        var mailbox = Phrase(out _, out _);
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

    /// <summary>Passes over what is left of this element of the list.</summary>
    void SkipToEnd()
    {
        while (Peek() is { } next && next is not (',' or ';'))
            if (next == '"')
                Quoted(null);
            else
                _rest = _rest[1..];
    }

    /// <summary>Words up to a special character; dots and quoted strings belong to it. Blanks inside become one.</summary>
    string Phrase(out bool isOneWord, out bool quoted)
    {
        var words = new StringBuilder();
        (isOneWord, quoted) = (true, false);
        var before = _rest.Length;
        while (Peek() is { } next && next is not (',' or ';' or ':' or '<' or '>' or '@'))
        {
            if (words.Length > 0 && IsBlankBefore(before))
            {
                // RFC 5322 §4.4 obs-local-part: blanks around a dot do not end a word.
                isOneWord &= next == '.' || words[^1] == '.';
                words.Append(' ');
            }
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

    void Quoted(StringBuilder? words)
    {
        var i = 1;
        for (; i < _rest.Length && _rest[i] != '"'; i++)
        {
            if (_rest[i] == '\\' && i + 1 < _rest.Length)
                i++;
            words?.Append(_rest[i]);
        }
        _rest = _rest[Math.Min(_rest.Length, i + 1)..];
    }

    /// <summary>RFC 5322 §4.4 obs-domain: blanks and comments may stand around dots, and end it elsewhere.</summary>
    string Domain()
    {
        _rest = _rest[1..];
        var domain = new StringBuilder();
        var before = _rest.Length;
        while (Peek() is { } next && next is not (',' or ';' or ':' or '<' or '>' or '@' or '"'))
        {
            if (domain.Length > 0 && next != '.' && domain[^1] != '.' && IsBlankBefore(before))
                break;
            if (next == '[')
            {
                var close = _rest.IndexOf(']');
                var literal = close < 0 ? _rest : _rest[..(close + 1)];
                domain.Append(literal);
                _rest = _rest[literal.Length..];
            }
            else
            {
                domain.Append(next);
                _rest = _rest[1..];
            }
            before = _rest.Length;
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
