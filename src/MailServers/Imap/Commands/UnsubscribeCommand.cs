namespace MailServers.Imap.Commands;

/// <summary>RFC 3501 §6.3.7: also for names whose mailbox is gone.</summary>
static class UnsubscribeCommand
{
    public static ValueTask<ImapReply> RunAsync(ImapSession session, ImapRequest request) =>
        SubscribeCommand.RunAsync(session, request, false, "Unsubscribe completed.");
}
