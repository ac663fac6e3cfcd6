using System.Runtime.CompilerServices;
using AuthServer.Logins;
using AuthServer.Passdb;
using AuthServer.Passdb.Drivers;
using Sasl.Credentials.Sql;

namespace AuthServer.Userdb.Drivers;

/// <summary>A table of users (user_query); every column is a field, and NULL is none. iterate_query tells all users.</summary>
sealed class SqlUserdb : IUserdb, IDisposable
{
    const int MostUsers = 1_000_000;

    /// <summary>A list may take longer than a login.</summary>
    static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    readonly ISqlDatabase _database;
    readonly SqlQuery _query;
    readonly SqlStatement? _iterate;

    SqlUserdb(DatabaseContext context, ISqlDatabase database, string query)
    {
        _database = database;
        _query = SqlQuery.Parse("user_query", query, database.Dialect);
        if (_query.NeedsPassword)
            throw new FormatException("user_query: nobody's password is known here");
        if (context.Block.Text("iterate_query") is { } iterate)
            _iterate = SqlQuery.Parse("iterate_query", iterate, database.Dialect) is { Variables.Count: 0 } all ? all.Statement : throw new FormatException("iterate_query: it is about all users, no variable has a value");
        Variables = _query.Variables;
    }

    public static IUserdb Open(DatabaseContext context, UserExists exists)
    {
        var query = context.Block.Text("user_query") ?? throw new FormatException("no user_query");
        return new SqlUserdb(context, SqlSettings.Open(context), query);
    }

    public string Driver => "sql";

    public IReadOnlyCollection<string>? Variables { get; }

    public async ValueTask<Lookup> FindAsync(LoginFacts login, bool isAuthenticated, CancellationToken stop)
    {
        try
        {
            var result = await _database.QueryAsync(_query.Statement, _query.Bind(login), 1, SqlSettings.Patience, stop);
            return result.Rows is [var row] ? Lookup.Found(result.Columns.Zip(row).Where(c => c.Second is not null).Select(c => (c.First, c.Second!))) : Lookup.NotFound;
        }
        catch (SqlException failure)
        {
            return Lookup.Failed(failure.Message);
        }
    }

    public IAsyncEnumerable<string>? ListAsync(CancellationToken stop) => _iterate is null ? null : AllAsync(_iterate, stop);

    public void Dispose() => _database.Dispose();

    /// <summary>"user", or "username" and "domain"; a query of one column may call it as it likes.</summary>
    async IAsyncEnumerable<string> AllAsync(SqlStatement iterate, [EnumeratorCancellation] CancellationToken stop)
    {
        var result = await _database.QueryAsync(iterate, [], MostUsers, _patience, stop);
        var columns = result.Columns.ToList();
        var (user, name, domain) = (columns.IndexOf("user"), columns.IndexOf("username"), columns.IndexOf("domain"));
        var main = user >= 0 ? user : name >= 0 ? name : 0;
        foreach (var row in result.Rows)
        {
            if (row[main] is { Length: > 0 } text)
                yield return user < 0 && domain >= 0 && row[domain] is { Length: > 0 } of ? $"{text}@{of}" : text;
        }
    }
}
