namespace Sasl.Credentials.Ldap;

/// <summary>ldap_auth_method: custom. Finds the entry and compares its password here; the server must show it to the identity that looks things up.</summary>
sealed class LdapCustomMethod(LdapOptions options, LdapFinder finder, HashWorkers hashing) : ILdapMethod
{
    internal LdapStored Stored { get; } = new();

    public async Task<Verdict> VerifyAsync(LdapLogin login, CancellationToken stop)
    {
        var (entry, otherwise) = await finder.FindAsync(login, stop);
        var values = entry?.Values(options.PasswordAttribute).ToArray() ?? [];
        if (entry is not null)
            login.Tell($"{entry.Dn} shows {values.Length} of {options.PasswordAttribute}");
        if (otherwise.Kind == VerdictKind.Unavailable)
            return otherwise;
        if (hashing.TryRun(() => Compare(login.Password.Span, values), stop) is not { } comparing)
            return Verdict.Overloaded;
        var matches = await comparing;
        if (entry is null)
            return otherwise;
        return values.Length == 0 ? new(VerdictKind.Refused, $"{LdapVerdicts.NotFound} (the entry shows no {options.PasswordAttribute})") : matches switch
        {
            true => await finder.AdmitAsync(login, entry.Dn, stop),
            false => new(VerdictKind.Refused, LdapVerdicts.WrongPassword),
            null => new(VerdictKind.Unavailable, "stored with an unknown password scheme"),
        };
    }

    bool? Compare(ReadOnlySpan<byte> password, byte[][] values)
    {
        if (values.Length > 0)
            return Stored.Matches(password, values);
        Stored.Dummy.Spend(password);
        return false;
    }
}
