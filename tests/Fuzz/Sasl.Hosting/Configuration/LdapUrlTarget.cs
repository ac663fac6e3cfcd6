using Sasl.Hosting.Configuration;

namespace Fuzz;

/// <summary>URLs of directory servers, and templates beside them: a URL that reads back the same, or a reason in one line.</summary>
static class LdapUrlTarget
{
    public static readonly string[] Seeds =
    [
        "ldap://localhost/", "ldaps://ldap.example.org:636", "ldapi://%2Fvar%2Frun%2Fslapd%2Fldapi/", "ldapi:///", "ldap://[::1]:389/", "ldap://a:0/", "ldap://[", "ldap://a/dc=b??sub", "%u %U %d %1 %%", "%x", "(uid=%u)", "%",
    ];

    public static void Run(ReadOnlySpan<byte> input)
    {
        var text = Bytes.Utf8(input);
        if (LdapUrl.Parse(text, out var problem) is { } url)
        {
            Check.Same(url, LdapUrl.Parse(url.ToString(), out _), "a URL");
            Check.That(url.IsLocal ? url.Path[0] == '/' : url.Port is > 0 and < 65536, "a place that cannot be");
        }
        else
            Check.That(problem.Length > 0, "a refusal without a reason");
        if (LdapTokens.Complaint(text) is null)
            Check.That(!text.Replace("%%", "").EndsWith('%'), "a % at the end");
    }
}
