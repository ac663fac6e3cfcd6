namespace Sasl.Credentials.Ldap;

/// <summary>RFC 4511 §4.5.1.2.</summary>
public enum LdapScope
{
    Base = 0,
    One = 1,
    Sub = 2,
}

/// <summary>RFC 4511 §4.5.1.3: when an alias is followed; the words of ldap_deref and of deref.</summary>
public enum LdapAliases
{
    Never = 0,
    Search = 1,
    Find = 2,
    Always = 3,
}

/// <summary>What to look for and what to tell of it (RFC 4511 §4.5.1).</summary>
sealed record LdapSearch(string Base, LdapScope Scope, LdapFilter Filter)
{
    /// <summary>RFC 4511 §4.5.1.8: the entries' names are enough.</summary>
    public const string NoAttributes = "1.1";

    /// <summary>Of the server; 0 for none.</summary>
    public int SizeLimit { get; init; }

    /// <summary>Seconds; 0 for none.</summary>
    public int TimeLimit { get; init; }

    public LdapAliases Aliases { get; init; }

    public IReadOnlyList<string> Attributes { get; init; } = [NoAttributes];
}

/// <summary>What a search has found before it ended.</summary>
sealed record LdapFound(LdapResult Result, IReadOnlyList<LdapEntry> Entries);
