namespace Sasl.Credentials.Ldap;

/// <summary>Whether a user whose password is right may come in: a group names him, or a search for him finds something.</summary>
sealed class LdapGroupCheck
{
    /// <summary>Asks; null when the user is in.</summary>
    public delegate Task<Verdict?> Question(LdapConnection connection, LdapValues user, Action<string> told, CancellationToken stop);

    const string NoMember = "Group member check failed";

    readonly Question _ask;

    LdapGroupCheck(Question ask) => _ask = ask;

    /// <summary>Null when the user is in. Also what cannot be found out keeps him out.</summary>
    public Task<Verdict?> RefuseAsync(LdapConnection connection, LdapValues user, Action<string> told, CancellationToken stop) => _ask(connection, user, told, stop);

    /// <summary>The group's entry has the user's DN in an attribute; the server compares them as DNs.</summary>
    public static LdapGroupCheck ByAttribute(string group, string attribute) => new(async (connection, user, told, stop) =>
    {
        var dn = LdapTemplate.Dn(group, user);
        var result = await connection.CompareAsync(dn, attribute, user.Dn, stop);
        told($"{connection.Url}: does {attribute} of {dn} have {user.Dn}: {result}");
        return result.Code switch
        {
            LdapResultCode.CompareTrue => null,
            LdapResultCode.CompareFalse or LdapResultCode.NoSuchObject or LdapResultCode.NoSuchAttribute => new(VerdictKind.Disabled, NoMember),
            _ => new(VerdictKind.Unavailable, $"{NoMember}: {result}"),
        };
    });

    /// <param name="search">Makes the search of base and filter.</param>
    public static LdapGroupCheck ByFilter(string searchBase, string template, Func<string, LdapFilter, LdapSearch> search) => new(async (connection, user, told, stop) =>
    {
        var wanted = search(LdapTemplate.Dn(searchBase, user), LdapFilterParser.Parse(LdapTemplate.Filter(template, user)));
        var found = await connection.SearchAsync(wanted, 1, stop);
        told($"{connection.Url}: search for {wanted.Filter} below \"{wanted.Base}\": {found.Entries.Count} found, {found.Result}");
        return found.Entries.Count > 0 ? null
            : found.Result.Code is LdapResultCode.Success or LdapResultCode.NoSuchObject ? new(VerdictKind.Disabled, NoMember)
            : new(VerdictKind.Unavailable, $"{NoMember}: {found.Result}");
    });
}
