namespace MailStore;

/// <summary>The envelope (RFC 3501 §7.4.2) and the tree of parts of one message.</summary>
public sealed record MessageStructure(Envelope Envelope, PartStructure Root);

/// <summary>Header values as they stand, unfolded, encoded words left alone; null when the field is missing.</summary>
public sealed record Envelope(string? Date, string? Subject, IReadOnlyList<MailAddress> From, IReadOnlyList<MailAddress> Sender,
    IReadOnlyList<MailAddress> ReplyTo, IReadOnlyList<MailAddress> To, IReadOnlyList<MailAddress> Cc, IReadOnlyList<MailAddress> Bcc,
    string? InReplyTo, string? MessageId);

/// <summary>An address; a group begins with Host null and Mailbox the group's name, and ends with both null.</summary>
public sealed record MailAddress(string? Name, string? Route, string? Mailbox, string? Host);

/// <summary>
/// One MIME part. Offsets are bytes in the CRLF form of the whole message: the header begins at HeaderStart, the body at BodyStart
/// (after the empty line), and the part ends at End (the line end before a boundary not included).
/// </summary>
public sealed record PartStructure(
    string Type, string Subtype, IReadOnlyList<KeyValuePair<string, string>> Parameters, string? Id, string? Description, string Encoding,
    string? Md5, string? Disposition, IReadOnlyList<KeyValuePair<string, string>> DispositionParameters, IReadOnlyList<string> Languages, string? Location,
    long HeaderStart, long BodyStart, long End, int BodyLines, IReadOnlyList<PartStructure> Children, MessageStructure? Message)
{
    public bool IsMultipart => string.Equals(Type, "multipart", StringComparison.OrdinalIgnoreCase);

    public long BodySize => End - BodyStart;
}
