// Invariants of this file:
//  * Numbers and sizes are those of the session's beginning, whatever others do (RFC 1939 §5: the maildrop is a snapshot).
//  * Nothing is removed before Update, which only QUIT calls.
using MailStore;

namespace MailServers.Pop3;

/// <summary>The INBOX as one POP3 session sees it. Message numbers begin at 1.</summary>
sealed class Maildrop : IDisposable
{
    static readonly IReadOnlySet<string> _noKeywords = new HashSet<string>();

    readonly IMailboxView _view;
    readonly MessageInfo[] _messages;
    readonly bool[] _deleted, _retrieved;

    public Maildrop(IMailboxView view)
    {
        _view = view;
        _messages = [.. view.Messages];
        _deleted = new bool[_messages.Length];
        _retrieved = new bool[_messages.Length];
        TotalSize = _messages.Sum(m => m.Size);
    }

    /// <summary>All messages, deleted ones too.</summary>
    public int Total => _messages.Length;

    public long TotalSize { get; }

    public uint UidValidity => _view.UidValidity;

    /// <summary>Numbers of the messages that are not marked as deleted.</summary>
    public IEnumerable<int> Numbers => Enumerable.Range(1, _messages.Length).Where(n => !_deleted[n - 1]);

    public MessageInfo this[int number] => _messages[number - 1];

    public bool IsDeleted(int number) => _deleted[number - 1];

    public void Delete(int number) => _deleted[number - 1] = true;

    public void Retrieved(int number) => _retrieved[number - 1] = true;

    /// <summary>RFC 1939 §5 RSET: unmarks.</summary>
    public void Reset() => Array.Clear(_deleted);

    /// <summary>Null when it has vanished: another session removed it.</summary>
    public Stream? Open(int number) => _view.OpenText(this[number].Uid);

    /// <summary>RFC 1939 §6, the UPDATE state: removes what is marked. Returns how many.</summary>
    public int Update()
    {
        var uids = Uids(_deleted);
        if (uids.Length > 0)
        {
            _view.Store(uids, FlagChange.Add, MessageFlags.Deleted, _noKeywords);
            _view.Expunge(uids);
        }
        return uids.Length;
    }

    /// <summary>What was read is \Seen for IMAP, however the session ends.</summary>
    public void MarkSeen()
    {
        var uids = Uids(_retrieved);
        if (uids.Length > 0)
            _view.Store(uids, FlagChange.Add, MessageFlags.Seen, _noKeywords);
        Array.Clear(_retrieved);
    }

    public void Dispose() => _view.Dispose();

    uint[] Uids(bool[] chosen) => [.. _messages.Where((_, i) => chosen[i]).Select(m => m.Uid)];
}
