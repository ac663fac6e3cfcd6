using System.Text;

namespace MailStore.Structure;

/// <summary>
/// Reads a message once, line by line, into its structure. Invariants: any bytes give a structure; offsets lie in the text and
/// HeaderStart ≤ BodyStart ≤ End; a multipart has at least one child and a message/rfc822 its message, so that what IMAP's grammar
/// demands is always there; no more than <see cref="MostParts"/> parts in <see cref="Deepest"/> levels, the rest is their text.
/// </summary>
sealed class StructureParser : IDisposable
{
    public const int Deepest = 100, MostParts = 10_000;

    readonly LineScanner _lines;
    readonly List<byte[]> _boundaries = [];
    int _parts, _depth;

    StructureParser(Stream text)
    {
        _lines = new LineScanner(text);
        _lines.Next();
    }

    /// <summary>The line that ended a part: one of the open boundaries, or none at the end of the text.</summary>
    (int Index, bool Closes) _stop = (-1, false);

    public static MessageStructure Parse(Stream text)
    {
        using var parser = new StructureParser(text);
        return parser.Message();
    }

    MessageStructure Message()
    {
        var (header, start, bodyStart) = Header();
        return new(EnvelopeOf(header), Body(header, start, bodyStart, inDigest: false));
    }

    /// <summary>Reads a header and stands on the first line of the body, or on the boundary or end that cut it off.</summary>
    (HeaderFields Header, long Start, long BodyStart) Header()
    {
        var header = new HeaderFields();
        var start = _lines.Start;
        _stop = (-1, false);
        for (; _lines.HasLine && !AtBoundary(); _lines.Next())
        {
            if (_lines.Line.IsEmpty && _lines.StartsLine)
            {
                _lines.Next();
                break;
            }
            header.Take(_lines.Line, _lines.StartsLine);
        }
        return (header, start, _lines.Start);
    }

    PartStructure Body(HeaderFields header, long start, long bodyStart, bool inDigest)
    {
        var part = Part.From(header, inDigest);
        var firstLine = _lines.LineEnds;
        _parts++;
        _depth++;
        List<PartStructure> children = [];
        MessageStructure? message = null;
        if ((part.IsMultipart || part.IsMessage) && _depth > Deepest)
            part = part with { Type = "application", Subtype = "octet-stream" };
        if (part.IsMultipart)
            Multipart(part, children);
        else if (part.IsMessage)
            message = Message();
        else
            Skip();
        _depth--;
        // A header that a boundary follows keeps its empty line; what holds the part holds that, too.
        var inside = Math.Max(bodyStart, Math.Max(message?.Root.End ?? 0, children.Count > 0 ? children[^1].End : 0));
        var (end, lines) = EndOf(inside, firstLine);
        if (part.IsMultipart && children.Count == 0)
            children.Add(Empty(part.Boundary is null ? bodyStart : end, end, lines));
        return new(part.Type, part.Subtype, part.Parameters, part.Id, part.Description, part.Encoding, part.Md5, part.Disposition,
            part.DispositionParameters, part.Languages, part.Location, start, bodyStart, end, lines, children, message);
    }

    /// <summary>RFC 2046 §5.1.1: the line end before a boundary belongs to the boundary.</summary>
    (long End, int Lines) EndOf(long inside, int firstLine)
    {
        var lines = _lines.LineEnds - firstLine;
        if (!_lines.HasLine || _lines.Start <= inside)
            return (Math.Max(inside, _lines.Start), Math.Max(0, lines));
        return (Math.Max(inside, _lines.Start - 2), Math.Max(0, lines - 1));
    }

    static PartStructure Empty(long start, long end, int lines) =>
        new("text", "plain", [new("charset", "us-ascii")], null, null, "7bit", null, null, [], [], null, start, start, end,
            start == end ? 0 : lines, [], null);

    void Multipart(Part part, List<PartStructure> children)
    {
        if (part.Boundary is null)
        {
            Skip();
            return;
        }
        _boundaries.Add(Encoding.UTF8.GetBytes("--" + part.Boundary));
        var own = _boundaries.Count - 1;
        Skip();
        while (_stop is (var index, false) && index == own)
        {
            _lines.Next();
            var (header, start, bodyStart) = Header();
            children.Add(Body(header, start, bodyStart, part.Subtype == "digest"));
        }
        _boundaries.RemoveAt(own);
        // What follows the closing boundary up to that of an outer part is nobody's.
        if (_stop.Index == own)
        {
            _lines.Next();
            Skip();
        }
    }

    /// <summary>Passes over text up to a boundary of an open multipart, or the end.</summary>
    void Skip()
    {
        while (_lines.HasLine && !AtBoundary())
            _lines.Next();
        if (!_lines.HasLine)
            _stop = (-1, false);
    }

    /// <summary>
    /// RFC 2046 §5.1.1: "boundary string comparisons must compare the boundary value with the beginning of each candidate line";
    /// of several that begin it, the longest is meant.
    /// </summary>
    bool AtBoundary()
    {
        var line = _lines.Line;
        if (_boundaries.Count == 0 || !_lines.StartsLine || !line.StartsWith("--"u8))
            return false;
        var best = -1;
        for (var i = _boundaries.Count - 1; i >= 0; i--)
            if (line.StartsWith(_boundaries[i]) && (best < 0 || _boundaries[i].Length > _boundaries[best].Length))
                best = i;
        if (best < 0)
            return false;
        var closes = line[_boundaries[best].Length..].StartsWith("--"u8);
        if (!closes && _parts >= MostParts)
            return false;
        _stop = (best, closes);
        return true;
    }

    static Envelope EnvelopeOf(HeaderFields header)
    {
        var from = AddressReader.Read(header["From"]);
        var (sender, replyTo) = (AddressReader.Read(header["Sender"]), AddressReader.Read(header["Reply-To"]));
        // RFC 3501 §7.4.2: Sender and Reply-To that are missing or empty are the same as From.
        return new(header["Date"], header["Subject"], from, sender.Count > 0 ? sender : from, replyTo.Count > 0 ? replyTo : from,
            AddressReader.Read(header["To"]), AddressReader.Read(header["Cc"]), AddressReader.Read(header["Bcc"]),
            header["In-Reply-To"], header["Message-ID"]);
    }

    public void Dispose() => _lines.Dispose();
}
