namespace MailServers.Imap.Commands;

/// <summary>RFC 3501 §6.1.3: BYE comes before the tagged OK.</summary>
static class LogoutCommand
{
    public static async ValueTask<ImapReply> RunAsync(ImapSession session, ImapRequest request)
    {
        request.Arguments.ExpectEnd();
        if (request.Arguments.Error is { } error)
            return ImapReply.Bad(error);
        session.Writer.Line("* BYE Logging out");
        session.Writer.Line($"{request.Tag} OK Logout completed.");
        await session.Writer.FlushAsync();
        return ImapReply.End("Logged out");
    }
}
