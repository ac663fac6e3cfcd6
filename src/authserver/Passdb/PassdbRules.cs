using System.IO.Enumeration;
using AuthServer.Logins;
using Sasl.Hosting.Configuration;
using Sasl.Protocols.DovecotAuth;

namespace AuthServer.Passdb;

/// <summary>When a passdb is passed over.</summary>
enum ChainSkip { Never, Authenticated, Unauthenticated }

/// <summary>What a passdb block says about its place in the chain, whatever its driver.</summary>
sealed record PassdbRules
{
    /// <summary>The settings of a block that belong to the chain; all others are the driver's.</summary>
    public static readonly IReadOnlyList<string> Names =
    [
        "name", "deny", "master", "pass", "skip", "mechanisms", "username_filter", "result_success", "result_failure", "result_internalfail",
        "default_fields", "override_fields", "auth_verbose",
    ];

    /// <summary>Who is found in it is refused.</summary>
    public bool IsDeny { get; init; }

    /// <summary>It knows those who may log in as others.</summary>
    public bool IsMaster { get; init; }

    public ChainSkip Skip { get; init; }

    /// <summary>Mechanisms in capitals that it is asked for ("NONE": look-ups without a login); empty: all.</summary>
    public IReadOnlyList<string> Mechanisms { get; init; } = [];

    /// <summary>Patterns of user names, "!" in front excludes; empty: all.</summary>
    public IReadOnlyList<string> UserNames { get; init; } = [];

    public ChainResult Success { get; init; } = ChainResult.ReturnOk;

    public ChainResult Failure { get; init; } = ChainResult.Continue;

    public ChainResult InternalFailure { get; init; } = ChainResult.Continue;

    /// <summary>Set before the database is asked, and after it has answered.</summary>
    public IReadOnlyList<(string Name, LoginTemplate Value)> DefaultFields { get; init; } = [];

    public IReadOnlyList<(string Name, LoginTemplate Value)> OverrideFields { get; init; } = [];

    /// <summary>Log its refusals; null: as auth_verbose says.</summary>
    public bool? IsVerbose { get; init; }

    public static PassdbRules From(AuthDatabase block, Action<string> problem)
    {
        var master = block["master"] == "yes";
        return new()
        {
            IsDeny = block["deny"] == "yes",
            IsMaster = master,
            Skip = ChainWords.Word(block, "skip", new Dictionary<string, ChainSkip> { ["never"] = ChainSkip.Never, ["authenticated"] = ChainSkip.Authenticated, ["unauthenticated"] = ChainSkip.Unauthenticated }, ChainSkip.Never, problem),
            Mechanisms = [.. Words(block["mechanisms"]).Select(m => m.Equals("lookup", StringComparison.OrdinalIgnoreCase) ? "NONE" : m.ToUpperInvariant())],
            UserNames = [.. Words(block["username_filter"])],
            // "pass" is how Dovecot 2.0 said that the user himself has to be known too.
            Success = ChainWords.Result(block, "result_success", block["pass"] == "yes" ? ChainResult.Continue : ChainResult.ReturnOk, problem),
            Failure = ChainWords.Result(block, "result_failure", ChainResult.Continue, problem),
            InternalFailure = ChainWords.Result(block, "result_internalfail", ChainResult.Continue, problem),
            DefaultFields = Fields(block["default_fields"], problem),
            OverrideFields = Fields(block["override_fields"], problem),
            IsVerbose = block["auth_verbose"] switch { "yes" => true, "no" => false, _ => null },
        };
    }

    public bool Serves(string user, string mechanism) =>
        (Mechanisms.Count == 0 || Mechanisms.Contains(mechanism.Length == 0 ? "NONE" : mechanism)) && ServesUser(user);

    public bool IsSkipped(bool isAuthenticated) =>
        Skip == ChainSkip.Authenticated ? isAuthenticated : Skip == ChainSkip.Unauthenticated && !isAuthenticated;

    bool ServesUser(string user)
    {
        if (UserNames.Count == 0)
            return true;
        var isIncluded = !UserNames.Any(p => p[0] != '!');
        foreach (var pattern in UserNames)
        {
            if (pattern[0] == '!' && FileSystemName.MatchesSimpleExpression(pattern.AsSpan(1), user))
                return false;
            isIncluded |= pattern[0] != '!' && FileSystemName.MatchesSimpleExpression(pattern, user);
        }
        return isIncluded;
    }

    /// <summary>"name=value name=value"; a name without a value is "yes".</summary>
    public static IReadOnlyList<(string Name, LoginTemplate Value)> Fields(string? text, Action<string> problem)
    {
        var fields = new List<(string, LoginTemplate)>();
        foreach (var word in DovecotWordList.Split(text ?? ""))
        {
            var equals = word.IndexOf('=');
            if (LoginTemplate.TryParse(equals < 0 ? "yes" : word[(equals + 1)..], out var wrong) is { } value)
                fields.Add((equals < 0 ? word : word[..equals], value));
            else
                problem(wrong);
        }
        return fields;
    }

    static string[] Words(string? text) => (text ?? "").Split([' ', '\t', ','], StringSplitOptions.RemoveEmptyEntries);
}
