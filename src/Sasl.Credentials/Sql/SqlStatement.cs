namespace Sasl.Credentials.Sql;

/// <summary>
/// A query with every value in it bound: its text never changes and holds "$1", "$2", … where values stand. So no value can become a part of the query,
/// and nothing is escaped.
/// </summary>
public sealed class SqlStatement
{
    readonly IReadOnlyList<IReadOnlyList<SqlPiece>> _parameters;

    internal SqlStatement(string text, IReadOnlyList<IReadOnlyList<SqlPiece>> parameters) => (Text, _parameters) = (text, parameters);

    public string Text { get; }

    public int ParameterCount => _parameters.Count;

    /// <summary>One of the values is a secret: what the database says of a failure may repeat it, and is not told.</summary>
    public bool IsConfidential { get; init; }

    /// <summary>
    /// Reads a query. Quotes around a value are dropped ('%u'), and a literal with a value in it ('%n@example.org') becomes one value.
    /// </summary>
    /// <exception cref="FormatException">A value stands where none can, or the query is unfinished or more than one.</exception>
    public static SqlStatement Parse(IEnumerable<SqlPiece> pieces, SqlDialect dialect, bool isConfidential = false) =>
        new SqlStatementParser(pieces, dialect).Parse(isConfidential);

    /// <summary>What to bind to "$1", "$2", …; null is NULL.</summary>
    public string?[] Bind(Func<int, string?> value)
    {
        var bound = new string?[_parameters.Count];
        for (var i = 0; i < bound.Length; i++)
        {
            bound[i] = _parameters[i] is [{ Text: null, Value: var only }] ? value(only)
                : string.Concat(_parameters[i].Select(p => p.Text ?? value(p.Value)));
        }
        return bound;
    }
}
