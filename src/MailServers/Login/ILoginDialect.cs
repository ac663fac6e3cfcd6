namespace MailServers.Login;

/// <summary>What IMAP and POP3 do differently before the login: grammar and replies. Everything else is common.</summary>
interface ILoginDialect
{
    /// <summary>"imap" or "pop3": the auth service's and the worker's name for it. The log's is "imap-login".</summary>
    string Protocol { get; }

    /// <summary>Writes the greeting.</summary>
    ValueTask GreetAsync(LoginClient client);

    /// <summary>Reads and answers commands until the session is over.</summary>
    Task<LoginEnd> RunAsync(LoginClient client);

    /// <summary>Writes the reply for a login that did not succeed. The one table from results to replies.</summary>
    void Refuse(LoginClient client, string tag, LoginRefusal refusal);

    /// <summary>Writes the last words for an end that the client did not ask for. Nothing when the protocol has none.</summary>
    void SayGoodbye(LoginClient client, LoginEnd end);
}
