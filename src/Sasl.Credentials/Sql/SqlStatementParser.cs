// Invariant: a value becomes a parameter where the grammar has an expression, or is refused; it is never put into the text.
using System.Runtime.InteropServices;
using System.Text;

namespace Sasl.Credentials.Sql;

/// <summary>Reads one query, as far as to know in which literal, name or comment each value stands.</summary>
sealed class SqlStatementParser
{
    const int LongestQuery = 64 * 1024, MostParameters = 500;

    /// <summary>What follows one of these is a name.</summary>
    static readonly HashSet<string> _beforeNames = new(StringComparer.OrdinalIgnoreCase) { "from", "join", "into", "update", "table", "as", "by", "only", "collate" };

    readonly SqlDialect _dialect;
    readonly StringBuilder _text = new();
    readonly List<IReadOnlyList<SqlPiece>> _parameters = [];

    /// <summary>A character, or ~number of a value.</summary>
    readonly List<int> _input = [];

    /// <summary>The word that was read last, with nothing but blanks behind it.</summary>
    readonly StringBuilder _word = new();
    bool _isWordOver = true;
    int _at;

    public SqlStatementParser(IEnumerable<SqlPiece> pieces, SqlDialect dialect)
    {
        _dialect = dialect;
        foreach (var piece in pieces)
        {
            if (piece.Text is null)
                _input.Add(~piece.Value);
            else
                _input.AddRange(piece.Text.Select(c => (int)c));
            if (_input.Count > LongestQuery)
                throw new FormatException($"the query is longer than {LongestQuery} characters");
        }
    }

    int Current => Peek(0);

    public SqlStatement Parse(bool isConfidential)
    {
        while (_at < _input.Count)
            Next();
        var text = _text.ToString().Trim();
        return text.Length == 0 ? throw new FormatException("the query is empty") : new(text, _parameters) { IsConfidential = isConfidential };
    }

    void Next()
    {
        switch (Current)
        {
            case < 0:
                Bare();
                break;
            case '\'':
                Literal();
                break;
            case '"':
                Name('"', "a value cannot be a name (double quotes): use single quotes");
                break;
            case '`' or '[' when _dialect == SqlDialect.Sqlite:
                Name(Current == '[' ? ']' : '`', "a value cannot be a name");
                break;
            case '-' when Peek(1) == '-':
                LineComment();
                break;
            case '/' when Peek(1) == '*':
                BlockComment();
                break;
            case '$' when !IsWord(Before()):
                Dollar();
                break;
            case '?' or ':' or '@' or '#' when _dialect == SqlDialect.Sqlite:
                throw new FormatException($"'{(char)Current}' would be a parameter of SQLite's own");
            case ';':
                End();
                break;
            case '\0':
                throw new FormatException("a NUL in the query");
            default:
                Other((char)Current);
                _at++;
                break;
        }
    }

    void Other(char c)
    {
        _text.Append(c);
        if (IsWord(c))
        {
            if (_isWordOver)
                _word.Clear();
            _isWordOver = false;
            _word.Append(c);
            return;
        }
        _isWordOver = true;
        if (!char.IsWhiteSpace(c))
            _word.Clear();
    }

    /// <summary>A value without quotes.</summary>
    void Bare()
    {
        var (before, after) = (Before(), Peek(1));
        if (IsJoined(before) || IsJoined(after) || after == '(')
            throw new FormatException("a value within a name, or beside another: put single quotes around the whole ('%n@%d')");
        if (_beforeNames.Contains(_word.ToString()))
            throw new FormatException($"a value cannot be a name (behind {_word.ToString().ToUpperInvariant()})");
        Parameter([SqlPiece.Of(~_input[_at++])]);
    }

    void Literal()
    {
        // E'…', N'…', X'…', U&'…'
        var isPrefixed = IsWord(Before()) || Before() == '&';
        var hasEscapes = _dialect == SqlDialect.Pgsql && !_isWordOver && _word.ToString() is "e" or "E";
        var start = _at++;
        var (pieces, text) = (new List<SqlPiece>(), new StringBuilder());
        while (true)
        {
            var c = _at < _input.Count ? Current : throw new FormatException("a literal without its closing quote");
            if (c < 0)
            {
                Flush();
                pieces.Add(SqlPiece.Of(~c));
            }
            else if (c == '\\' && hasEscapes)
                text.Append('\\').Append(++_at < _input.Count && Current >= 0 ? (char)Current : throw new FormatException("a value behind a backslash"));
            else if (c != '\'')
                text.Append((char)c);
            else if (Peek(1) == '\'')
                text.Append((char)_input[++_at]);
            else
                break;
            _at++;
        }
        _at++;
        Flush();
        if (!pieces.Exists(p => p.Text is null))
        {
            Copy(start);
            return;
        }
        if (isPrefixed)
            throw new FormatException("a value within a literal of a special kind (E'…', X'…'): use a plain one");
        if (_beforeNames.Contains(_word.ToString()) && !_word.ToString().Equals("from", StringComparison.OrdinalIgnoreCase))
            throw new FormatException($"a value cannot be a name (behind {_word.ToString().ToUpperInvariant()})");
        if (_at < _input.Count && IsJoined(Current) || IsJoined(_text.Length > 0 ? _text[^1] : ' '))
            throw new FormatException("a literal with a value in it beside a name or another value");
        Parameter(pieces);

        void Flush()
        {
            if (text.Length > 0)
                pieces.Add(SqlPiece.Of(text.ToString()));
            text.Clear();
        }
    }

    void Name(char close, string complaint)
    {
        var start = _at++;
        while (true)
        {
            var c = _at < _input.Count ? Current : throw new FormatException("a name without its closing quote");
            if (c < 0)
                throw new FormatException(complaint);
            _at++;
            // A doubled quote is one in the name; reading it as two names changes nothing.
            if (c == close)
                break;
        }
        Copy(start);
    }

    void LineComment()
    {
        var start = _at;
        while (_at < _input.Count && Current != '\n')
            NotInComment();
        Copy(start);
    }

    void BlockComment()
    {
        var (start, depth) = (_at, 0);
        do
        {
            if (_at >= _input.Count)
                throw new FormatException("a comment without its end");
            var next = Peek(1);
            if (Current == '/' && next == '*' && (depth == 0 || _dialect == SqlDialect.Pgsql))
                (depth, _at) = (depth + 1, _at + 2);
            else if (Current == '*' && next == '/')
                (depth, _at) = (depth - 1, _at + 2);
            else
                NotInComment();
        }
        while (depth > 0);
        Copy(start);
    }

    void NotInComment()
    {
        if (Current < 0)
            throw new FormatException("a value within a comment");
        _at++;
    }

    /// <summary>$tag$ … $tag$ of PostgreSQL.</summary>
    void Dollar()
    {
        var end = _at + 1;
        while (end < _input.Count && IsWord(_input[end]) && _input[end] != '$')
            end++;
        if (_dialect == SqlDialect.Sqlite || end >= _input.Count || _input[end] != '$' || char.IsAsciiDigit((char)Math.Max(0, Peek(1))))
            throw new FormatException("'$' would be a parameter of the database's own");
        var (start, length) = (_at, end + 1 - _at);
        var input = CollectionsMarshal.AsSpan(_input);
        for (_at = end + 1; _at + length <= input.Length && !input.Slice(_at, length).SequenceEqual(input.Slice(start, length)); _at++)
        {
            if (Current < 0)
                throw new FormatException("a value within a literal of a special kind ($$…$$): use a plain one");
        }
        if (_at + length > input.Length)
            throw new FormatException("a literal without its closing $");
        _at += length;
        Copy(start);
    }

    void End()
    {
        for (_at++; _at < _input.Count; _at++)
        {
            if (Current < 0 || !char.IsWhiteSpace((char)Current))
                throw new FormatException("more than one statement");
        }
    }

    void Copy(int start)
    {
        for (var i = start; i < _at; i++)
            _text.Append((char)_input[i]);
        _word.Clear();
        _isWordOver = true;
    }

    void Parameter(IReadOnlyList<SqlPiece> pieces)
    {
        if (_parameters.Count == MostParameters)
            throw new FormatException($"more than {MostParameters} values");
        _parameters.Add(pieces);
        _text.Append('$').Append(_parameters.Count);
        _word.Clear();
        _isWordOver = true;
    }

    int Before() => _at > 0 ? _input[_at - 1] : ' ';

    int Peek(int ahead) => _at + ahead < _input.Count ? _input[_at + ahead] : ' ';

    /// <summary>Beside such a character a value would be a part of something.</summary>
    static bool IsJoined(int c) => c < 0 || IsWord(c) || c is '.' or '\'' or '"' or '`' or '@';

    static bool IsWord(int c) => c >= 0 && (char.IsLetterOrDigit((char)c) || c is '_' or '$' || c > 127);
}
