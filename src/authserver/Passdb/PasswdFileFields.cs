using AuthServer.Logins;

namespace AuthServer.Passdb;

/// <summary>The extra fields of a line of a passwd-file: their values may have %variables, and most have none.</summary>
sealed class PasswdFileFields
{
    readonly (string Name, LoginTemplate Value)[] _fields;

    PasswdFileFields((string, LoginTemplate)[] fields) => (_fields, IsFixed) = (fields, Array.TrueForAll(fields, f => !f.Item2.Variables.Any()));

    /// <summary>The same for every login.</summary>
    public bool IsFixed { get; }

    public static (PasswdFileFields? Fields, string? Complaint) Read(IEnumerable<(string Name, string Value)> fields)
    {
        var read = new List<(string, LoginTemplate)>();
        foreach (var (name, value) in fields)
        {
            if (LoginTemplate.TryParse(value, out var problem) is not { } template)
                return (null, $"{name}: {problem}");
            read.Add((name, template));
        }
        return (new([.. read]), null);
    }

    public IReadOnlyList<(string Name, string Value)> For(LoginFacts login) => [.. _fields.Select(f => (f.Name, f.Value.Expand(login)))];
}
