namespace MailServers.Smtp.Commands;

/// <summary>EHLO (RFC 5321 §4.1.1.1): what this server can, in Postfix's order. What is discarded or not there is not announced.</summary>
static class EhloCommand
{
    public static async ValueTask<Reply> RunAsync(SmtpSession session, CommandLine line, CancellationToken stop)
    {
        if (!line.HasArguments)
            return Reply.Error("501 Syntax: EHLO hostname");
        if (await HeloCommand.GreetAsync(session, line, extended: true, stop) is { } refused)
            return Reply.Error(refused);
        var keywords = await KeywordsAsync(session, stop);
        var lines = new List<string> { session.Settings.HostName };
        lines.AddRange(keywords.Where(k => !session.Settings.Discards(k.Split(' ', '=')[0])));
        return new Reply(false, [.. lines.Select((text, i) => $"250{(i == lines.Count - 1 ? ' ' : '-')}{text}")]);
    }

    static async ValueTask<List<string>> KeywordsAsync(SmtpSession session, CancellationToken stop)
    {
        var settings = session.Settings;
        // RFC 1870 §4: SIZE without a number says that there is no fixed limit.
        List<string> keywords = ["PIPELINING", settings.MessageSizeLimit > 0 ? $"SIZE {settings.MessageSizeLimit}" : "SIZE"];
        if (!settings.DisableVrfy)
            keywords.Add("VRFY");
        if (StartTlsCommand.IsOffered(session))
            keywords.Add("STARTTLS");
        if (AuthCommand.IsActive(session) && !settings.SaslExceptionsNetworks.Contains(session.Client.Address, session.Client.Name)
            && await session.Server.Sasl!.MechanismsAsync(session.Connection.IsTls, stop) is { Count: > 0 } mechanisms)
        {
            var names = string.Join(' ', mechanisms);
            keywords.Add($"AUTH {names}");
            // Old Outlooks know only the spelling of an early draft.
            if (settings.BrokenSaslAuthClients)
                keywords.Add($"AUTH={names}");
        }
        keywords.AddRange(["ENHANCEDSTATUSCODES", "8BITMIME", "DSN", "CHUNKING"]);
        return keywords;
    }
}
