using AuthServer.Logins;
using AuthServer.Passdb;
using Sasl.Protocols.DovecotAuth;

namespace AuthServer.Userdb;

/// <summary>When a userdb is passed over.</summary>
enum UserdbSkip { Never, Found, NotFound }

/// <summary>What a userdb block says about its place in the chain, whatever its driver.</summary>
sealed record UserdbRules
{
    /// <summary>The settings of a block that belong to the chain; all others are the driver's.</summary>
    public static readonly IReadOnlyList<string> Names =
        ["name", "skip", "result_success", "result_failure", "result_internalfail", "default_fields", "override_fields", "auth_verbose"];

    static readonly Dictionary<string, UserdbSkip> _skips = new() { ["never"] = UserdbSkip.Never, ["found"] = UserdbSkip.Found, ["notfound"] = UserdbSkip.NotFound };

    public UserdbSkip Skip { get; init; }

    public ChainResult Success { get; init; } = ChainResult.ReturnOk;

    public ChainResult Failure { get; init; } = ChainResult.Continue;

    public ChainResult InternalFailure { get; init; } = ChainResult.Continue;

    /// <summary>Set where the database has not said anything.</summary>
    public IReadOnlyList<(string Name, LoginTemplate Value)> DefaultFields { get; init; } = [];

    /// <summary>Set whatever the database has said.</summary>
    public IReadOnlyList<(string Name, LoginTemplate Value)> OverrideFields { get; init; } = [];

    public static UserdbRules From(AuthDatabase block, Action<string> problem) => new()
    {
        Skip = ChainWords.Word(block, "skip", _skips, UserdbSkip.Never, problem),
        Success = ChainWords.Result(block, "result_success", ChainResult.ReturnOk, problem),
        Failure = ChainWords.Result(block, "result_failure", ChainResult.Continue, problem),
        InternalFailure = ChainWords.Result(block, "result_internalfail", ChainResult.Continue, problem),
        DefaultFields = PassdbRules.Fields(block["default_fields"], problem),
        OverrideFields = PassdbRules.Fields(block["override_fields"], problem),
    };

    public bool IsSkipped(bool isFound) => Skip == UserdbSkip.Found ? isFound : Skip == UserdbSkip.NotFound && !isFound;
}
