using Sasl.Hosting.Configuration;

namespace Sasl.Credentials.Sources;

/// <summary>
/// The grammar of password files, Apache's (htpasswd) and Dovecot's (passwd-file) in one: "user:hash" or "user:{SCHEME}hash:uid:gid:gecos:home:shell:extra",
/// '#' comments. Of a line with a mistake nothing counts; of duplicates the first. Names are compared as they are, domains in any case.
/// </summary>
public sealed class PasswdFile
{
    const int LongestLine = 16 * 1024, LongestName = 1024;

    readonly Dictionary<string, PasswdFileUser> _users = new(StringComparer.Ordinal);
    readonly PasswdFileStyle _style;

    PasswdFile(PasswdFileStyle style) => _style = style;

    public static PasswdFile Empty { get; } = new(PasswdFileStyle.Strict);

    public int Count => _users.Count;

    public IEnumerable<PasswdFileUser> Users => _users.Values;

    public static PasswdFile Parse(string path, string text, List<Problem> problems, PasswdFileStyle? style = null)
    {
        var file = new PasswdFile(style ?? PasswdFileStyle.Strict);
        var number = 0;
        for (int start = 0, end; start < text.Length; start = end + 1)
        {
            end = text.IndexOf('\n', start);
            end = end < 0 ? text.Length : end;
            number++;
            var line = text.AsSpan(start, end - start).TrimEnd('\r');
            if (line.IsWhiteSpace() || line.TrimStart()[0] == '#' || (line[0] == ':' && !file._style.IsStrict))
                continue;
            if (file.Add(line) is { } complaint)
                problems.Add(new(path, number, complaint));
        }
        return file;
    }

    /// <summary>
    /// The user's entry and the name that it stands under, or null. The login with its realm comes first, then the login as it is, then what stands
    /// before its last '@': so a file of plain names serves everybody, and one with domains keeps users of two domains apart.
    /// </summary>
    public (string Name, PasswdFileUser User)? Find(string login, string realm)
    {
        foreach (var name in Names(login, realm))
        {
            if (_users.TryGetValue(Fold(name), out var user))
                return (name, user);
        }
        return null;
    }

    /// <summary>The entry of exactly this name, or null.</summary>
    public PasswdFileUser? FindExactly(string name) =>
        _users.TryGetValue(name, out var user) || (name.Contains('@') && _users.TryGetValue(Fold(name), out user)) ? user : null;

    public static IEnumerable<string> Names(string login, string realm)
    {
        if (realm.Length > 0 && !login.EndsWith($"@{realm}", StringComparison.OrdinalIgnoreCase))
            yield return $"{login}@{realm}";
        yield return login;
        if (login.LastIndexOf('@') is var at and > 0)
            yield return login[..at];
    }

    /// <summary>What is wrong with the line, or null.</summary>
    string? Add(ReadOnlySpan<char> line)
    {
        if (line.Length > LongestLine)
            return $"line longer than {LongestLine} characters";
        if (line.ContainsAnyInRange('\0', '\x08') || line.Contains('\uFFFD'))
            return "a control character, or not UTF-8";
        var fields = line.ToString().Split(':');
        // It may be a password that stands alone here: nothing of it is printed.
        if (fields.Length == 1 && _style.IsStrict)
            return "no ':' in the line (user:password)";
        var name = fields[0];
        if (name.Length is 0 or > LongestName || name.Any(c => char.IsWhiteSpace(c) || char.IsControl(c)))
            return "no user name, or one with blanks";
        var (user, complaint) = PasswdFileUser.Read(fields, _style);
        return user is null ? $"user {name}: {complaint}"
            : _users.TryAdd(Fold(name), user) ? null : $"user {name} is there already; the first one counts";
    }

    /// <summary>The domain in small letters: its case does not matter.</summary>
    public static string Fold(string name) => name.LastIndexOf('@') is var at and >= 0 ? name[..at] + name[at..].ToLowerInvariant() : name;
}
