using MailServers.Lmtp;

namespace MailServers.Queue.SmtpClient;

/// <summary>The forward paths in a 251 or 551 reply: every &lt;address&gt; of its text.</summary>
static class ForwardPaths
{
    const int Most = 100;

    public static List<string> Parse(string text)
    {
        var paths = new List<string>();
        for (var at = text.IndexOf('<'); at >= 0 && paths.Count < Most; at = text.IndexOf('<', at + 1))
        {
            if (MailPath.Take(text.AsSpan(at), out _) is { Length: > 0 } address)
                paths.Add(address);
        }
        return paths;
    }
}
