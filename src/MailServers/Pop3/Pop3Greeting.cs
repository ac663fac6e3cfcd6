namespace MailServers.Pop3;

/// <summary>What the front end knows of a connection that it hands over.</summary>
/// <param name="SessionId">Born at accept, for the log only.</param>
sealed record Pop3Greeting(string User, string SessionId);
