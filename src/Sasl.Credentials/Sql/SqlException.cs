namespace Sasl.Credentials.Sql;

/// <summary>A database that could not be asked, or would not answer. The message is for the log: no secret is in it.</summary>
public sealed class SqlException(string message) : IOException(message);
