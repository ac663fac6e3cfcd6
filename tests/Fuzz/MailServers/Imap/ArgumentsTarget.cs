using System.Text;
using MailServers.Imap.Commands;
using MailServers.Imap.Fetch;
using MailServers.Imap.Search;
using MailServers.Imap.Wire;
using MailStore;

namespace Fuzz;

/// <summary>Arguments of IMAP commands, each grammar over any text: a value or a first error, never both, and never past the end.</summary>
static class ArgumentsTarget
{
    public static readonly string[] Seeds =
    [
        "(FLAGS BODY.PEEK[1.2.HEADER.FIELDS (DATE \"x y\")]<0.100> RFC822.SIZE)", "ALL", "BODY[TEXT]<4294967295.1>", "BODY[1.MIME]", "CHARSET UTF-8 OR FROM \"x\" NOT (SEEN 1:5,*:3)", "NOT NOT NOT ALL", "((((((ALL))))))", "HEADER x {3}\r\nabc SINCE 1-Feb-1994 UID 5:*",
        "\"\" \"INBOX.%\"", " \"a\" *a*a*a*%*", "(\\Seen \\Deleted $Junk keyword)", "\\Answered", "1:*,5,4294967295,*:1", "\"quo\\\"ted\" {3+}\r\nxyz NIL", "\"&2D3eAA-\"", "\"17-Jul-1996 02:44:25 -0700\"", "{5}", "INBOX (\\Seen) {310}", "\"x\\y\"",
    ];

    static readonly MessageInfo[] _messages = [.. Enumerable.Range(1, 5).Select(i => new MessageInfo((uint)(i * 10), MessageFlags.Seen, new HashSet<string>(), DateTimeOffset.UnixEpoch, 100))];

    static readonly Action<ImapDecoder>[] _grammars =
    [
        d => Check.That(FetchParser.Expect(d).All(i => d.Failed || (i.Attribute == FetchAttribute.Section) == i.Section is not null), "an item without its section"),
        d => new SearchParser(d, _messages).Expect(),
        d => ListPattern.Expect(d, '.', out _, out _)?.Matches(new string('a', 300)),
        d => FlagList.Expect(d),
        d => FlagList.Expect(d, bare: true),
        d => Resolves(d.ExpectSequenceSet()),
        d =>
        {
            d.ExpectMailbox('/');
            d.ExpectSpace();
            d.ExpectListMailbox();
        },
        d =>
        {
            d.ExpectString();
            d.ExpectSpace();
            d.ExpectAString();
            d.ExpectSpace();
            d.ExpectNString();
            d.ExpectEnd();
        },
        d => d.ExpectList(() => d.ExpectNumber()),
        d => d.ExpectLiteralAhead(),
    ];

    public static void Run(ReadOnlySpan<byte> input)
    {
        var command = input.ToArray();
        foreach (var grammar in _grammars)
        {
            var decoder = new ImapDecoder(command);
            grammar(decoder);
            if (decoder.Error is { } error)
                Check.IsOneLine(error, "an error");
        }
        Dates(Encoding.Latin1.GetString(input));
        if (LiteralHeader.TryFindAtEnd(input, out var size, out _, out var start))
            Check.That(size >= 0 && start < input.Length && input[start] == '{', "a literal that is none");
    }

    static void Resolves(SequenceSet set)
    {
        var before = 0L;
        foreach (var (from, to) in set.Resolve(1000))
        {
            Check.That(from > before && from <= to, "ranges that are not ascending and apart");
            before = to + 1L;
        }
        if (MessageSet.Resolve(_messages, set, byUid: true) is { } ranges)
            Check.That(MessageSet.Positions(ranges).All(p => p >= 0 && p < _messages.Length), "a message that is not there");
        Check.That(MessageSet.Resolve(_messages, set, byUid: false) is not { } numbers || MessageSet.Positions(numbers).All(p => p >= 0 && p < _messages.Length), "a number that is not there");
    }

    static void Dates(string text)
    {
        _ = ImapDate.TryParseDate(text, out _);
        _ = SentDate.TryParse(text, out _);
        if (!ImapDate.TryParseDateTime(text, out var time))
            return;
        Span<byte> written = stackalloc byte[40];
        var length = ImapDate.Format(time, written);
        Check.That(ImapDate.TryParseDateTime(Encoding.ASCII.GetString(written[1..(length - 1)]), out var again) && again.EqualsExact(time), "a date written again");
    }
}
