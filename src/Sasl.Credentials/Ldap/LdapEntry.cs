using System.Formats.Asn1;
using System.Text;

namespace Sasl.Credentials.Ldap;

/// <summary>An entry that a search has found (RFC 4511 §4.5.2).</summary>
/// <param name="Attributes">Descriptions as the server spells them, with their values.</param>
public sealed record LdapEntry(string Dn, IReadOnlyList<(string Description, IReadOnlyList<byte[]> Values)> Attributes)
{
    /// <summary>All values of an attribute, options ("userPassword;binary") or not; attribute descriptions have no case (RFC 4512 §2.5).</summary>
    public IEnumerable<byte[]> Values(string attribute) => Attributes
        .Where(a => a.Description.Equals(attribute, StringComparison.OrdinalIgnoreCase) || a.Description.StartsWith(attribute + ";", StringComparison.OrdinalIgnoreCase))
        .SelectMany(a => a.Values);

    /// <param name="operation">The content of a SearchResultEntry.</param>
    internal static LdapEntry Read(AsnReader operation)
    {
        var dn = Encoding.UTF8.GetString(Ber.ReadOctets(operation));
        var attributes = new List<(string, IReadOnlyList<byte[]>)>();
        var list = operation.ReadSequence();
        while (list.HasData)
        {
            var attribute = list.ReadSequence();
            var description = Encoding.UTF8.GetString(Ber.ReadOctets(attribute));
            var set = attribute.ReadSetOf(skipSortOrderValidation: true);
            var values = new List<byte[]>();
            while (set.HasData)
                values.Add(Ber.ReadOctets(set));
            attributes.Add((description, values));
        }
        return new(dn, attributes);
    }
}
