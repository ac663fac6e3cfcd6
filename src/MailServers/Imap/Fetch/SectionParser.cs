using System.Text;
using MailServers.Imap.Wire;

namespace MailServers.Imap.Fetch;

/// <summary>RFC 3501 §9 section: "[1.2.HEADER.FIELDS (DATE)]&lt;0.100&gt;".</summary>
static class SectionParser
{
    const int DeepestPart = 100;

    static readonly (string Name, SectionText Text)[] _texts =
    [
        ("HEADER.FIELDS.NOT", SectionText.HeaderFieldsNot),
        ("HEADER.FIELDS", SectionText.HeaderFields),
        ("HEADER", SectionText.Header),
        ("TEXT", SectionText.Text),
        ("MIME", SectionText.Mime),
    ];

    public static BodySection Expect(ImapDecoder arguments, bool peek)
    {
        arguments.ExpectByte('[');
        var part = new List<uint>();
        var text = SectionText.Whole;
        if (arguments.PeekDigit)
            do
                part.Add(ExpectPart(arguments, part.Count));
            while (arguments.TryByte('.') && arguments.PeekDigit);
        if (part.Count > 0 ? arguments.WasByte('.') : !arguments.Peek(']'))
            text = ExpectText(arguments);
        // RFC 3501 §6.4.5: MIME is only for numbered parts.
        if (text == SectionText.Mime && part.Count == 0)
            arguments.Fail("MIME needs a part number.");
        var fields = text is SectionText.HeaderFields or SectionText.HeaderFieldsNot ? ExpectFields(arguments) : [];
        arguments.ExpectByte(']');
        var partial = ExpectPartial(arguments);
        return new(arguments.Failed ? "" : Label(part, text, fields, partial), text, part, fields, peek, partial);
    }

    static uint ExpectPart(ImapDecoder arguments, int depth)
    {
        var number = arguments.ExpectNumber();
        if (number == 0 || depth == DeepestPart)
            arguments.Fail("Invalid part number.");
        return number;
    }

    static SectionText ExpectText(ImapDecoder arguments)
    {
        foreach (var (name, text) in _texts)
            if (arguments.TryWord(name))
                return text;
        arguments.Fail("Invalid BODY section.");
        return SectionText.Whole;
    }

    static List<string> ExpectFields(ImapDecoder arguments)
    {
        var fields = new List<string>();
        arguments.ExpectSpace();
        arguments.ExpectList(() => fields.Add(arguments.ExpectAsciiString()));
        if (fields.Count == 0)
            arguments.Fail("Empty header list.");
        return fields;
    }

    static (uint, uint)? ExpectPartial(ImapDecoder arguments)
    {
        if (!arguments.TryByte('<'))
            return null;
        var start = arguments.ExpectNumber();
        arguments.ExpectByte('.');
        var count = arguments.ExpectNumber();
        arguments.ExpectByte('>');
        if (count == 0)
            arguments.Fail("Invalid partial range.");
        return (start, count);
    }

    /// <summary>The section as the answer repeats it: in our spelling, with the origin octet only.</summary>
    static string Label(List<uint> part, SectionText text, List<string> fields, (uint Start, uint)? partial)
    {
        var label = new StringBuilder("BODY[").AppendJoin('.', part);
        if (text != SectionText.Whole)
            label.Append(part.Count > 0 ? "." : "").Append(Array.Find(_texts, t => t.Text == text).Name);
        if (fields.Count > 0)
            label.Append(" (").AppendJoin(' ', fields.Select(Quoted)).Append(')');
        label.Append(']');
        return partial is { } p ? label.Append('<').Append(p.Start).Append('>').ToString() : label.ToString();
    }

    static string Quoted(string field)
    {
        // Names that are no atoms come from literals and quoted strings; control characters become '?' when the label is written.
        return field.Length > 0 && field.All(c => ImapChars.AString.Contains((byte)c)) ? field.ToUpperInvariant()
            : '"' + field.Replace("\\", "\\\\").Replace("\"", "\\\"") + '"';
    }
}
