using System.Formats.Asn1;
using System.Text;

namespace Sasl.Credentials.Ldap;

/// <summary>The tags of LDAP, and the parts of BER that it is restricted to (RFC 4511 §5.1).</summary>
static class Ber
{
    public static Asn1Tag Application(int number) => new(TagClass.Application, number);

    public static Asn1Tag Context(int number) => new(TagClass.ContextSpecific, number);

    /// <summary>RFC 4511 §5.1: strings of octets in the primitive form only.</summary>
    public static byte[] ReadOctets(AsnReader reader, Asn1Tag? tag = null) =>
        reader.TryReadPrimitiveOctetString(out var octets, tag) ? octets.ToArray() : throw new AsnContentException("a string in pieces");

    public static string ReadText(AsnReader reader, Asn1Tag? tag = null) => Encoding.UTF8.GetString(ReadOctets(reader, tag));

    public static int ReadEnumerated(AsnReader reader)
    {
        var bytes = reader.ReadEnumeratedBytes().Span;
        var value = 0;
        if (bytes.Length > sizeof(int))
            throw new AsnContentException("an enumerated value beyond reason");
        foreach (var b in bytes)
            value = (value << 8) | b;
        return value;
    }

    public static void WriteEnumerated(AsnWriter writer, int value) => writer.WriteEncodedValue([0x0a, 1, (byte)value]);

    public static void WriteText(AsnWriter writer, string text, Asn1Tag? tag = null) => writer.WriteOctetString(Encoding.UTF8.GetBytes(text), tag);
}
