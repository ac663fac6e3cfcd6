namespace MailServers.Login.Pop3;

/// <summary>A client and the name that it gave with USER.</summary>
sealed class Pop3LoginSession(LoginClient client)
{
    public LoginClient Client => client;

    /// <summary>Null before USER, and after PASS has used it.</summary>
    public byte[]? User { get; set; }

    public void Reply(string line) => client.Connection.WriteLine(line);
}
