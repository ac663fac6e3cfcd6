namespace MailServers.Imap.Commands;

/// <summary>RFC 2971: who are you? What the client says of itself is read and not used.</summary>
static class IdCommand
{
    const int MostPairs = 30, LongestName = 30, LongestValue = 1024;

    public static ValueTask<ImapReply> RunAsync(ImapSession session, ImapRequest request)
    {
        var arguments = request.Arguments;
        arguments.ExpectSpace();
        if (!arguments.TryWord("NIL"))
            ExpectPairs(arguments);
        arguments.ExpectEnd();
        if (arguments.Failed)
            return new(ImapReply.Bad(arguments.Error!));
        session.Writer.Line($"* ID {session.Settings.Id}");
        return new(ImapReply.Ok("ID completed."));
    }

    static void ExpectPairs(Wire.ImapDecoder arguments)
    {
        var pairs = 0;
        arguments.ExpectList(() =>
        {
            // RFC 2971 §3.3: at most 30 pairs, names of 30 and values of 1024 octets.
            var name = arguments.ExpectString();
            arguments.ExpectSpace();
            var value = arguments.ExpectNString();
            if (++pairs > MostPairs || name.Length > LongestName || value is { Length: > LongestValue })
                arguments.Fail("ID parameters are too long.");
        });
    }
}
