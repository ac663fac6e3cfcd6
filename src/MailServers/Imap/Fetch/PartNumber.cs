using MailStore;

namespace MailServers.Imap.Fetch;

/// <summary>RFC 3501 §6.4.5: which part "1.2.3" names.</summary>
static class PartNumber
{
    public static PartStructure? Find(MessageStructure message, IReadOnlyList<uint> numbers)
    {
        PartStructure? part = null;
        var leaves = 0;
        foreach (var number in numbers)
        {
            // The body whose parts are counted: the message's; then a multipart's own or that of an embedded message.
            // Of a part that is neither, Dovecot takes "n.1" for the part itself, and so do we, once.
            var body = part is null ? message.Root : part.IsMultipart ? part : part.Message?.Root ?? part;
            if (ReferenceEquals(body, part) && !part!.IsMultipart && (++leaves > 1 || ReferenceEquals(part, message.Root)))
                return null;
            // "Every message has at least one part number": a body that is no multipart is part 1 of itself.
            if (body.IsMultipart)
                part = number <= body.Children.Count ? body.Children[(int)number - 1] : null;
            else
                part = number == 1 ? body : null;
            if (part is null)
                return null;
        }
        return part;
    }
}
