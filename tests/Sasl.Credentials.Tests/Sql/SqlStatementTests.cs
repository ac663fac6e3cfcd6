using System.Text;
using CsCheck;
using Sasl.Credentials.Sql;

namespace Sasl.Credentials.Tests.Sql;

public sealed class SqlStatementTests
{
    /// <summary>‹0› is a value.</summary>
    static IEnumerable<SqlPiece> Pieces(string text)
    {
        foreach (var part in text.Split('‹', StringSplitOptions.None).Select((p, i) => (Text: p, IsFirst: i == 0)))
        {
            if (part.IsFirst)
                yield return SqlPiece.Of(part.Text);
            else
            {
                yield return SqlPiece.Of(part.Text[0] - '0');
                yield return SqlPiece.Of(part.Text[2..]);
            }
        }
    }

    static SqlStatement Parse(string text, SqlDialect dialect = SqlDialect.Pgsql) => SqlStatement.Parse(Pieces(text), dialect);

    static string Show(SqlStatement s) => $"{s.Text} [{string.Join("|", s.Bind(i => $"<{i}>"))}]";

    [Theory]
    [InlineData("SELECT a FROM u WHERE b = '‹0›'", "SELECT a FROM u WHERE b = $1 [<0>]")]
    [InlineData("SELECT a FROM u WHERE b = ‹0›", "SELECT a FROM u WHERE b = $1 [<0>]")]
    [InlineData("SELECT a FROM u WHERE b = '‹0›' AND c = '‹1›' OR b='‹0›'", "SELECT a FROM u WHERE b = $1 AND c = $2 OR b=$3 [<0>|<1>|<0>]")]
    [InlineData("SELECT '‹0›@‹1›' AS user", "SELECT $1 AS user [<0>@<1>]")]
    [InlineData("SELECT 'x' || '‹0›@it''s.example'", "SELECT 'x' || $1 [<0>@it's.example]")]
    [InlineData("SELECT lower('‹0›'), f(‹0›,‹1›)", "SELECT lower($1), f($2,$3) [<0>|<0>|<1>]")]
    [InlineData("SELECT '‹0›'::text", "SELECT $1::text [<0>]")]
    [InlineData("SELECT x FROM u WHERE n LIKE '%‹0›%'", "SELECT x FROM u WHERE n LIKE $1 [%<0>%]")]
    [InlineData("SELECT 'it''s' AS \"na''me\" /* 'c */ FROM u -- 'x\nWHERE b = '‹0›' ;  ", "SELECT 'it''s' AS \"na''me\" /* 'c */ FROM u -- 'x\nWHERE b = $1 [<0>]")]
    [InlineData("SELECT $$it's$$, $a$ $$ $a$ WHERE b='‹0›'", "SELECT $$it's$$, $a$ $$ $a$ WHERE b=$1 [<0>]")]
    [InlineData("SELECT E'a\\'b' WHERE b='‹0›'", "SELECT E'a\\'b' WHERE b=$1 [<0>]")]
    [InlineData("SELECT trim(both ' ' from '‹0›')", "SELECT trim(both ' ' from $1) [<0>]")]
    [InlineData("SELECT /* a /* b */ c */ '‹0›'", "SELECT /* a /* b */ c */ $1 [<0>]")]
    [InlineData("SELECT j->>'a' ? 'b', x @> y WHERE u='‹0›'", "SELECT j->>'a' ? 'b', x @> y WHERE u=$1 [<0>]")]
    public void Values_are_bound(string text, string expected) => Assert.Equal(expected, Show(Parse(text)));

    [Theory]
    [InlineData("SELECT a FROM ‹0›", "a value cannot be a name (behind FROM)")]
    [InlineData("SELECT a FROM t JOIN ‹0›", "a value cannot be a name (behind JOIN)")]
    [InlineData("SELECT a AS '‹0›' FROM t", "a value cannot be a name (behind AS)")]
    [InlineData("UPDATE ‹0› SET a = 1", "a value cannot be a name (behind UPDATE)")]
    [InlineData("SELECT a FROM t ORDER BY ‹0›", "a value cannot be a name (behind BY)")]
    [InlineData("SELECT a FROM users_‹0›", "a value within a name, or beside another: put single quotes around the whole ('%n@%d')")]
    [InlineData("SELECT a FROM t.‹0›", "a value within a name, or beside another: put single quotes around the whole ('%n@%d')")]
    [InlineData("SELECT ‹0›.a FROM t", "a value within a name, or beside another: put single quotes around the whole ('%n@%d')")]
    [InlineData("SELECT ‹0›(1)", "a value within a name, or beside another: put single quotes around the whole ('%n@%d')")]
    [InlineData("SELECT ‹0›‹1›", "a value within a name, or beside another: put single quotes around the whole ('%n@%d')")]
    [InlineData("SELECT ‹0›@‹1›", "a value within a name, or beside another: put single quotes around the whole ('%n@%d')")]
    [InlineData("SELECT ''‹0›''", "a value within a name, or beside another: put single quotes around the whole ('%n@%d')")]
    [InlineData("SELECT '‹0›'x", "a literal with a value in it beside a name or another value")]
    [InlineData("SELECT \"‹0›\" FROM t", "a value cannot be a name (double quotes): use single quotes")]
    [InlineData("SELECT 1 -- ‹0›", "a value within a comment")]
    [InlineData("SELECT 1 /* ‹0› */", "a value within a comment")]
    [InlineData("SELECT $$‹0›$$", "a value within a literal of a special kind ($$…$$): use a plain one")]
    [InlineData("SELECT E'‹0›'", "a value within a literal of a special kind (E'…', X'…'): use a plain one")]
    [InlineData("SELECT U&'‹0›'", "a value within a literal of a special kind (E'…', X'…'): use a plain one")]
    [InlineData("SELECT x'‹0›'", "a value within a literal of a special kind (E'…', X'…'): use a plain one")]
    [InlineData("SELECT 'a", "a literal without its closing quote")]
    [InlineData("SELECT \"a", "a name without its closing quote")]
    [InlineData("SELECT 1 /* a", "a comment without its end")]
    [InlineData("SELECT $a$ x", "a literal without its closing $")]
    [InlineData("SELECT $1, '‹0›'", "'$' would be a parameter of the database's own")]
    [InlineData("SELECT 1; DROP TABLE t", "more than one statement")]
    [InlineData("SELECT 1; ‹0›", "more than one statement")]
    [InlineData("  ", "the query is empty")]
    [InlineData("SELECT 1\0", "a NUL in the query")]
    public void Where_no_value_can_stand_is_an_error_before_anybody_logs_in(string text, string problem) =>
        Assert.Equal(problem, Assert.Throws<FormatException>(() => Parse(text)).Message);

    [Theory]
    [InlineData("SELECT [a'b], `c'd` FROM u WHERE b = '‹0›'", "SELECT [a'b], `c'd` FROM u WHERE b = $1 [<0>]")]
    [InlineData("SELECT 'a\\' WHERE b = '‹0›'", "SELECT 'a\\' WHERE b = $1 [<0>]")]
    [InlineData("SELECT e'x' WHERE b = '‹0›'", "SELECT e'x' WHERE b = $1 [<0>]")]
    public void Sqlites_grammar(string text, string expected) => Assert.Equal(expected, Show(Parse(text, SqlDialect.Sqlite)));

    [Theory]
    [InlineData("SELECT :a", "':' would be a parameter of SQLite's own")]
    [InlineData("SELECT ?", "'?' would be a parameter of SQLite's own")]
    [InlineData("SELECT $a", "'$' would be a parameter of the database's own")]
    [InlineData("SELECT [‹0›]", "a value cannot be a name")]
    [InlineData("SELECT /* a /* b */ ‹0› */ 1", "'*'")]
    public void Sqlites_own(string text, string problem)
    {
        if (problem == "'*'")
            Assert.Equal("SELECT /* a /* b */ $1 */ 1 [<0>]", Show(Parse(text, SqlDialect.Sqlite)));
        else
            Assert.Equal(problem, Assert.Throws<FormatException>(() => Parse(text, SqlDialect.Sqlite)).Message);
    }

    [Fact]
    public void Null_is_null_and_within_a_literal_nothing()
    {
        var values = Parse("SELECT '‹0›', '‹0›@x'").Bind(_ => null);
        Assert.Null(values[0]);
        Assert.Equal("@x", values[1]);
    }

    /// <summary>Whatever the query and the values are, the text is the same for all values, and no value is in it.</summary>
    [Fact]
    public void Attack_sql_injection_the_text_of_a_query_never_depends_on_a_value()
    {
        string[] words = ["SELECT ", "'", "''", "‹0›", "‹1›", " ", "\"", "--", "\n", "/*", "*/", "$$", "$a$", "E'", "\\", "@", "x", ";", "(", "FROM ", "[", "]", "`"];
        Gen.Int[0, words.Length - 1].Array[0, 14].Select(Gen.Bool, Gen.String[0, 8]).Sample((picked, isSqlite, value) =>
        {
            var text = string.Concat(picked.Select(i => words[i]));
            SqlStatement statement;
            try
            {
                statement = Parse(text, isSqlite ? SqlDialect.Sqlite : SqlDialect.Pgsql);
            }
            catch (FormatException)
            {
                return;
            }
            var values = statement.Bind(_ => value);
            Assert.Equal(statement.ParameterCount, values.Length);
            // Each value that the query had is in a parameter.
            Assert.Equal(picked.Count(i => words[i] is "‹0›" or "‹1›"), statement.Bind(_ => "\u2603").Sum(v => v!.Count(c => c == '\u2603')));
            for (var i = 1; i <= values.Length; i++)
                Assert.Contains($"${i}", statement.Text);
        }, iter: 20_000);
    }
}
