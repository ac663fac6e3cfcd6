namespace MailServers.Queue.SmtpClient;

/// <summary>The connection is lost, late, or does not speak the protocol: nothing more can be said on it.</summary>
sealed class ConversationException(string message) : IOException(message);
