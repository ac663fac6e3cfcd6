using MailServers.Lmtp;
using MailServers.Smtp.Addresses;

namespace Fuzz;

/// <summary>
/// Paths of MAIL and RCPT: what is accepted prints in a form that is read back as the same address, by our own SMTP server and by the LMTP
/// servers behind it alike — where two parsers disagree, mail is lost or somebody relays.
/// </summary>
static class PathTarget
{
    public static readonly string[] Seeds =
    [
        "<alice@example.com> SIZE=5 BODY=8BITMIME", "<>", "alice@example.com", "<@a,@b:c@d>", "<\"a b\"@c>", "<\"a\\\"\\\\b\"@[192.0.2.1]>", "<a@[IPv6:::1]>", "<a@b.>", "<a@b..c>", "<a..b@c>", "<a%b@c>", "<b!a@c>", "<a@b@c>", "< a@b >", "<a@.b>", "<a\\@b@c>", "<@>", "<a@[>", "<\"\"@x>", "\"x", "<.@b>",
    ];

    static readonly AddressResolver _resolver = new(new LocalDomains(["example.com"], ["relay.test"], []), "example.com");

    public static void Run(ReadOnlySpan<byte> input)
    {
        var text = Bytes.Utf8(input);
        foreach (var strict in (bool[])[false, true])
        {
            if (PathParser.TryParse(text, out var address, out var rest, strict) != PathProblem.None)
                continue;
            foreach (var (key, value, whole) in PathParameters.Split(rest.ToString()))
                Check.That(key.Length + (value?.Length + 1 ?? 0) == whole.Length && !whole.Contains(' '), "a parameter that is not what was written");
            Accepted(address);
            Accepted(_resolver.Complete(address));
            Accepted(_resolver.Resolve(address).Address);
        }
        if (MailPath.Take(text, out var after) is not { } path)
            return;
        Check.IsOneLine(path, "an LMTP path");
        Check.Same(path, MailPath.Take($"<{path}>", out _), "an LMTP path written again");
        Check.That(after.IsEmpty || after[0] == ' ', "what follows an LMTP path");
        EsmtpParameters.TryParse(after, ["SIZE", "BODY"]);
    }

    static void Accepted(MailAddress address)
    {
        var printed = address.ToString();
        // MAIL and RCPT refuse what becomes too long by our domain behind it.
        if (printed.Length > PathParser.LongestAddress)
            return;
        Check.That(!printed.Any(char.IsControl), "a control character in an address");
        Check.Same(PathProblem.None, PathParser.TryParse($"<{printed}>", out var again, out _), $"reading <{printed}> again");
        Check.Same(address, again, "an address printed and read");
        Check.Same(printed, MailPath.Take($"<{printed}>", out _), "an address at the next hop");
        Check.Same(address.LocalPart, MailPath.LocalPart(printed), "the local part at the next hop");
        Check.Same(address.Domain?.ToLowerInvariant() ?? "", MailPath.Domain(printed), "the domain at the next hop");
    }
}
