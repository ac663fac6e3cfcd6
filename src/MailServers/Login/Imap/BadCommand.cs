namespace MailServers.Login.Imap;

/// <summary>A command that cannot be run: answered with BAD, and the third is the last. A client that guesses is no client.</summary>
static class BadCommand
{
    const int Most = 3;

    public static LoginEnd? Answer(LoginClient client, string tag, string error)
    {
        if (++client.BadCommands >= Most)
            return LoginEnd.TooManyBadCommands;
        client.Connection.WriteLine($"{tag} BAD {error}");
        return null;
    }
}
