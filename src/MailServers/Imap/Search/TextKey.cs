using System.Text;
using MailStore;

namespace MailServers.Imap.Search;

/// <summary>BODY and TEXT: the string stands in a text part, decoded; TEXT looks into the headers too.</summary>
sealed class TextKey(string text, bool withHeader) : SearchKey
{
    public override int Cost => 3;

    public override async ValueTask<bool> MatchesAsync(SearchedMessage message)
    {
        if (message.Structure is not { } structure)
            return false;
        using var stream = message.OpenText();
        return stream is not null && (text.Length == 0 || await InMessageAsync(stream, structure, withHeader));
    }

    async ValueTask<bool> InMessageAsync(Stream stream, MessageStructure message, bool header) =>
        (header && await InHeaderAsync(stream, message.Root)) || await InPartAsync(stream, message.Root);

    async ValueTask<bool> InPartAsync(Stream stream, PartStructure part)
    {
        // An embedded message's header is part of the body of the message that holds it.
        if (part.Message is { } inner)
            return await InMessageAsync(stream, inner, header: true);
        foreach (var child in part.Children)
            if ((withHeader && await InHeaderAsync(stream, child)) || await InPartAsync(stream, child))
                return true;
        return part.Type.Equals("text", StringComparison.OrdinalIgnoreCase)
            && await PartText.ContainsAsync(stream, part.BodyStart, part.End, part.Encoding, Charset(part), text);
    }

    /// <summary>A header as it is and, when it has encoded words, as it reads.</summary>
    async ValueTask<bool> InHeaderAsync(Stream stream, PartStructure part)
    {
        const int longest = 256 * 1024;
        if (await PartText.ContainsAsync(stream, part.HeaderStart, part.BodyStart, "", "utf-8", text))
            return true;
        var header = new byte[Math.Min(part.BodyStart - part.HeaderStart, longest)];
        stream.Position = part.HeaderStart;
        var count = await stream.ReadAtLeastAsync(header, header.Length, throwOnEndOfStream: false);
        // RFC 5322 §2.2.3: unfolding takes the line end away and leaves the space.
        return HeaderText.Contains(Encoding.UTF8.GetString(header, 0, count).Replace("\r\n ", " ").Replace("\r\n\t", "\t"), text);
    }

    static string Charset(PartStructure part)
    {
        foreach (var (name, value) in part.Parameters)
            if (name.Equals("charset", StringComparison.OrdinalIgnoreCase))
                return value;
        return "utf-8";
    }
}
