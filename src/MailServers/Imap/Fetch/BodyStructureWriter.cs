using MailServers.Imap.Wire;
using MailStore;

namespace MailServers.Imap.Fetch;

/// <summary>RFC 3501 §7.4.2 BODY and, with the extension data, BODYSTRUCTURE.</summary>
static class BodyStructureWriter
{
    public static void Write(ImapWriter writer, PartStructure part, bool extended)
    {
        writer.Text("(");
        if (part.IsMultipart)
            Multipart(writer, part, extended);
        else
            Single(writer, part, extended);
        writer.Text(")");
    }

    static void Multipart(ImapWriter writer, PartStructure part, bool extended)
    {
        foreach (var child in part.Children)
            Write(writer, child, extended);
        // The grammar wants at least one body; a multipart in which no boundary was found has an empty one.
        if (part.Children.Count == 0)
            writer.Text("(\"text\" \"plain\" NIL NIL NIL \"7bit\" 0 0)");
        writer.Text(" ").String(part.Subtype);
        if (!extended)
            return;
        Parameters(writer.Text(" "), part.Parameters);
        Disposition(writer, part);
    }

    static void Single(ImapWriter writer, PartStructure part, bool extended)
    {
        var isMessage = Is(part, "message", "rfc822");
        // body-type-msg needs an envelope; one that was not looked into (too deep, encoded) is data.
        if (isMessage && part.Message is null)
            writer.Text("\"application\" \"octet-stream\" ");
        else
            writer.String(part.Type).Text(" ").String(part.Subtype).Text(" ");
        Parameters(writer, part.Parameters);
        writer.Text(" ").NString(part.Id).Text(" ").NString(part.Description).Text(" ")
            .String(part.Encoding.Length == 0 ? "7bit" : part.Encoding).Text(" ").Number(part.BodySize);
        if (isMessage && part.Message is { } message)
        {
            writer.Text(" ");
            EnvelopeWriter.Write(writer, message.Envelope);
            writer.Text(" ");
            Write(writer, message.Root, extended);
        }
        if (isMessage && part.Message is not null || part.Type.Equals("text", StringComparison.OrdinalIgnoreCase))
            writer.Text(" ").Number(part.BodyLines);
        if (!extended)
            return;
        writer.Text(" ").NString(part.Md5);
        Disposition(writer, part);
    }

    static void Disposition(ImapWriter writer, PartStructure part)
    {
        if (part.Disposition is { } disposition)
        {
            writer.Text(" (").String(disposition).Text(" ");
            Parameters(writer, part.DispositionParameters);
            writer.Text(")");
        }
        else
        {
            writer.Text(" NIL");
        }
        Languages(writer.Text(" "), part.Languages);
        writer.Text(" ").NString(part.Location);
    }

    static void Languages(ImapWriter writer, IReadOnlyList<string> languages)
    {
        if (languages.Count == 0)
        {
            writer.Text("NIL");
            return;
        }
        var between = "(";
        foreach (var language in languages)
        {
            writer.Text(between).String(language);
            between = " ";
        }
        writer.Text(")");
    }

    static void Parameters(ImapWriter writer, IReadOnlyList<KeyValuePair<string, string>> parameters)
    {
        if (parameters.Count == 0)
        {
            writer.Text("NIL");
            return;
        }
        var between = "(";
        foreach (var (name, value) in parameters)
        {
            writer.Text(between).String(name).Text(" ").String(value);
            between = " ";
        }
        writer.Text(")");
    }

    static bool Is(PartStructure part, string type, string subtype) =>
        part.Type.Equals(type, StringComparison.OrdinalIgnoreCase) && part.Subtype.Equals(subtype, StringComparison.OrdinalIgnoreCase);
}
