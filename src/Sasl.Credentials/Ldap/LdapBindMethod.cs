using System.Security.Cryptography;

namespace Sasl.Credentials.Ldap;

/// <summary>
/// ldap_auth_method: bind. Finds the entry, then lets the server check the password by a bind as that entry, on a connection of its own: no answer is
/// ever taken from a connection that is bound already. The group is asked for afterwards, as the identity that looks things up.
/// </summary>
sealed class LdapBindMethod(LdapOptions options, LdapServers servers, LdapFinder finder) : ILdapMethod
{
    public async Task<Verdict> VerifyAsync(LdapLogin login, CancellationToken stop)
    {
        var (entry, otherwise) = await finder.FindAsync(login, stop);
        if (entry is null)
        {
            if (otherwise.Kind == VerdictKind.Refused)
                await PretendAsync(login, stop);
            return otherwise;
        }
        // The root's own entry has no name, and a bind without a name is nobody's.
        if (entry.Dn.Length == 0)
            return new(VerdictKind.Refused, LdapVerdicts.NotFound);
        var (connection, result) = await servers.BindAsync(new LdapIdentity.Simple(entry.Dn, login.Password), login.Tell, stop);
        if (connection is null)
            return LdapVerdicts.OfUserBind(result);
        await connection.DisposeAsync();
        return await finder.AdmitAsync(login, entry.Dn, stop);
    }

    /// <summary>A bind as somebody who is not there: an unknown user takes the same connections and requests as a wrong password.</summary>
    async Task PretendAsync(LdapLogin login, CancellationToken stop)
    {
        var searchBase = LdapTemplate.Dn(options.SearchBase, login.Values);
        var nobody = $"cn={RandomNumberGenerator.GetHexString(16, lowercase: true)}{(searchBase.Length == 0 ? "" : "," + searchBase)}";
        try
        {
            if ((await servers.BindAsync(new LdapIdentity.Simple(nobody, login.Password), null, stop)).Connection is { } connection)
                await connection.DisposeAsync();
        }
        catch (LdapException)
        {
            // It was for the time only.
        }
    }
}
