using System.Formats.Asn1;
using Sasl.Credentials.Ldap;

namespace Fuzz;

/// <summary>Filters of a configuration: a filter or a FormatException; what was read is written so that it reads back the same, in text and in BER.</summary>
static class LdapFilterTarget
{
    public static readonly string[] Seeds =
    [
        "(uid=alice)", "uid=alice", "(&(objectClass=person)(|(uid=a)(mail=a@b)))", "(!(cn=x))", "(cn=*)", "(cn=a*b*c)", "(cn=*a*)", "(cn>=a)", "(cn<=a)", "(cn~=a)",
        "(cn:dn:2.4.6.8.10:=x)", "(:caseExactMatch:=x)", "(cn:=\\28\\00\\29)", "(cn=\u00c3\u00a9)", "(&)", "(cn=**)", "((((", "(& (a=b) (c=d) )",
    ];

    public static void Run(ReadOnlySpan<byte> input)
    {
        LdapFilter filter;
        try
        {
            filter = LdapFilterParser.Parse(Bytes.Utf8(input));
        }
        catch (FormatException)
        {
            return;
        }
        var text = filter.ToString();
        Check.IsOneLine(text, "a filter");
        // Escapes make it longer.
        if (text.Length > LdapFilterParser.LongestText)
            return;
        var again = LdapFilterParser.Parse(text);
        Check.Same(text, again.ToString(), "a filter's text");
        Check.Same(Encode(filter), Encode(again), "a filter's BER");
    }

    static ReadOnlySpan<byte> Encode(LdapFilter filter)
    {
        var writer = new AsnWriter(AsnEncodingRules.BER);
        filter.Write(writer);
        return writer.Encode();
    }
}
