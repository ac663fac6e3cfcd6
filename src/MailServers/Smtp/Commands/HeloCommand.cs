using MailServers.Smtp.Restrictions;

namespace MailServers.Smtp.Commands;

/// <summary>HELO (RFC 5321 §4.1.1.1). The name is not checked here: restrictions do that.</summary>
static class HeloCommand
{
    public static async ValueTask<Reply> RunAsync(SmtpSession session, CommandLine line, CancellationToken stop)
    {
        if (!line.HasArguments)
            return Reply.Error("501 Syntax: HELO hostname");
        if (await GreetAsync(session, line, extended: false, stop) is { } refused)
            return Reply.Error(refused);
        return Reply.Ok($"250 {session.Settings.HostName}");
    }

    /// <summary>RFC 5321 §4.1.4: HELO and EHLO end a mail under way; a login stays.</summary>
    public static async ValueTask<string?> GreetAsync(SmtpSession session, CommandLine line, bool extended, CancellationToken stop)
    {
        await session.ResetMailAsync();
        session.HeloName = Printable(string.Concat(line.Words));
        if (await session.Server.Access.CheckEarlyAsync(session, Subject.Helo, null, stop) is { } refused)
            return refused;
        session.IsExtended = extended;
        return null;
    }

    static string Printable(string name) => Reply.Printable(name.Length > 255 ? name[..255] : name);
}
