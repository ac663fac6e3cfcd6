namespace MailServers.Imap;

/// <summary>What a logged-in client may use. A name stands here only when the command table keeps its promise.</summary>
static class ImapCapabilities
{
    const string Always = "ID ENABLE IDLE NAMESPACE CHILDREN UNSELECT UIDPLUS MOVE STATUS=SIZE";

    public static string Text(ImapSettings settings) => $"IMAP4rev1 LITERAL{(settings.LiteralMinus ? '-' : '+')} {Always} APPENDLIMIT={settings.LargestMessage}";
}
