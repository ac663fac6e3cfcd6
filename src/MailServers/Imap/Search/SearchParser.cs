// Invariants of this class:
//  * Nesting is bounded, so that a command of brackets or NOTs cannot exhaust the stack.
//  * Strings come out decoded: no key knows about charsets.
using System.Collections.Frozen;
using System.Text;
using MailServers.Imap.Wire;
using MailStore;

namespace MailServers.Imap.Search;

/// <summary>RFC 3501 §9 search: an optional charset and keys that must all match.</summary>
sealed class SearchParser(ImapDecoder arguments, IReadOnlyList<MessageInfo> messages)
{
    // A client that has no better way to say "one of these" sends a chain of ORs.
    const int Deepest = 500;


    static readonly FrozenDictionary<string, Func<SearchParser, SearchKey>> _keys = new Dictionary<string, Func<SearchParser, SearchKey>>
    {
        ["ALL"] = _ => new ListingKey((_, _) => true),
        ["ANSWERED"] = _ => Flag(MessageFlags.Answered, true),
        ["BCC"] = p => p.Addresses(e => e.Bcc),
        ["BEFORE"] = p => p.InternalDate((received, date) => received < date),
        ["BODY"] = p => new TextKey(p.ExpectText(), withHeader: false),
        ["CC"] = p => p.Addresses(e => e.Cc),
        ["DELETED"] = _ => Flag(MessageFlags.Deleted, true),
        ["DRAFT"] = _ => Flag(MessageFlags.Draft, true),
        ["FLAGGED"] = _ => Flag(MessageFlags.Flagged, true),
        ["FROM"] = p => p.Addresses(e => e.From),
        ["HEADER"] = p => p.Header(),
        ["KEYWORD"] = p => p.Keyword(true),
        ["LARGER"] = p => p.Size((size, limit) => size > limit),
        ["NEW"] = _ => new ListingKey((m, _) => (m.Flags & (MessageFlags.Recent | MessageFlags.Seen)) == MessageFlags.Recent),
        ["NOT"] = p => p.Not(),
        ["OLD"] = _ => Flag(MessageFlags.Recent, false),
        ["ON"] = p => p.InternalDate((received, date) => received == date),
        ["OR"] = p => p.Or(),
        ["RECENT"] = _ => Flag(MessageFlags.Recent, true),
        ["SEEN"] = _ => Flag(MessageFlags.Seen, true),
        ["SENTBEFORE"] = p => p.Sent((sent, date) => sent < date),
        ["SENTON"] = p => p.Sent((sent, date) => sent == date),
        ["SENTSINCE"] = p => p.Sent((sent, date) => sent >= date),
        ["SINCE"] = p => p.InternalDate((received, date) => received >= date),
        ["SMALLER"] = p => p.Size((size, limit) => size < limit),
        ["SUBJECT"] = p => p.Subject(),
        ["TEXT"] = p => new TextKey(p.ExpectText(), withHeader: true),
        ["TO"] = p => p.Addresses(e => e.To),
        ["UID"] = p => p.Uid(),
        ["UNANSWERED"] = _ => Flag(MessageFlags.Answered, false),
        ["UNDELETED"] = _ => Flag(MessageFlags.Deleted, false),
        ["UNDRAFT"] = _ => Flag(MessageFlags.Draft, false),
        ["UNFLAGGED"] = _ => Flag(MessageFlags.Flagged, false),
        ["UNKEYWORD"] = p => p.Keyword(false),
        ["UNSEEN"] = _ => Flag(MessageFlags.Seen, false),
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    Encoding _charset = Charsets.Strict(Encoding.UTF8);
    int _depth;

    /// <summary>The charset that the client named and that we do not have (RFC 3501 §7.1 BADCHARSET).</summary>
    public string? UnknownCharset { get; private set; }

    public SearchKey Expect()
    {
        if (arguments.TryWord("CHARSET"))
        {
            arguments.ExpectSpace();
            var charset = arguments.ExpectAsciiString();
            if (Charsets.TryFind(charset) is { } known)
                _charset = known;
            else
                UnknownCharset = charset;
            arguments.ExpectSpace();
        }
        return ExpectKeys(arguments.ExpectEnd);
    }

    AndKey ExpectKeys(Action end)
    {
        var keys = new List<SearchKey>();
        do
            keys.Add(ExpectKey());
        while (arguments.TrySpace());
        end();
        return new AndKey(keys);
    }

    SearchKey ExpectKey()
    {
        if (++_depth > Deepest)
            arguments.Fail("Search is nested too deeply.");
        var key = arguments.TryByte('(') ? ExpectKeys(() => arguments.ExpectByte(')'))
            : arguments.PeekSequenceSet ? Numbers() : Named();
        _depth--;
        return key;
    }

    SearchKey Named()
    {
        var name = arguments.ExpectAtom("Missing search key.");
        if (_keys.TryGetValue(name, out var key))
            return key(this);
        arguments.Fail($"Unknown search key {name}.");
        return new ListingKey((_, _) => false);
    }

    NotKey Not()
    {
        arguments.ExpectSpace();
        return new(ExpectKey());
    }

    OrKey Or()
    {
        arguments.ExpectSpace();
        var left = ExpectKey();
        arguments.ExpectSpace();
        return new(left, ExpectKey());
    }

    ListingKey Numbers()
    {
        var ranges = arguments.ExpectSequenceSet().Resolve((uint)messages.Count);
        return new((_, position) => Contains(ranges, (uint)position + 1));
    }

    ListingKey Uid()
    {
        arguments.ExpectSpace();
        var ranges = arguments.ExpectSequenceSet().Resolve(messages.Count > 0 ? messages[^1].Uid : 0);
        return new((message, _) => Contains(ranges, message.Uid));
    }

    static bool Contains(List<(uint From, uint To)> ranges, uint number)
    {
        var (low, high) = (0, ranges.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (ranges[middle].To < number)
                low = middle + 1;
            else
                high = middle;
        }
        return low < ranges.Count && ranges[low].From <= number;
    }

    static ListingKey Flag(MessageFlags flag, bool set) => new((message, _) => (message.Flags & flag) != 0 == set);

    ListingKey Keyword(bool set)
    {
        arguments.ExpectSpace();
        var keyword = arguments.ExpectAtom();
        return new((message, _) => message.Keywords.Contains(keyword, StringComparer.OrdinalIgnoreCase) == set);
    }

    ListingKey Size(Func<long, long, bool> compare)
    {
        arguments.ExpectSpace();
        var limit = arguments.ExpectNumber();
        return new((message, _) => compare(message.Size, limit));
    }

    /// <summary>"Disregarding time and timezone": the day as the date-time itself says it.</summary>
    ListingKey InternalDate(Func<DateOnly, DateOnly, bool> compare)
    {
        var date = ExpectDate();
        return new((message, _) => compare(DateOnly.FromDateTime(message.InternalDate.DateTime), date));
    }

    EnvelopeKey Sent(Func<DateOnly, DateOnly, bool> compare)
    {
        var date = ExpectDate();
        return new(envelope => SentDate.TryParse(envelope.Date, out var sent) && compare(sent, date));
    }

    EnvelopeKey Addresses(Func<Envelope, IReadOnlyList<MailAddress>> field)
    {
        var text = ExpectText();
        return new(envelope => HeaderText.Contains(field(envelope), text));
    }

    EnvelopeKey Subject()
    {
        var text = ExpectText();
        return new(envelope => HeaderText.Contains(envelope.Subject ?? "", text));
    }

    HeaderKey Header()
    {
        arguments.ExpectSpace();
        var name = arguments.ExpectAsciiString();
        return new(name, ExpectText());
    }

    DateOnly ExpectDate()
    {
        arguments.ExpectSpace();
        if (ImapDate.TryParseDate(arguments.ExpectAsciiString(), out var date))
            return date;
        arguments.Fail("Invalid search date.");
        return default;
    }

    string ExpectText()
    {
        arguments.ExpectSpace();
        var bytes = arguments.ExpectAString();
        if (UnknownCharset is not null)
            return "";
        try
        {
            return _charset.GetString(bytes.Span);
        }
        catch (DecoderFallbackException)
        {
            arguments.Fail("Search string is not valid in its charset.");
            return "";
        }
    }
}
