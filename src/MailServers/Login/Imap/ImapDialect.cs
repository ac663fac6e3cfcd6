namespace MailServers.Login.Imap;

/// <summary>IMAP before the login (RFC 3501 §6.1, §6.2).</summary>
sealed class ImapDialect : ILoginDialect
{
    public string Protocol => "imap";

    public async ValueTask GreetAsync(LoginClient client) =>
        client.Connection.WriteLine($"* OK [CAPABILITY {await CapabilityCommand.ListAsync(client)}] {client.Host.Settings.Greeting}");

    public async Task<LoginEnd> RunAsync(LoginClient client)
    {
        while (true)
        {
            var read = await ImapCommandReader.ReadAsync(client);
            if (read.End is { } gone)
                return gone;
            var known = read.Command is { } command ? ImapLoginCommands.Find(command.Name) : null;
            var end = known is null ? BadCommand.Answer(client, read.Tag, $"{read.Error ?? "Unknown command, or not before the login"}.")
                : await known.RunAsync(client, read.Command!);
            if (end is { } over)
                return over;
        }
    }

    public void Refuse(LoginClient client, string tag, LoginRefusal refusal) => ImapRefusals.Write(client, tag, refusal);

    public void SayGoodbye(LoginClient client, LoginEnd end)
    {
        // RFC 3501 §7.1.5; RFC 5530 §3: UNAVAILABLE when it is not the client's doing.
        var text = end switch
        {
            LoginEnd.TooManyBadCommands => "Too many invalid IMAP commands.",
            LoginEnd.InputTooLong => "Input too long.",
            LoginEnd.TimedOut => "Disconnected for inactivity.",
            LoginEnd.Dropped => "[UNAVAILABLE] Connection queue full.",
            LoginEnd.ShuttingDown => "[UNAVAILABLE] Server shutting down.",
            LoginEnd.HandOffFailed => "[UNAVAILABLE] Internal login failure.",
            // LOGOUT has said it already.
            _ => null,
        };
        if (text is not null)
            client.Connection.WriteLine($"* BYE {text}");
    }
}
