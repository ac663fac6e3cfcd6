using AuthServer.Logins;

namespace AuthServer.Passdb;

/// <summary>The args of a passwd-file block, "scheme=X username_format=%n /path/with/%d", or the same as settings: which file a login is looked up in, and by which name.</summary>
sealed class PasswdFilePath
{
    readonly LoginTemplate _path;
    readonly LoginTemplate? _name;

    /// <exception cref="FormatException">There is no path, or something else that is not understood.</exception>
    public PasswdFilePath(DatabaseContext context)
    {
        var (path, name, scheme) = (context.Block["passwd_file_path"], context.Block["username_format"], context.Block["default_pass_scheme"]);
        foreach (var word in context.Words)
        {
            if (word.StartsWith("scheme=", StringComparison.Ordinal))
                scheme = word[7..];
            else if (word.StartsWith("username_format=", StringComparison.Ordinal))
                name = word[16..];
            else if (word.StartsWith('/'))
                path = word;
            else
                throw new FormatException($"unknown argument {word}");
        }
        if (path is not ['/', ..])
            throw new FormatException("no absolute path");
        (_path, _name) = (Template(path), name is null or "" or "%u" or "%{user}" ? null : Template(name));
        Scheme = scheme is { Length: > 0 } ? scheme.ToUpperInvariant() : Sasl.Credentials.Schemes.PasswordScheme.Bare;
        Single = _path.Variables.Any() ? null : _path.Expand(new("", "", new("", null, null)));
        Variables = [.. _path.Variables.Concat(_name?.Variables ?? ["user"]).Distinct()];
        if (Variables.Contains(LoginVariables.Password))
            throw new FormatException("a password is no part of a path or a name");
    }

    /// <summary>Of passwords without one, in capitals.</summary>
    public string Scheme { get; }

    /// <summary>The file, where it is the same for all.</summary>
    public string? Single { get; }

    public IReadOnlyCollection<string> Variables { get; }

    public string NameOf(LoginFacts login) => _name is null ? login.User : _name.Expand(login);

    /// <summary>Null when a value would be more, or less, than one component of a path: then there is no such file, whatever is on the disk.</summary>
    public string? PathOf(LoginFacts login)
    {
        if (Single is not null)
            return Single;
        foreach (var part in _path.Parts)
        {
            if (part.Literal is null && part.Value(login) is "" or "." or ".." || (part.Literal is null && part.Value(login).AsSpan().IndexOfAny('/', '\0') >= 0))
                return null;
        }
        return _path.Expand(login);
    }

    static LoginTemplate Template(string text) => LoginTemplate.TryParse(text, out var problem) ?? throw new FormatException(problem);
}
