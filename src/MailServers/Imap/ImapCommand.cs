using MailServers.Imap.Wire;

namespace MailServers.Imap;

/// <summary>RFC 3501 §3. A session here begins authenticated.</summary>
[Flags]
enum ImapStates { NotAuthenticated = 1, Authenticated = 2, Selected = 4, LoggedIn = Authenticated | Selected }

/// <summary>One line of the command table.</summary>
/// <param name="KeepsNumbers">RFC 3501 §7.4.1: no EXPUNGE response while it is in progress, since its arguments or results are sequence numbers.</param>
sealed record ImapCommand(string Name, ImapStates States, Func<ImapSession, ImapRequest, ValueTask<ImapReply>> RunAsync, bool KeepsNumbers = false);

/// <summary>One command as the client sent it.</summary>
/// <param name="ByUid">The UID form (RFC 3501 §6.4.8).</param>
sealed record ImapRequest(string Tag, ImapDecoder Arguments, bool ByUid);
