namespace MailServers.Imap.Commands;

/// <summary>RFC 2342 §5: one personal namespace without a prefix, no other users' and no shared ones.</summary>
static class NamespaceCommand
{
    public static ValueTask<ImapReply> RunAsync(ImapSession session, ImapRequest request)
    {
        request.Arguments.ExpectEnd();
        if (request.Arguments.Error is { } error)
            return new(ImapReply.Bad(error));
        session.Writer.Begin("* NAMESPACE ((\"\" ").String(session.Store.Separator.ToString()).Text(")) NIL NIL").End();
        return new(ImapReply.Ok("Namespace completed."));
    }
}
