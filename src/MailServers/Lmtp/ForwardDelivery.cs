using MailServers.Queue.Local;

namespace MailServers.Lmtp;

/// <summary>A mail as files and commands get it.</summary>
/// <param name="Text">From its beginning, in CRLF form.</param>
sealed record ForwardedMail(string Sender, string Recipient, string TraceHeader, Stream Text);

/// <summary>Delivers to what a .forward names besides addresses and the mailbox.</summary>
static class ForwardDelivery
{
    public static async ValueTask<Reply> DeliverAsync(AliasTarget target, ForwardedMail mail, LmtpDelivery delivery, CancellationToken stop)
    {
        try
        {
            return target.Kind switch
            {
                TargetKind.Command => await CommandDelivery.RunAsync(target.Value, mail, delivery, stop),
                TargetKind.Directory => await MaildirDelivery.RunAsync(target.Value, mail, stop),
                // The classic way to throw mail away.
                _ when target.Value == "/dev/null" => new(250, "2.0.0", "delivered to file: /dev/null"),
                _ => await MboxDelivery.RunAsync(target.Value, mail, stop),
            };
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            return trouble is IOException io && Reply.From(io).Code == 452 ? new(452, "4.2.2", $"cannot update {target.Value}: no space") : new(451, "4.2.0", $"cannot update {target.Value}");
        }
    }
}
