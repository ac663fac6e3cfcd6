namespace MailServers.Imap.Commands;

/// <summary>RFC 3501 §6.3.2: SELECT that changes nothing.</summary>
static class ExamineCommand
{
    public static ValueTask<ImapReply> RunAsync(ImapSession session, ImapRequest request) => SelectCommand.RunAsync(session, request, readOnly: true);
}
