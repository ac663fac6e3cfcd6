namespace Sasl.Credentials.Ldap;

/// <summary>Finds the one entry of a user, and asks for groups, as the identity that looks things up.</summary>
sealed class LdapFinder(LdapOptions options, LdapLookup lookup, LdapGroupCheck? group)
{
    /// <summary>Two tell already that it is not one.</summary>
    const int Enough = 2;

    /// <summary>The entry, or why there is none to go on with.</summary>
    public async Task<(LdapEntry? Entry, Verdict Otherwise)> FindAsync(LdapLogin login, CancellationToken stop)
    {
        var (connection, bound) = await lookup.FindAsync(stop);
        if (connection is null)
            return (null, LdapVerdicts.OfLookupBind(bound));
        var search = options.Search(LdapTemplate.Dn(options.SearchBase, login.Values), LdapFilterParser.Parse(LdapTemplate.Filter(options.Filter, login.Values)));
        var (result, entries) = await connection.SearchAsync(search, Enough, stop);
        login.Tell($"{connection.Url} as {lookup.Identity}: search for {search.Filter} below \"{search.Base}\": {entries.Count} found, {result}");
        // More than one entry: whose password would it be?
        if (entries.Count > 1)
            result = result with { Code = LdapResultCode.SizeLimitExceeded };
        return result.IsSuccess && entries.Count == 1 ? (entries[0], default) : (null, LdapVerdicts.OfSearch(result, options.FollowsReferrals));
    }

    /// <summary>The password was right: is the user let in?</summary>
    public async Task<Verdict> AdmitAsync(LdapLogin login, string dn, CancellationToken stop)
    {
        if (group is null)
            return Verdict.Ok;
        var (connection, bound) = await lookup.FindAsync(stop);
        return connection is null ? LdapVerdicts.OfLookupBind(bound)
            : await group.RefuseAsync(connection, login.Values with { Dn = dn }, login.Tell, stop) ?? Verdict.Ok;
    }
}
