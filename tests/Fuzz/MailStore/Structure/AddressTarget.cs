using MailStore.Structure;

namespace Fuzz;

/// <summary>Address lists of headers: any text ends in addresses, groups open and close, and all of it together is no longer than the text (CVE-2024-23184).</summary>
static class AddressTarget
{
    public static readonly string[] Seeds =
    [
        "Fred Foobar <foobar@example.com>, bar@example.org (Bar)", "group: a@b, \"c d\"@e;, <>", "<@a,@b:c@d>", "\"unterminated", "a@[1.2.3.4", "(((((nested)))))", "undisclosed-recipients:;", "a <b@c> d <e@f>; x:y:z", "\"\\\"\\\\\" <\"x y\"@z>",
    ];

    public static void Run(ReadOnlySpan<byte> input)
    {
        var text = Bytes.Utf8(input);
        var (length, open) = (0L, false);
        foreach (var address in AddressReader.Read(text))
        {
            length += (address.Name?.Length ?? 0) + (address.Route?.Length ?? 0) + (address.Mailbox is "MISSING_MAILBOX" ? 0 : address.Mailbox?.Length ?? 0) + (address.Host is "MISSING_DOMAIN" ? 0 : address.Host?.Length ?? 0);
            // RFC 3501 §7.4.2: a group begins without host and ends without both.
            if (address.Host is not null)
                continue;
            Check.Same(!open, address.Mailbox is not null, "whether a group begins here");
            open = address.Mailbox is not null;
        }
        Check.That(!open, "a group without its end");
        Check.That(length <= 2L * text.Length + 2, "addresses longer than the text");
    }
}
