using System.Formats.Asn1;

namespace Sasl.Credentials.Ldap;

/// <summary>Writes the operation of a request, without the envelope.</summary>
delegate void LdapOperation(AsnWriter message);

/// <summary>The operations that we ask for, each as RFC 4511 writes it.</summary>
static class LdapRequests
{
    /// <summary>RFC 4511 §4.14.</summary>
    const string StartTlsName = "1.3.6.1.4.1.1466.20037";

    /// <summary>RFC 4511 §4.2 with a password. RFC 4513 §5.1.2: a name without a password proves nothing and "succeeds"; it is never sent.</summary>
    public static LdapOperation BindSimple(int version, string dn, ReadOnlyMemory<byte> password) => dn.Length > 0 && password.IsEmpty
        ? throw new InvalidOperationException("an unauthenticated bind")
        : message =>
        {
            using var operation = message.PushSequence(Ber.Application(0));
            message.WriteInteger(version);
            Ber.WriteText(message, dn);
            message.WriteOctetString(password.Span, Ber.Context(0));
        };

    /// <summary>RFC 4511 §4.2 with a step of a SASL exchange; null where there are no credentials.</summary>
    public static LdapOperation BindSasl(int version, string mechanism, byte[]? credentials) => message =>
    {
        using var operation = message.PushSequence(Ber.Application(0));
        message.WriteInteger(version);
        message.WriteOctetString([]);
        using var sasl = message.PushSequence(Ber.Context(3));
        Ber.WriteText(message, mechanism);
        if (credentials is not null)
            message.WriteOctetString(credentials);
    };

    /// <summary>RFC 4511 §4.3.</summary>
    public static LdapOperation Unbind { get; } = message => message.WriteNull(Ber.Application(2));

    /// <summary>RFC 4511 §4.5.1.</summary>
    public static LdapOperation Search(LdapSearch search) => message =>
    {
        using var operation = message.PushSequence(Ber.Application(3));
        Ber.WriteText(message, search.Base);
        Ber.WriteEnumerated(message, (int)search.Scope);
        Ber.WriteEnumerated(message, (int)search.Aliases);
        message.WriteInteger(search.SizeLimit);
        message.WriteInteger(search.TimeLimit);
        message.WriteBoolean(false);
        search.Filter.Write(message);
        using var attributes = message.PushSequence();
        foreach (var attribute in search.Attributes)
            Ber.WriteText(message, attribute);
    };

    /// <summary>RFC 2696: a search of which one page is wanted.</summary>
    public static LdapOperation SearchPage(LdapSearch search, int size, byte[] from) => message =>
    {
        Search(search)(message);
        LdapPage.Write(message, size, from);
    };

    /// <summary>RFC 4511 §4.6: the old values have to be there, or nothing is changed.</summary>
    public static LdapOperation Replace(string dn, string attribute, IReadOnlyList<byte[]> old, IReadOnlyList<byte[]> values) => message =>
    {
        const int add = 0, delete = 1;
        using var operation = message.PushSequence(Ber.Application(6));
        Ber.WriteText(message, dn);
        using var changes = message.PushSequence();
        foreach (var (kind, list) in new[] { (delete, old), (add, values) })
        {
            using var change = message.PushSequence();
            Ber.WriteEnumerated(message, kind);
            using var attributeOfIt = message.PushSequence();
            Ber.WriteText(message, attribute);
            using var set = message.PushSetOf();
            foreach (var value in list)
                message.WriteOctetString(value);
        }
    };

    /// <summary>RFC 4511 §4.10.</summary>
    public static LdapOperation Compare(string dn, string attribute, string value) => message =>
    {
        using var operation = message.PushSequence(Ber.Application(14));
        Ber.WriteText(message, dn);
        using var assertion = message.PushSequence();
        Ber.WriteText(message, attribute);
        Ber.WriteText(message, value);
    };

    /// <summary>RFC 4511 §4.11: nobody waits for the answer any more.</summary>
    public static LdapOperation Abandon(int id) => message => message.WriteInteger(id, Ber.Application(16));

    /// <summary>RFC 4511 §4.14.1.</summary>
    public static LdapOperation StartTls { get; } = message =>
    {
        using var operation = message.PushSequence(Ber.Application(23));
        Ber.WriteText(message, StartTlsName, Ber.Context(0));
    };
}
