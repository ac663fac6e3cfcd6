namespace Sasl.Credentials.Sql;

/// <summary>Where the grammars of the databases differ, as far as a query has to be read here.</summary>
public enum SqlDialect { Sqlite, Pgsql }
