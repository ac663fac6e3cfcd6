using MailServers.Imap.Wire;
using MailStore;

namespace MailServers.Imap.Fetch;

/// <summary>RFC 3501 §7.4.2 ENVELOPE.</summary>
static class EnvelopeWriter
{
    public static void Write(ImapWriter writer, Envelope envelope)
    {
        writer.Text("(").NString(envelope.Date).Text(" ").NString(envelope.Subject);
        Addresses(writer, envelope.From);
        // "If the Sender or Reply-To lines are absent … or are present but empty, the server sets the corresponding member to be the same as From."
        Addresses(writer, envelope.Sender.Count > 0 ? envelope.Sender : envelope.From);
        Addresses(writer, envelope.ReplyTo.Count > 0 ? envelope.ReplyTo : envelope.From);
        Addresses(writer, envelope.To);
        Addresses(writer, envelope.Cc);
        Addresses(writer, envelope.Bcc);
        writer.Text(" ").NString(envelope.InReplyTo).Text(" ").NString(envelope.MessageId).Text(")");
    }

    static void Addresses(ImapWriter writer, IReadOnlyList<MailAddress> addresses)
    {
        writer.Text(" ");
        if (addresses.Count == 0)
        {
            writer.Text("NIL");
            return;
        }
        writer.Text("(");
        foreach (var address in addresses)
            writer.Text("(").NString(address.Name).Text(" ").NString(address.Route).Text(" ").NString(address.Mailbox).Text(" ").NString(address.Host).Text(")");
        writer.Text(")");
    }
}
