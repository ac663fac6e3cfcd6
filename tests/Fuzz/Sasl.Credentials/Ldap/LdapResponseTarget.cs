using Sasl.Credentials.Ldap;

namespace Fuzz;

/// <summary>What a directory server sends: messages, more to wait for, or an LdapException; never more in them than was sent.</summary>
static class LdapResponseTarget
{
    public static readonly string[] Seeds =
    [
        "\x30\x0c\x02\x01\x01\x61\x07\x0a\x01\x00\x04\x00\x04\x00", "\x30\x84\x00\x00\x00\x0c\x02\x01\x02\x65\x07\x0a\x01\x04\x04\x00\x04\x00",
        "\x30\x1f\x02\x01\x02\x64\x1a\x04\x04\x63n=a\x30\x12\x30\x10\x04\x02\x63n\x31\x0a\x04\x01\x61\x04\x01\x62\x04\x02\x63\x64",
        "\x30\x33\x02\x01\x01\x65\x07\x0a\x01\x00\x04\x00\x04\x00\xa0\x25\x30\x23\x04\u00161.2.840.113556.1.4.319\x04\x09\x30\x07\x02\x01\x00\x04\x02\u0061b",
        "\x30\x19\x02\x01\x01\x61\x14\x0a\x01\x0e\x04\x00\x04\x00\x87\x0bnonce=\"a\",b", "\x30\x80\x02\x01\x01", "\x30\x84\xff\xff\xff\xff",
        "\x30\x24\x02\x01\x00\x78\x1f\x0a\x01\x34\x04\x00\x04\x00\x8a\u00161.3.6.1.4.1.1466.20036", "\x30\x1a\x02\x01\x01\x65\x15\x0a\x01\x0a\x04\x00\x04\x00\xa3\x0c\x04\x0aldap://a/b",
    ];

    public static void Run(ReadOnlySpan<byte> input)
    {
        var rest = input.ToArray().AsMemory();
        try
        {
            while (LdapFrame.Measure(rest.Span) is > 0 and var length && length <= rest.Length)
            {
                Check.That(length <= LdapFrame.LongestMessage, "a message beyond the bound");
                Look(LdapResponse.Decode(rest[..length]), length);
                rest = rest[length..];
            }
        }
        catch (LdapException)
        {
        }
    }

    static void Look(LdapResponse response, int length)
    {
        Check.That(response.Id >= 0, "a negative number");
        Check.That((response.Entry is not null) == (response.Kind == LdapResponseKind.Entry), "an entry of something else");
        Check.That((response.SaslCredentials?.Length ?? 0) <= length && (response.Entry?.Attributes.Sum(a => a.Values.Sum(v => v.Length)) ?? 0) <= length, "more than was sent");
        if (response.Result is { } result)
            Check.IsOneLine(result.ToString(), "a result");
    }
}
