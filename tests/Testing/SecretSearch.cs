using System.Text;

namespace Testing;

/// <summary>Looks for a password where none may be: in logs, command lines and environments, as it is and in the forms in which it travels.</summary>
public sealed class SecretSearch(string secret, params string[] users)
{
    readonly (string What, string Text)[] _forms =
    [
        ("as it is", secret),
        ("in base64", Trim(Encoding.UTF8.GetBytes(secret))),
        .. users.Select(user => ($"in a PLAIN message of {user}", Trim(Encoding.UTF8.GetBytes($"\0{user}\0{secret}")))),
        ("in hex", Convert.ToHexStringLower(Encoding.UTF8.GetBytes(secret))),
    ];

    /// <summary>Fails when the text holds the secret; says where and in which form, never the line.</summary>
    public void NotIn(string where, string text)
    {
        foreach (var (what, form) in _forms)
        {
            if (text.Contains(form, StringComparison.OrdinalIgnoreCase))
                throw new Xunit.Sdk.XunitException($"the secret is in {where}, {what}");
        }
    }

    /// <summary>What every user of the machine, or root by habit, sees of a running process; and that a crash leaves no dump of it.</summary>
    public void NotInProcess(int pid)
    {
        NotIn("the command line", File.ReadAllText($"/proc/{pid}/cmdline"));
        NotIn("the environment", File.ReadAllText($"/proc/{pid}/environ"));
        var limits = File.ReadAllLines($"/proc/{pid}/limits");
        if (!limits.Any(l => l.StartsWith("Max core file size        0                    0 ", StringComparison.Ordinal)))
            throw new Xunit.Sdk.XunitException("the process may dump core");
    }

    // The last bytes of base64 depend on what follows them.
    static string Trim(byte[] bytes) => Convert.ToBase64String(bytes.AsSpan(0, bytes.Length / 3 * 3));
}
