namespace MailServers.Imap.Commands;

/// <summary>RFC 3501 §6.1.1.</summary>
static class CapabilityCommand
{
    public static ValueTask<ImapReply> RunAsync(ImapSession session, ImapRequest request)
    {
        request.Arguments.ExpectEnd();
        if (request.Arguments.Failed)
            return new(ImapReply.Bad(request.Arguments.Error!));
        session.Writer.Line("* CAPABILITY " + ImapCapabilities.Text(session.Settings));
        return new(ImapReply.Ok("Capability completed."));
    }
}
