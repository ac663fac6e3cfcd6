using MailStore;

namespace MailServers.Imap.Wire;

/// <summary>RFC 3501 §9 flag-list: system flags that a client may set, and keywords.</summary>
sealed class FlagList
{
    const int LongestKeyword = 255;

    readonly HashSet<string> _keywords = new(StringComparer.OrdinalIgnoreCase);

    public MessageFlags Flags { get; private set; }

    public IReadOnlySet<string> Keywords => _keywords;

    /// <summary>With parentheses, or (STORE only) without.</summary>
    public static FlagList Expect(ImapDecoder arguments, bool bare = false)
    {
        var list = new FlagList();
        if (!bare || arguments.Peek('('))
        {
            arguments.ExpectList(() => list.ExpectFlag(arguments));
            return list;
        }
        do
            list.ExpectFlag(arguments);
        while (arguments.TrySpace());
        return list;
    }

    void ExpectFlag(ImapDecoder arguments)
    {
        if (!arguments.TryByte('\\'))
        {
            var keyword = arguments.ExpectAtom();
            if (keyword.Length > LongestKeyword)
                arguments.Fail("Keyword is too long.");
            _keywords.Add(keyword);
            return;
        }
        var name = "\\" + arguments.ExpectAtom("Missing flag.");
        var flag = FlagNames.Settable(name);
        if (flag == MessageFlags.None)
            arguments.Fail($"Invalid system flag {name}.");
        Flags |= flag;
    }
}
