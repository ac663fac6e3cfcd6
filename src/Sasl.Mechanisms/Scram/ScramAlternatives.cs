namespace Sasl.Mechanisms;

/// <summary>
/// Several passwords of one user, any of which will do (a password for each of his devices). SCRAM's server shows one salt and one iteration count before
/// it sees a proof, so all of them must have been made with the same.
/// </summary>
public sealed class ScramAlternatives : StoredSecret
{
    /// <param name="secrets">One or more, of one hash, with one salt and iteration count.</param>
    /// <exception cref="ArgumentException">They differ in one of these.</exception>
    public ScramAlternatives(IReadOnlyList<ScramSecret> secrets)
    {
        if (secrets.Count == 0 || secrets.Any(s => !s.CanStandBeside(secrets[0])))
            throw new ArgumentException("not secrets of one hash, salt and iteration count");
        Secrets = secrets;
    }

    /// <summary>Which one was proven, <see cref="SaslOutcome.Success.Secret"/> says.</summary>
    public IReadOnlyList<ScramSecret> Secrets { get; }
}
