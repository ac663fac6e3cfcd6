namespace MailServers.Smtp;

/// <summary>Who has logged in on this connection, and how.</summary>
sealed record SaslLogin(string Method, string User)
{
    public bool IsAnonymous => Method.Equals("ANONYMOUS", StringComparison.OrdinalIgnoreCase);
}
