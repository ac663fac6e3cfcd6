using Sasl.Credentials.Native;

namespace Sasl.Credentials.Sources;

/// <summary>What an error of libkrb5 means, with the texts that log scanners know from Cyrus.</summary>
static class KerberosVerdict
{
    public const string NoInput = "saslauthd NULL password or username", BadName = "saslauthd principal name error", Internal = "saslauthd internal error",
        WrongRealm = "saslauthd realm mismatch", NoCredentials = "krb5_get_init_creds_password failed", NotVerified = "krb5_verify_init_creds failed";

    /// <summary>The KDC gave no tickets.</summary>
    public static Verdict OfAuthentication(Krb5Error error) => new(
        error.Number switch
        {
            Krb5Error.ClientUnknown or Krb5Error.PreauthenticationFailed or Krb5Error.BadIntegrity or Krb5Error.LibraryPreauthenticationFailed => VerdictKind.Refused,
            Krb5Error.NameExpired or Krb5Error.ClientRevoked or Krb5Error.ClientNotYet or Krb5Error.Policy => VerdictKind.Disabled,
            Krb5Error.KeyExpired => VerdictKind.Expired,
            _ => VerdictKind.Unavailable,
        },
        NoCredentials);

    /// <summary>The KDC's ticket for us is not made with our key: it is not our KDC. A key that is missing or old is our own trouble.</summary>
    public static Verdict OfVerification(Krb5Error error) =>
        new(error.Number is Krb5Error.BadIntegrity or Krb5Error.Modified ? VerdictKind.Refused : VerdictKind.Unavailable, NotVerified);
}
