namespace Sasl.Credentials.Sql;

/// <summary>A database to be asked. Nothing blocks the caller's thread, and everything ends in time: with a <see cref="SqlException"/> if not with rows.</summary>
public interface ISqlDatabase : IDisposable
{
    SqlDialect Dialect { get; }

    /// <param name="most">More rows than these are a failure.</param>
    /// <param name="patience">For everything: connecting, waiting for a free connection, the answer.</param>
    ValueTask<SqlResult> QueryAsync(SqlStatement statement, string?[] values, int most, TimeSpan patience, CancellationToken stop);

    /// <returns>How many rows were changed.</returns>
    ValueTask<int> ExecuteAsync(SqlStatement statement, string?[] values, TimeSpan patience, CancellationToken stop);
}
