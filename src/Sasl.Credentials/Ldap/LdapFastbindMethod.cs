namespace Sasl.Credentials.Ldap;

/// <summary>
/// ldap_auth_method: fastbind. No search: the filter is the DN, or with SASL the login (with its realm) is the identity. Every login is a bind on a
/// connection of its own. The group is asked for as the user.
/// </summary>
sealed class LdapFastbindMethod(LdapOptions options, LdapServers servers, LdapGroupCheck? group) : ILdapMethod
{
    public async Task<Verdict> VerifyAsync(LdapLogin login, CancellationToken stop)
    {
        var (name, identity) = Identify(login);
        // RFC 4513 §5.1.1: without a name it would be an anonymous bind, which any password opens.
        if (name.Length == 0)
            return new(VerdictKind.Refused, LdapVerdicts.NotFound);
        var (connection, result) = await servers.BindAsync(identity, login.Tell, stop);
        if (connection is null)
            return LdapVerdicts.OfUserBind(result);
        await using var user = connection;
        return group is null ? Verdict.Ok : await group.RefuseAsync(user, login.Values with { Dn = name }, login.Tell, stop) ?? Verdict.Ok;
    }

    (string Name, LdapIdentity Identity) Identify(LdapLogin login)
    {
        if (options.UsesSasl)
        {
            var id = login.Values.Realm.Length == 0 ? login.Values.User : $"{login.Values.User}@{login.Values.Realm}";
            return (id, options.User(id, login.Password));
        }
        var dn = LdapTemplate.Dn(options.Filter, login.Values);
        return (dn, new LdapIdentity.Simple(dn, login.Password));
    }
}
