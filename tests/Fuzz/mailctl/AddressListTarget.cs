using MailControl;

namespace Fuzz;

/// <summary>Addresses of To, Cc and Bcc: no longer than the field, none empty.</summary>
static class AddressListTarget
{
    public static readonly string[] Seeds = ["a@b, \"C, D\" <c@d> (e, f)", "group: a, b;, c", "<@r:x@y>", "\"\\\"\"@z", "((((", "<<<>>>", "a b c"];

    public static void Run(ReadOnlySpan<byte> input)
    {
        var text = Bytes.Utf8(input);
        var addresses = AddressList.Parse(text);
        Check.That(addresses.All(a => a.Length > 0), "an empty address");
        Check.That(addresses.Sum(a => (long)a.Length) <= text.Length, "addresses longer than the field");
    }
}
