using MailStore;

namespace Fuzz;

/// <summary>mail_location with a user name that is the client's word: an absolute path below what the administrator wrote, or FormatException (path traversal).</summary>
static class MailLocationTarget
{
    public static readonly string[] Seeds = ["alice\nmaildir:~/Maildir", "alice@example.com\nmaildir:/var/mail/%d/%n", "../../etc\nmbox:~/mail:INBOX=/var/mail/%u", "..\nMaildir/", "a/b\nmaildir:/var/mail/%u", "x\nmaildir:/%%/%h", "@..\nmaildir:/v/%d/x", "a\0b\nmaildir:/v/%u"];

    public static void Run(ReadOnlySpan<byte> input)
    {
        var text = Bytes.Utf8(input);
        var feed = text.IndexOf('\n');
        var (user, location) = feed < 0 ? (text, "maildir:/var/mail/%d/%n") : (text[..feed], text[(feed + 1)..]);
        try
        {
            var parsed = MailLocation.Parse(location, user, "/home/alice");
            foreach (var path in (string?[])[parsed.Root, parsed.Inbox])
                Check.That(path is null || (path.StartsWith('/') && !path.Split('/').Contains("..")), $"the path {path}");
        }
        catch (FormatException)
        {
            // Says what is wrong to the administrator; the user gets no mail store.
        }
        var own = Fixed("maildir:/var/mail/%u", user);
        Check.That(own is null || Path.GetDirectoryName(own) == "/var/mail", $"the user's own directory is {own}");
    }

    static string? Fixed(string location, string user)
    {
        try
        {
            return MailLocation.Parse(location, user, "/home/alice").Root;
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
