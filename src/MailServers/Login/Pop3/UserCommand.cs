namespace MailServers.Login.Pop3;

/// <summary>USER (RFC 1939 §7). Says nothing of whether there is such a user.</summary>
static class UserCommand
{
    public static ValueTask<LoginEnd?> RunAsync(Pop3LoginSession session, byte[] argument)
    {
        // Refused before the client sends the password after it.
        if (!session.Client.Policy.CleartextAllowed)
            session.Reply(Pop3Refusals.Reply(new(RefusalKind.PrivacyRequired)));
        else if (argument.Length == 0)
            session.Reply("-ERR USER takes a name.");
        else
        {
            session.User = argument;
            session.Reply("+OK");
        }
        return new((LoginEnd?)null);
    }
}
