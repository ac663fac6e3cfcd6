using MailStore;

namespace MailServers.Imap;

enum ReplyKind { Ok, No, Bad, Bye }

/// <summary>
/// How a command ended (RFC 3501 §7.1): its tagged response. Bye ends the connection, with the tagged OK of LOGOUT when Text is set and
/// without any when it is not.
/// </summary>
readonly record struct ImapReply(ReplyKind Kind, string? Code, string Text)
{
    public static ImapReply Ok(string text, string? code = null) => new(ReplyKind.Ok, code, text);

    public static ImapReply No(string text, string? code = null) => new(ReplyKind.No, code, text);

    public static ImapReply Bad(string text) => new(ReplyKind.Bad, null, text);

    /// <summary>The connection is over; why stands in the log.</summary>
    public static ImapReply End(string reason) => new(ReplyKind.Bye, null, reason);

    public static ImapReply Of(StoreResult result, string success) => result.Error switch
    {
        StoreError.None => Ok(success),
        StoreError.NonExistent => No(result.Text, "NONEXISTENT"),
        StoreError.AlreadyExists => No(result.Text, "ALREADYEXISTS"),
        _ => No(result.Text, "CANNOT"),
    };

    public static ImapReply NonExistent(IStore store, string mailbox) => Missing(store, mailbox, "NONEXISTENT");

    /// <summary>RFC 3501 §6.4.7: CREATE would make the command work.</summary>
    public static ImapReply TryCreate(IStore store, string mailbox) => Missing(store, mailbox, "TRYCREATE");

    // RFC 3501 §6.3.11: no TRYCREATE when it is certain that the mailbox cannot be created.
    static ImapReply Missing(IStore store, string mailbox, string code) =>
        store.ProblemOf(mailbox) is { } problem ? No($"Invalid mailbox name: {problem}", "CANNOT") : No($"Mailbox doesn't exist: {mailbox}", code);
}
