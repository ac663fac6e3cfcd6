using Sasl.Credentials.Schemes;

namespace Sasl.Credentials.Sources;

/// <summary>The secrets database as a password source.</summary>
/// <param name="defaultRealm">Also tried for logins without a realm, as Cyrus does with the host name; empty for none.</param>
public sealed class SasldbSource(Sasldb database, HashWorkers workers, string defaultRealm = "") : IPasswordSource
{
    const int SampleSize = 1000;

    public string Name => "sasldb";

    /// <summary>Every write changes it, so a new password counts at once.</summary>
    public SourceState State => SourceState.Of(database.Path);

    internal DummyHash Dummy { get; } = new(() => database.SamplePasswords(SampleSize), () => SourceState.Of(database.Path));

    public async ValueTask<Verdict> VerifyAsync(PasswordQuery query, CancellationToken stop) =>
        workers.TryRun(() => Verify(query), stop) is { } work ? await work : Verdict.Overloaded;

    /// <summary>On a hashing thread.</summary>
    Verdict Verify(PasswordQuery query)
    {
        try
        {
            var (user, realm) = LoginName.From(query.User, query.Realm);
            if (database.Find(user, realm, elseRealm: realm.Length == 0 ? defaultRealm : realm) is not { } stored)
            {
                Dummy.Spend(query.Password.Span);
                return new(VerdictKind.Refused, "no such user");
            }
            return PasswordScheme.Matches(query.Password.Span, stored) switch
            {
                true => Verdict.Ok,
                false => new(VerdictKind.Refused, "Incorrect password"),
                null => new(VerdictKind.Unavailable, "stored with an unknown password scheme"),
            };
        }
        catch (IOException failure)
        {
            return new(VerdictKind.Unavailable, failure.Message);
        }
    }
}
