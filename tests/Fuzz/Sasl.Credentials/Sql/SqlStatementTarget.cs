using Sasl.Credentials.Sql;

namespace Fuzz;

/// <summary>Queries with values (\x01, \x02) in them: what is taken has each value in a parameter, and a text that no value changes.</summary>
static class SqlStatementTarget
{
    public static readonly string[] Seeds =
    [
        "SELECT a FROM u WHERE b = '\x01' AND c = '\x02@x' -- y\n;", "SELECT E'a\\'b', $$it's$$, $t$x$t$, \"n\" FROM t WHERE x LIKE '%\x01%'", "SELECT [a'b], `c`, /* /* */ */ \x01, f(\x02)",
        "SELECT 'it''s \x01' || \x02::text", "\x01", "SELECT $1, ?, :a, @b; DROP TABLE t",
    ];

    public static void Run(ReadOnlySpan<byte> input)
    {
        var text = Bytes.Utf8(input);
        var pieces = new List<SqlPiece>();
        var start = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] is not ('\x01' or '\x02'))
                continue;
            pieces.Add(SqlPiece.Of(text[start..i]));
            pieces.Add(SqlPiece.Of(text[i] - 1));
            start = i + 1;
        }
        pieces.Add(SqlPiece.Of(text[start..]));
        foreach (var dialect in Enum.GetValues<SqlDialect>())
        {
            try
            {
                var statement = SqlStatement.Parse(pieces, dialect);
                var values = statement.Bind(number => number == 0 ? "\uE000" : "\uE001");
                foreach (var (mark, own) in ((char, char)[])[('\x01', '\uE000'), ('\x02', '\uE001')])
                    Check.That(values.Sum(v => v!.Count(c => c == own)) >= text.Count(c => c == mark), "a value that is in no parameter");
                Check.That(values.Length == statement.ParameterCount && !statement.Text.Contains('\x01') && !statement.Text.Contains('\x02'), "a value in the text");
            }
            catch (FormatException)
            {
                // It is told to the administrator.
            }
        }
    }
}
