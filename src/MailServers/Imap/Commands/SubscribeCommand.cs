namespace MailServers.Imap.Commands;

/// <summary>RFC 3501 §6.3.6.</summary>
static class SubscribeCommand
{
    public static ValueTask<ImapReply> RunAsync(ImapSession session, ImapRequest request) => RunAsync(session, request, true, "Subscribe completed.");

    /// <summary>The way that SUBSCRIBE and UNSUBSCRIBE share.</summary>
    public static ValueTask<ImapReply> RunAsync(ImapSession session, ImapRequest request, bool subscribed, string success)
    {
        var arguments = request.Arguments;
        arguments.ExpectSpace();
        var mailbox = arguments.ExpectMailbox(session.Store.Separator);
        arguments.ExpectEnd();
        return new(arguments.Failed ? ImapReply.Bad(arguments.Error!) : ImapReply.Of(session.Store.Subscribe(mailbox, subscribed), success));
    }
}
