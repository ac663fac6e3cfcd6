using System.Text;
using AuthServer.Logins;

namespace AuthServer.Passdb;

/// <summary>
/// The key of a remembered answer: the database's number, then the value of each variable that the answer depends on, escaped so that no two lists of
/// values give one text.
/// </summary>
sealed class AuthCacheKey
{
    readonly string _prefix;
    readonly LoginVariables.Reader[] _readers;

    AuthCacheKey(string prefix, LoginVariables.Reader[] readers) => (_prefix, _readers) = (prefix, readers);

    /// <param name="number">Of the database, unlike any other's: "P3", "U0".</param>
    /// <param name="variables">Null, or one of them the password: nothing may be remembered.</param>
    public static AuthCacheKey? Of(string number, IReadOnlyCollection<string>? variables)
    {
        if (variables is null || variables.Contains(LoginVariables.Password))
            return null;
        // Whose answer it is stands in the key whatever a driver says.
        var readers = variables.Append("user").Append("master_user").Distinct()
            .Select(v => LoginVariables.Find(v)?.Read ?? throw new InvalidOperationException($"{number}: no variable {v}"));
        return new(number, [.. readers]);
    }

    public string For(LoginFacts login)
    {
        var key = new StringBuilder(_prefix);
        foreach (var read in _readers)
        {
            key.Append('\t');
            foreach (var c in read(login) ?? "\0")
            {
                if (c is '\t' or '\x1')
                    key.Append('\x1').Append(c == '\t' ? 't' : '1');
                else
                    key.Append(c);
            }
        }
        return key.ToString();
    }
}
