using System.Formats.Asn1;

namespace Sasl.Credentials.Ldap;

/// <summary>The operations of servers (RFC 4511 §4.2 to §4.13), by the number of their tag. Of others nothing was asked.</summary>
enum LdapResponseKind
{
    Bind = 1,
    Entry = 4,
    SearchDone = 5,
    Modify = 7,
    Compare = 15,
    Reference = 19,
    Extended = 24,
    Intermediate = 25,
}

/// <summary>One message of a server.</summary>
/// <param name="Id">Of the request that it answers; 0 when it answers none.</param>
/// <param name="Result">Of every operation but those that come before the end of a search.</param>
/// <param name="Entry">Of <see cref="LdapResponseKind.Entry"/>.</param>
sealed record LdapResponse(int Id, LdapResponseKind Kind, LdapResult? Result, LdapEntry? Entry)
{
    /// <summary>RFC 4511 §4.4.1: the server ends the connection.</summary>
    public const string NoticeOfDisconnection = "1.3.6.1.4.1.1466.20036";

    /// <summary>RFC 4511 §4.2.2: the mechanism's challenge or last data; null when there is none.</summary>
    public byte[]? SaslCredentials { get; private init; }

    /// <summary>RFC 4511 §4.12: which extended response it is, or null.</summary>
    public string? Name { get; private init; }

    /// <summary>RFC 2696: where the next page begins; empty behind the last one, null when the server makes no pages.</summary>
    public byte[]? Cookie { get; private init; }

    /// <param name="message">As <see cref="LdapFrame"/> has measured it. Nothing of it is kept.</param>
    /// <exception cref="LdapException">It is not a response that LDAP knows.</exception>
    public static LdapResponse Decode(ReadOnlyMemory<byte> message)
    {
        try
        {
            // What may follow within an operation is not looked at (RFC 4511 §4: extensibility), nor are controls but that of paged results.
            var envelope = new AsnReader(message, AsnEncodingRules.BER).ReadSequence();
            if (!envelope.TryReadInt32(out var id) || id < 0)
                throw new AsnContentException("no message number");
            var tag = envelope.PeekTag();
            if (tag.TagClass != TagClass.Application || !tag.IsConstructed)
                throw new AsnContentException("no operation");
            var response = Read(id, (LdapResponseKind)tag.TagValue, envelope.ReadSequence(tag));
            return response.Kind == LdapResponseKind.SearchDone ? response with { Cookie = LdapPage.ReadCookie(envelope) } : response;
        }
        catch (AsnContentException malformed)
        {
            throw new LdapException($"the server sends a malformed message: {malformed.Message}", malformed);
        }
    }

    static LdapResponse Read(int id, LdapResponseKind kind, AsnReader operation)
    {
        switch (kind)
        {
            case LdapResponseKind.Entry:
                return new(id, kind, null, LdapEntry.Read(operation));
            case LdapResponseKind.Reference or LdapResponseKind.Intermediate:
                return new(id, kind, null, null);
            case LdapResponseKind.Bind:
                var bind = ReadResult(operation);
                return new(id, kind, bind, null) { SaslCredentials = ReadOptional(operation, 7) };
            case LdapResponseKind.Extended:
                var extended = ReadResult(operation);
                return new(id, kind, extended, null) { Name = ReadOptional(operation, 10) is { } name ? System.Text.Encoding.ASCII.GetString(name) : null };
            case LdapResponseKind.SearchDone or LdapResponseKind.Compare or LdapResponseKind.Modify:
                return new(id, kind, ReadResult(operation), null);
            default:
                throw new AsnContentException($"operation {(int)kind}");
        }
    }

    static LdapResult ReadResult(AsnReader operation)
    {
        var code = (LdapResultCode)Ber.ReadEnumerated(operation);
        // The DN of the nearest entry that there is.
        Ber.ReadOctets(operation);
        var message = Ber.ReadText(operation);
        var referrals = new List<string>();
        if (operation.HasData && operation.PeekTag().HasSameClassAndValue(Ber.Context(3)))
        {
            var list = operation.ReadSequence(Ber.Context(3));
            while (list.HasData)
                referrals.Add(Ber.ReadText(list));
        }
        return new(code, message, referrals);
    }

    static byte[]? ReadOptional(AsnReader operation, int tag) =>
        operation.HasData && operation.PeekTag().HasSameClassAndValue(Ber.Context(tag)) ? Ber.ReadOctets(operation, Ber.Context(tag)) : null;
}
