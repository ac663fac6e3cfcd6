namespace Sasl.Credentials.Sql;

/// <summary>Rows as text; NULL is null. Not a record: it may hold secrets, and is never printed.</summary>
public sealed class SqlResult(IReadOnlyList<string> columns, IReadOnlyList<string?[]> rows)
{
    public IReadOnlyList<string> Columns => columns;

    public IReadOnlyList<string?[]> Rows => rows;
}
