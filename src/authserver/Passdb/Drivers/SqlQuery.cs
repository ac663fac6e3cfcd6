using AuthServer.Logins;
using Sasl.Credentials.Sql;

namespace AuthServer.Passdb.Drivers;

/// <summary>A query of a dovecot-sql.conf: its %variables are values to bind, and none of them can become a part of it.</summary>
sealed class SqlQuery
{
    readonly LoginTemplatePart[] _values;

    SqlQuery(SqlStatement statement, LoginTemplatePart[] values) => (Statement, _values) = (statement, values);

    public SqlStatement Statement { get; }

    /// <summary>The canonical names of its variables.</summary>
    public IReadOnlyCollection<string> Variables => [.. _values.Select(v => v.Variable).Distinct()];

    public bool NeedsPassword => _values.Any(v => v.Variable == LoginVariables.Password);

    /// <param name="name">The setting, for what is wrong.</param>
    /// <exception cref="FormatException">An unknown variable, or one where no value can stand.</exception>
    public static SqlQuery Parse(string name, string text, SqlDialect dialect)
    {
        if (LoginTemplate.TryParse(text, out var problem) is not { } template)
            throw new FormatException($"{name}: {problem}");
        LoginTemplatePart[] values = [.. template.Parts.Where(p => p.Literal is null)];
        var number = 0;
        var pieces = template.Parts.Select(p => p.Literal is { } literal ? SqlPiece.Of(literal) : SqlPiece.Of(number++)).ToArray();
        return new(Parse(name, pieces, dialect, values.Any(v => v.Variable == LoginVariables.Password)), values);
    }

    /// <exception cref="FormatException">With the name of the setting.</exception>
    public static SqlStatement Parse(string name, IEnumerable<SqlPiece> pieces, SqlDialect dialect, bool isConfidential)
    {
        try
        {
            return SqlStatement.Parse(pieces, dialect, isConfidential);
        }
        catch (FormatException wrong)
        {
            throw new FormatException($"{name}: {wrong.Message}");
        }
    }

    public string?[] Bind(LoginFacts login) => Statement.Bind(number => _values[number].Value(login));
}
