using Sasl.Credentials.Native;
using Sasl.Hosting.Unix;

namespace Sasl.Credentials.Sources;

/// <summary>
/// The password field of the passwd database, with Cyrus' texts: for systems and directory servers that still give the hash there. Where
/// passwords are shadowed nobody gets in; an account without a usable hash takes as long as any other.
/// </summary>
public sealed class GetpwentSource(HashWorkers workers) : IPasswordSource
{
    const string PasswdFile = "/etc/passwd", Shadowed = "x";

    public string Name => "getpwent";

    public SourceState State => SourceState.Of(PasswdFile);

    internal DummyHash Dummy { get; } = new();

    public async ValueTask<Verdict> VerifyAsync(PasswordQuery query, CancellationToken stop) =>
        workers.TryRun(() => Verify(query), stop) is { } work ? await work : Verdict.Overloaded;

    Verdict Verify(PasswordQuery query)
    {
        try
        {
            return Judge(query, Passwd.FindHash(query.User));
        }
        catch (UnixException failure)
        {
            return new(VerdictKind.Unavailable, $"Username lookup failure: {System.Runtime.InteropServices.Marshal.GetPInvokeErrorMessage(failure.Error)}");
        }
    }

    /// <param name="hash">Null for an unknown user.</param>
    internal Verdict Judge(PasswordQuery query, string? hash)
    {
        query.Explanation?.Add(hash switch
        {
            null => $"getpwnam: no user {query.User}",
            Shadowed => $"getpwnam: {query.User} has a shadowed password (use shadow or pam)",
            "" or ['!' or '*', ..] => $"getpwnam: {query.User} has no password that anybody could know",
            _ => $"getpwnam: {query.User} is there with a password",
        });
        if (hash is not (null or Shadowed or "" or ['!' or '*', ..]) && !query.Password.IsEmpty)
            return Crypt.Verify(query.Password.Span, hash) ? Verdict.Ok : new(VerdictKind.Refused, "Incorrect password");
        Dummy.Spend(query.Password.Span);
        return new(VerdictKind.Refused, hash is null ? "Invalid username" : "Incorrect password");
    }
}
