using MailServers.Imap.Wire;

namespace MailServers.Imap.Fetch;

/// <summary>RFC 3501 §9 fetch-att: one macro, one item or a list of items.</summary>
static class FetchParser
{
    static readonly (string Name, FetchItem[] Items)[] _macros =
    [
        ("ALL", [new(FetchAttribute.Flags), new(FetchAttribute.InternalDate), new(FetchAttribute.Size), new(FetchAttribute.Envelope)]),
        ("FAST", [new(FetchAttribute.Flags), new(FetchAttribute.InternalDate), new(FetchAttribute.Size)]),
        ("FULL", [new(FetchAttribute.Flags), new(FetchAttribute.InternalDate), new(FetchAttribute.Size), new(FetchAttribute.Envelope),
            new(FetchAttribute.Body)]),
    ];

    static readonly (string Name, FetchItem Item)[] _items =
    [
        ("UID", new(FetchAttribute.Uid)),
        ("FLAGS", new(FetchAttribute.Flags)),
        ("INTERNALDATE", new(FetchAttribute.InternalDate)),
        ("RFC822.SIZE", new(FetchAttribute.Size)),
        ("RFC822.HEADER", new(FetchAttribute.Section, BodySection.Rfc822Header)),
        ("RFC822.TEXT", new(FetchAttribute.Section, BodySection.Rfc822Text)),
        ("RFC822", new(FetchAttribute.Section, BodySection.Rfc822)),
        ("ENVELOPE", new(FetchAttribute.Envelope)),
        ("BODYSTRUCTURE", new(FetchAttribute.BodyStructure)),
    ];

    public static List<FetchItem> Expect(ImapDecoder arguments)
    {
        var items = new List<FetchItem>();
        if (arguments.Peek('('))
        {
            arguments.ExpectList(() =>
            {
                // Asked for twice is told once.
                if (ExpectItem(arguments) is var item && !items.Contains(item))
                    items.Add(item);
            });
            if (items.Count == 0)
                arguments.Fail("Empty FETCH list.");
            return items;
        }
        foreach (var (name, macro) in _macros)
            if (arguments.TryWord(name))
                return [.. macro];
        items.Add(ExpectItem(arguments));
        return items;
    }

    static FetchItem ExpectItem(ImapDecoder arguments)
    {
        foreach (var (name, item) in _items)
            if (arguments.TryWord(name))
                return item;
        if (arguments.TryWord("BODY.PEEK"))
            return new(FetchAttribute.Section, SectionParser.Expect(arguments, peek: true));
        if (!arguments.TryWord("BODY"))
            arguments.Fail("Unknown FETCH item.");
        return arguments.Peek('[') ? new(FetchAttribute.Section, SectionParser.Expect(arguments, peek: false)) : new(FetchAttribute.Body);
    }
}
