namespace Sasl.Credentials.Sources;

/// <summary>Verdicts that several sources give.</summary>
static class Verdicts
{
    public static readonly Verdict Overloaded = new(VerdictKind.Unavailable, "too many verifications are waiting");
}
