namespace MailServers.Imap.Fetch;

enum SectionText { Whole, Header, HeaderFields, HeaderFieldsNot, Text, Mime }

/// <summary>RFC 3501 §6.4.5 BODY[section]&lt;partial&gt;.</summary>
/// <param name="Part">Part numbers from the outside in; empty for the message itself.</param>
/// <param name="Fields">Of HEADER.FIELDS and HEADER.FIELDS.NOT, as the client wrote them.</param>
/// <param name="Label">What stands before the text in the answer: "BODY[1.MIME]", "RFC822.TEXT".</param>
/// <param name="Peek">Does not set \Seen.</param>
sealed record BodySection(string Label, SectionText Text, IReadOnlyList<uint> Part, IReadOnlyList<string> Fields, bool Peek, (uint Start, uint Count)? Partial)
{
    public static readonly BodySection Rfc822 = new("RFC822", SectionText.Whole, [], [], false, null);

    public static readonly BodySection Rfc822Header = new("RFC822.HEADER", SectionText.Header, [], [], true, null);

    public static readonly BodySection Rfc822Text = new("RFC822.TEXT", SectionText.Text, [], [], false, null);

    public bool FiltersHeader => Text is SectionText.HeaderFields or SectionText.HeaderFieldsNot;

    /// <summary>Whether finding it needs the message's structure: the text from its first byte on does not.</summary>
    public bool NeedsStructure => Part.Count > 0 || Text is SectionText.Header or SectionText.Text;
}
