using Sasl.Protocols.DovecotAuth;

namespace AuthServer.Passdb;

/// <summary>What becomes of a chain of databases after one of them has answered.</summary>
enum ChainResult { ReturnOk, Return, ReturnFail, Continue, ContinueOk, ContinueFail }

/// <summary>The words of a block that steer the chain.</summary>
static class ChainWords
{
    static readonly Dictionary<string, ChainResult> _results = new(StringComparer.Ordinal)
    {
        ["return-ok"] = ChainResult.ReturnOk, ["return"] = ChainResult.Return, ["return-fail"] = ChainResult.ReturnFail,
        ["continue"] = ChainResult.Continue, ["continue-ok"] = ChainResult.ContinueOk, ["continue-fail"] = ChainResult.ContinueFail,
    };

    public static ChainResult Result(AuthDatabase block, string name, ChainResult otherwise, Action<string> problem) => Word(block, name, _results, otherwise, problem);

    public static T Word<T>(AuthDatabase block, string name, Dictionary<string, T> words, T otherwise, Action<string> problem)
    {
        if (block[name] is not { Length: > 0 } text)
            return otherwise;
        if (words.TryGetValue(text, out var value))
            return value;
        problem($"{name}: unknown word {text} (one of: {string.Join(' ', words.Keys)})");
        return otherwise;
    }
}
