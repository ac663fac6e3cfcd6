namespace MailStore.Structure;

/// <summary>The Content-… fields of a part, with the defaults of RFC 2045.</summary>
sealed record Part(
    string Type, string Subtype, IReadOnlyList<KeyValuePair<string, string>> Parameters, string? Boundary, string Encoding, string? Id,
    string? Description, string? Md5, string? Disposition, IReadOnlyList<KeyValuePair<string, string>> DispositionParameters,
    IReadOnlyList<string> Languages, string? Location)
{
    // RFC 2046 §5.1.1: at most 70 characters; longer ones are seen.
    const int LongestBoundary = 250;

    static readonly KeyValuePair<string, string> _ascii = new("charset", "us-ascii");

    public bool IsMultipart => Type == "multipart";

    public bool IsMessage => Type == "message" && Subtype == "rfc822";

    /// <param name="inDigest">RFC 2046 §5.1.5: parts of a digest are messages unless they say otherwise.</param>
    public static Part From(HeaderFields header, bool inDigest)
    {
        var (type, subtype, parameters) = ContentType(header["Content-Type"], inDigest);
        var (disposition, dispositionParameters) = header["Content-Disposition"] is { Length: > 0 } text ? ParameterReader.Read(text) : ("", []);
        var encoding = header["Content-Transfer-Encoding"] is { Length: > 0 } named ? ParameterReader.Read(named).Value.ToLowerInvariant() : "";
        var boundary = parameters.FirstOrDefault(p => p.Key == "boundary").Value;
        return new(type, subtype, parameters, boundary is { Length: > 0 and <= LongestBoundary } ? boundary : null,
            encoding.Length > 0 ? encoding : "7bit", header["Content-ID"], header["Content-Description"], header["Content-MD5"],
            disposition.Length > 0 ? disposition.ToLowerInvariant() : null, dispositionParameters,
            header["Content-Language"]?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [],
            header["Content-Location"]);
    }

    static (string, string, List<KeyValuePair<string, string>>) ContentType(string? text, bool inDigest)
    {
        if (text is null)
            return inDigest ? ("message", "rfc822", []) : ("text", "plain", [_ascii]);
        var (value, parameters) = ParameterReader.Read(text);
        var slash = value.IndexOf('/');
        var (type, subtype) = slash > 0 ? (value[..slash].Trim().ToLowerInvariant(), value[(slash + 1)..].Trim().ToLowerInvariant()) : ("", "");
        // RFC 2045 §5.2: what cannot be understood is text/plain.
        if (type.Length == 0 || subtype.Length == 0)
            (type, subtype) = ("text", "plain");
        if (type == "text" && !parameters.Exists(p => p.Key == "charset"))
            parameters.Add(_ascii);
        return (type, subtype, parameters);
    }
}
