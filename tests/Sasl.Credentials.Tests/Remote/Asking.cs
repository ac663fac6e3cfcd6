using System.Text;
using Sasl.Credentials.Remote;
using Sasl.Hosting.Configuration;

namespace Sasl.Credentials.Tests.Remote;

/// <summary>A mechanism made as saslworker makes it, from -O and lines of saslauthd.conf, and asked.</summary>
static class Asking
{
    public const string NoContact = "[ALERT] Couldn't contact remote authentication server", Unexpected = "[ALERT] Unexpected response from remote authentication server",
        Synchronizing = "[ALERT] error synchronizing with remote authentication server", Unavailable = "[ALERT] The remote authentication server is currently unavailable";

    public static Verdict Ok => new(VerdictKind.Ok, "remote authentication successful");

    public static Verdict Rejected => new(VerdictKind.Refused, "remote server rejected your credentials");

    public static IPasswordSource Make(string mechanism, string? option, string settings = "", ListLog? log = null)
    {
        var problems = new List<Problem>();
        var context = new MechanismContext(option, SaslauthdFile.Parse("test.conf", settings, problems), new Dictionary<string, ReadOnlyMemory<byte>>(), HashWorkers.Inline, log ?? new ListLog());
        Assert.Empty(problems);
        return mechanism switch
        {
            "rimap" => RemoteMechanisms.Rimap(context),
            "imap" => RemoteMechanisms.ImapUrl(context),
            "smtp" => RemoteMechanisms.SmtpUrl(context),
            _ => RemoteMechanisms.HttpForm(context),
        };
    }

    public static Task<Verdict> AskAsync(this IPasswordSource source, string user, string password, Explanation? explanation = null) =>
        source.AskAsync(user, Encoding.UTF8.GetBytes(password), explanation);

    public static async Task<Verdict> AskAsync(this IPasswordSource source, string user, byte[] password, Explanation? explanation = null) =>
        await source.VerifyAsync(new(user, "example.org", "smtp", password, "192.0.2.7") { Explanation = explanation }, CancellationToken.None).AsTask().WaitAsync(TimeSpan.FromSeconds(60));
}
