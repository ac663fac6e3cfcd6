using MailStore;

namespace MailServers.Imap.Search;

/// <summary>One criterion of RFC 3501 §6.4.4. Cheap ones are asked first; whoever needs a message's text is asked last.</summary>
abstract class SearchKey
{
    /// <summary>0: from the listing; 1: from the envelope; 2: reads the header; 3: reads the whole text.</summary>
    public abstract int Cost { get; }

    public abstract ValueTask<bool> MatchesAsync(SearchedMessage message);
}

/// <summary>What the listing answers: flags, dates, sizes, numbers.</summary>
sealed class ListingKey(Func<MessageInfo, int, bool> matches) : SearchKey
{
    public override int Cost => 0;

    public override ValueTask<bool> MatchesAsync(SearchedMessage message) => new(matches(message.Info, message.Position));
}

/// <summary>What the envelope answers: addresses, subject, the Date field.</summary>
sealed class EnvelopeKey(Func<Envelope, bool> matches) : SearchKey
{
    public override int Cost => 1;

    public override ValueTask<bool> MatchesAsync(SearchedMessage message) => new(message.Structure is { } structure && matches(structure.Envelope));
}

sealed class NotKey(SearchKey key) : SearchKey
{
    public override int Cost => key.Cost;

    public override async ValueTask<bool> MatchesAsync(SearchedMessage message) => !await key.MatchesAsync(message);
}

sealed class OrKey(SearchKey left, SearchKey right) : SearchKey
{
    readonly (SearchKey Cheap, SearchKey Dear) _keys = left.Cost <= right.Cost ? (left, right) : (right, left);

    public override int Cost => _keys.Dear.Cost;

    public override async ValueTask<bool> MatchesAsync(SearchedMessage message) =>
        await _keys.Cheap.MatchesAsync(message) || await _keys.Dear.MatchesAsync(message);
}

sealed class AndKey : SearchKey
{
    readonly SearchKey[] _keys;

    public AndKey(IEnumerable<SearchKey> keys) => _keys = [.. keys.OrderBy(k => k.Cost)];

    public override int Cost => _keys[^1].Cost;

    public override async ValueTask<bool> MatchesAsync(SearchedMessage message)
    {
        foreach (var key in _keys)
            if (!await key.MatchesAsync(message))
                return false;
        return true;
    }
}
