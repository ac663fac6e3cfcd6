namespace MailServers.Imap.Commands;

/// <summary>RFC 3501 §6.1.2 NOOP and §6.4.1 CHECK: the session tells changes after every command, so there is nothing else to do.</summary>
static class NoopCommand
{
    public static ValueTask<ImapReply> RunAsync(ImapSession session, ImapRequest request)
    {
        request.Arguments.ExpectEnd();
        return new(request.Arguments.Error is { } error ? ImapReply.Bad(error) : ImapReply.Ok("Completed."));
    }
}
