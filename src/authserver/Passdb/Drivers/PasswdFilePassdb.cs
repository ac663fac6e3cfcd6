using AuthServer.Logins;
using Sasl.Credentials;
using Sasl.Credentials.Sources;

namespace AuthServer.Passdb.Drivers;

/// <summary>A file of users and passwords, or one for each domain (%d in its path). While the file has not changed an answer comes at once.</summary>
sealed class PasswdFilePassdb : IPassdb
{
    static readonly LoginFacts _nobody = new("", "", new("", null, null));

    readonly PasswdFilePath _where;
    readonly PasswdFileReader<User> _files;

    PasswdFilePassdb(DatabaseContext context)
    {
        Driver = context.Block.Driver;
        _where = new(context);
        // Who is denied needs no password, and there is none to be read by others.
        _files = new(PasswdFileStyle.Dovecot(_where.Scheme), Make, context.LookUps, context.Log, context.Time);
    }

    public static IPassdb Open(DatabaseContext context) => new PasswdFilePassdb(context);

    public string Driver { get; }

    public PassdbAbilities Abilities => PassdbAbilities.Secrets;

    /// <summary>Of several files nobody can tell whether one has changed: nothing is remembered. Of one there is little to be gained either.</summary>
    public IReadOnlyCollection<string>? Variables => null;

    public ValueTask<PassdbRow> FindAsync(LoginFacts login, CancellationToken stop)
    {
        try
        {
            if (_where.PathOf(login) is not { } path)
                return new(new PassdbRow(PassdbKind.Unknown, "no file: a value is no part of a path"));
            var reading = _files.ReadAsync(path, stop);
            return reading.IsCompletedSuccessfully ? new(Row(reading.Result, path, login)) : WaitAsync(reading, path, login);
        }
        catch (IOException failure)
        {
            return new(PassdbRow.Failed(failure.Message));
        }
    }

    /// <summary>On a hashing thread: it may wait.</summary>
    public IEnumerable<string> Sample()
    {
        try
        {
            return _where.Single is { } path && _files.ReadAsync(path, default).AsTask().GetAwaiter().GetResult() is { } users ? users.Values.SelectMany(u => u.Fixed.Passwords) : [];
        }
        catch (IOException)
        {
            // Whoever logs in is told so.
            return [];
        }
    }

    async ValueTask<PassdbRow> WaitAsync(ValueTask<PasswdFileUsers<User>?> reading, string path, LoginFacts login)
    {
        try
        {
            return Row(await reading, path, login);
        }
        catch (IOException failure)
        {
            return PassdbRow.Failed(failure.Message);
        }
    }

    PassdbRow Row(PasswdFileUsers<User>? users, string path, LoginFacts login)
    {
        // A domain without a file has no users; a file for all that is missing is a fault.
        if (users is null)
            return _where.Single is null ? PassdbRow.Unknown : PassdbRow.Failed($"there is no password file {path}");
        return users.Find(_where.NameOf(login)) is not { } user ? PassdbRow.Unknown
            : user.Fields is null ? user.Fixed
            : new(PassdbKind.Found, "") { Passwords = user.Fixed.Passwords, Fields = user.Fields.For(login) };
    }

    static (User?, string?) Make(PasswdFileUser line)
    {
        var (fields, complaint) = PasswdFileFields.Read(line.Fields);
        if (fields is null)
            return (null, complaint);
        var row = new PassdbRow(PassdbKind.Found, "") { Passwords = line.Secret is { } secret ? [secret] : [], Fields = fields.IsFixed ? fields.For(_nobody) : [] };
        return (new(row, fields.IsFixed ? null : fields), null);
    }

    /// <param name="Fixed">What is the same for every login: all, when there are no fields beside it.</param>
    sealed record User(PassdbRow Fixed, PasswdFileFields? Fields);
}
