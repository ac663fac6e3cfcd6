using MailStore;

namespace MailServers.Imap.Search;

/// <summary>Header values as people read them: encoded words (RFC 2047) decoded.</summary>
static class HeaderText
{
    public static bool Contains(string raw, string text) => EncodedWords.Decode(raw).Contains(text, StringComparison.OrdinalIgnoreCase);

    public static bool Contains(IReadOnlyList<MailAddress> addresses, string text)
    {
        foreach (var address in addresses)
        {
            // As it stands in a header, so that "Name <mailbox@host>" is found too.
            var name = EncodedWords.Decode(address.Name ?? "");
            var shown = address.Host is null ? address.Mailbox ?? "" : $"{(name.Length == 0 ? "" : name + " ")}<{address.Mailbox}@{address.Host}>";
            if (shown.Contains(text, StringComparison.OrdinalIgnoreCase))
                return true;
        }
        return false;
    }
}
