namespace Sasl.Credentials.OAuth2;

/// <summary>What is said of a token.</summary>
/// <param name="Kind">Ok: it is good, and its claims tell whose it is.</param>
/// <param name="Reason">For the log; holds nothing of the token.</param>
public sealed record TokenVerdict(VerdictKind Kind, string Reason, TokenClaims? Claims)
{
    public static TokenVerdict Refused(string reason) => new(VerdictKind.Refused, reason, null);

    public static TokenVerdict Unavailable(string reason) => new(VerdictKind.Unavailable, reason, null);
}
