namespace Sasl.Credentials.Ldap;

/// <summary>One question to the directory.</summary>
/// <param name="Tell">Takes each step, for the administrator who asks why and for ldap_debug; no secrets.</param>
sealed record LdapLogin(LdapValues Values, ReadOnlyMemory<byte> Password, Action<string> Tell);

/// <summary>One of ldap_auth_method's ways to check a password.</summary>
interface ILdapMethod
{
    /// <exception cref="LdapException">The directory could not be asked.</exception>
    Task<Verdict> VerifyAsync(LdapLogin login, CancellationToken stop);
}
