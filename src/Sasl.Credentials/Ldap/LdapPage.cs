using System.Formats.Asn1;

namespace Sasl.Credentials.Ldap;

/// <summary>The control of paged results (RFC 2696): servers tell no more than some hundred entries at once, and we want no more.</summary>
static class LdapPage
{
    const string Name = "1.2.840.113556.1.4.319";

    const int MostControls = 16;

    /// <summary>Behind the operation in a message's envelope. Critical: a server that makes no pages says so.</summary>
    /// <param name="from">As the server gave it; empty for the first page.</param>
    public static void Write(AsnWriter message, int size, byte[] from)
    {
        var value = new AsnWriter(AsnEncodingRules.BER);
        using (value.PushSequence())
        {
            value.WriteInteger(size);
            value.WriteOctetString(from);
        }
        using var controls = message.PushSequence(Ber.Context(0));
        using var control = message.PushSequence();
        Ber.WriteText(message, Name);
        message.WriteBoolean(true);
        message.WriteOctetString(value.Encode());
    }

    /// <summary>The cookie among the controls that may follow an operation (RFC 4511 §4.1.11); null when there is none.</summary>
    public static byte[]? ReadCookie(AsnReader envelope)
    {
        if (!envelope.HasData || !envelope.PeekTag().HasSameClassAndValue(Ber.Context(0)))
            return null;
        var controls = envelope.ReadSequence(Ber.Context(0));
        for (var i = 0; controls.HasData && i < MostControls; i++)
        {
            var control = controls.ReadSequence();
            var isPage = Ber.ReadText(control) == Name;
            if (control.HasData && control.PeekTag().HasSameClassAndValue(Asn1Tag.Boolean))
                control.ReadBoolean();
            if (isPage && control.HasData)
                return ReadCookie(Ber.ReadOctets(control));
        }
        return null;
    }

    static byte[] ReadCookie(byte[] value)
    {
        var page = new AsnReader(value, AsnEncodingRules.BER).ReadSequence();
        // How many entries there may be, as far as the server knows.
        page.ReadInteger();
        return Ber.ReadOctets(page);
    }
}
