using MailStore;

namespace MailServers.Imap.Fetch;

/// <summary>The bytes of a message that a section names, before header fields are picked.</summary>
readonly record struct SectionRange(long Start, long End)
{
    public long Length => Math.Max(0, End - Start);

    /// <summary>Null when the message has no such section; the answer is NIL then.</summary>
    public static SectionRange? Find(BodySection section, MessageStructure? structure, long size)
    {
        if (!section.NeedsStructure)
            return new(0, size);
        if (section.Part.Count == 0)
            return structure is null ? null : OfMessage(section.Text, structure, size);
        if (structure is null || PartNumber.Find(structure, section.Part) is not { } part)
            return null;
        return section.Text switch
        {
            SectionText.Whole => new(part.BodyStart, part.End),
            SectionText.Mime => new(part.HeaderStart, part.BodyStart),
            // HEADER and TEXT are for embedded messages; of any other part they are empty, as Dovecot has it.
            _ => part.Message is { } inner ? OfMessage(section.Text, inner, part.End) : new(part.End, part.End),
        };
    }

    static SectionRange OfMessage(SectionText text, MessageStructure message, long end) =>
        text == SectionText.Text ? new(message.Root.BodyStart, end) : new(message.Root.HeaderStart, message.Root.BodyStart);
}
