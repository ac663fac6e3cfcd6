namespace Sasl.Credentials.Ldap;

/// <summary>What is looked for, and what of it is wanted.</summary>
/// <param name="Filter">As text (RFC 4515); values of others in it are escaped already.</param>
/// <param name="Attributes">None: the entry's name is enough.</param>
public sealed record LdapQuestion(string Base, LdapScope Scope, string Filter, IReadOnlyList<string> Attributes);
