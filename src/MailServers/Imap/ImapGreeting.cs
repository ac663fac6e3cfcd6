namespace MailServers.Imap;

/// <summary>What the front end knows of a connection that it hands over.</summary>
/// <param name="Tag">The tag of the LOGIN or AUTHENTICATE command, not answered yet; null greets with PREAUTH instead (RFC 3501 §7.1.4).</param>
/// <param name="SessionId">Born at accept, for the log only.</param>
sealed record ImapGreeting(string User, string? Tag, string SessionId);
