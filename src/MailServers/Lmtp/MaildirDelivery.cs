using System.Text;
using MailStore;

namespace MailServers.Lmtp;

/// <summary>Delivery to "/directory/": a maildir, made when it is missing.</summary>
static class MaildirDelivery
{
    static readonly IReadOnlySet<string> _noKeywords = new HashSet<string>();

    public static async ValueTask<Reply> RunAsync(string path, ForwardedMail mail, CancellationToken stop)
    {
        using var store = Stores.Open(new(MailFormat.Maildir, path.TrimEnd('/'), null));
        using var writer = store.Append("INBOX", MessageFlags.None, _noKeywords, null);
        if (writer is null)
            return new(551, "5.2.0", $"{path} is not a maildir");
        await writer.WriteAsync(Encoding.UTF8.GetBytes(mail.TraceHeader), stop);
        var block = new byte[32 * 1024];
        while (await mail.Text.ReadAsync(block, stop) is > 0 and var read)
            await writer.WriteAsync(block.AsMemory(0, read), stop);
        await writer.CommitAsync(stop);
        return new(250, "2.0.0", "delivered to maildir");
    }
}
