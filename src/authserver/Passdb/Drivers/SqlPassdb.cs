using AuthServer.Logins;
using Sasl.Credentials;
using Sasl.Credentials.Schemes;
using Sasl.Credentials.Sql;

namespace AuthServer.Passdb.Drivers;

/// <summary>
/// A table of users (password_query). Columns: password and password_… are the stored password in one or several forms, password_noscheme one that is taken as
/// it stands; every other column is an extra field, and NULL is none. Where the query has %w, the database itself compares.
/// </summary>
sealed class SqlPassdb : IPassdb, IDisposable
{
    const string Password = "password", OtherPasswords = "password_", Bare = "password_noscheme";

    readonly ISqlDatabase _database;
    readonly SqlQuery _query;
    readonly SqlUpdate? _update;
    readonly HashWorkers _hashing;
    readonly string _scheme;
    readonly bool _allowWeak;

    SqlPassdb(DatabaseContext context, ISqlDatabase database, string query)
    {
        (Driver, _hashing, _database) = (context.Block.Driver, context.Hashing, database);
        _allowWeak = PasswordPolicy.Of(context.Settings).AllowWeak;
        _scheme = context.Block.Text("default_pass_scheme")?.ToUpperInvariant() ?? PasswordScheme.Bare;
        _query = SqlQuery.Parse("password_query", query, database.Dialect);
        _update = context.Block.Text("password_update_query") is { } update ? SqlUpdate.Parse(update, database.Dialect) : null;
        Abilities = _query.NeedsPassword ? PassdbAbilities.Passwords : PassdbAbilities.Secrets;
        Variables = _query.Variables;
    }

    public static IPassdb Open(DatabaseContext context)
    {
        var query = context.Block.Text("password_query") ?? throw new FormatException("no password_query");
        return new SqlPassdb(context, SqlSettings.Open(context), query);
    }

    public string Driver { get; }

    public PassdbAbilities Abilities { get; }

    public IReadOnlyCollection<string>? Variables { get; }

    public async ValueTask<PassdbRow> FindAsync(LoginFacts login, CancellationToken stop)
    {
        try
        {
            var result = await _database.QueryAsync(_query.Statement, _query.Bind(login), 1, SqlSettings.Patience, stop);
            return result.Rows is [var row] ? Row(result.Columns, row) : PassdbRow.Unknown;
        }
        catch (SqlException failure)
        {
            return PassdbRow.Failed(failure.Message);
        }
    }

    public async ValueTask<PassdbRow> VerifyAsync(LoginFacts login, ReadOnlyMemory<byte> password, CancellationToken stop)
    {
        var row = await FindAsync(login, stop);
        // The database has compared, or tells what is to be compared here.
        if (row.Kind != PassdbKind.Found || row.Passwords.Count == 0)
            return row.Kind != PassdbKind.Found || row["nopassword"] is not null ? row : new(PassdbKind.Mismatch, "no password is stored");
        if (row["nopassword"] is not null)
            return PassdbRow.Failed("nopassword is set, and there is a password");
        var compared = await StoredPasswords.VerifyAsync(password, row.Passwords, login.GivenName, _hashing, _allowWeak, stop);
        return compared.Matches switch { true => row, false => PassdbRow.Mismatch, null => PassdbRow.Failed(compared.Reason) };
    }

    public async ValueTask<bool> ReplaceAsync(LoginFacts login, IReadOnlyList<string> expected, IReadOnlyList<string> passwords, CancellationToken stop)
    {
        if (_update is null || !_update.Holds(passwords.Count))
            return false;
        try
        {
            // As the table spells them: the update compares with that, so that of two changes at once one is made.
            var result = await _database.QueryAsync(_query.Statement, _query.Bind(login), 1, SqlSettings.Patience, stop);
            if (result.Rows is not [var row] || !Row(result.Columns, row).Passwords.SequenceEqual(expected))
                return false;
            var stored = Columns(result.Columns, row).Select(c => c.Value).ToArray();
            return await _database.ExecuteAsync(_update.Statement, _update.Bind(login, stored, passwords), SqlSettings.Patience, stop) == 1;
        }
        catch (SqlException)
        {
            // The login has succeeded all the same; the next one tries again.
            return false;
        }
    }

    public void Dispose() => _database.Dispose();

    PassdbRow Row(IReadOnlyList<string> columns, string?[] row)
    {
        var fields = new List<(string, string)>(columns.Count);
        for (var i = 0; i < columns.Count; i++)
        {
            if (row[i] is { } value && !IsPassword(columns[i]))
                fields.Add((columns[i], value));
        }
        return new(PassdbKind.Found, "")
        {
            Passwords = [.. Columns(columns, row).Select(c => c.Name == Bare ? $"{{{_scheme}}}{c.Value}" : PasswordScheme.WithScheme(c.Value, _scheme))], Fields = fields,
        };
    }

    /// <summary>The stored forms; that of the column password first: it is what a password is compared with.</summary>
    static IEnumerable<(string Name, string Value)> Columns(IReadOnlyList<string> columns, string?[] row) =>
        columns.Zip(row).Where(c => IsPassword(c.First) && c.Second is { Length: > 0 }).OrderBy(c => c.First != Password).Select(c => (c.First, c.Second!));

    static bool IsPassword(string column) => column == Password || column.StartsWith(OtherPasswords, StringComparison.Ordinal);
}
