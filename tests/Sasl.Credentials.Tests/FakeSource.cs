namespace Sasl.Credentials.Tests;

/// <summary>A source whose answer the test knows.</summary>
sealed class FakeSource(Func<PasswordQuery, Verdict> answer, string name = "shadow") : IPasswordSource
{
    public string Name => name;

    /// <summary>The queries as they came; their passwords are the daemon's own buffer.</summary>
    public List<PasswordQuery> Asked { get; } = [];

    public ValueTask<Verdict> VerifyAsync(PasswordQuery query, CancellationToken stop)
    {
        Asked.Add(query);
        return ValueTask.FromResult(answer(query));
    }

    /// <summary>bob's password is "geheim".</summary>
    public static FakeSource Bob => new(query => query.User == "bob" && query.Password.Span.SequenceEqual("geheim"u8)
        ? Verdict.Ok : new(VerdictKind.Refused, query.User == "bob" ? "Incorrect password" : "Invalid username"));
}
