namespace MailServers.Imap.Commands;

/// <summary>RFC 3691: CLOSE that removes nothing.</summary>
static class UnselectCommand
{
    public static ValueTask<ImapReply> RunAsync(ImapSession session, ImapRequest request)
    {
        request.Arguments.ExpectEnd();
        if (request.Arguments.Error is { } error)
            return new(ImapReply.Bad(error));
        session.Select(null);
        return new(ImapReply.Ok("Unselect completed."));
    }
}
