using MailStore;

namespace MailServers.Imap.Search;

/// <summary>A message under examination; structure and text are opened when a key asks.</summary>
sealed class SearchedMessage(IMailboxView view, int position)
{
    MessageStructure? _structure;
    bool _asked;

    public int Position => position;

    public MessageInfo Info { get; } = view.Messages[position];

    /// <summary>Null when the message has vanished.</summary>
    public MessageStructure? Structure
    {
        get
        {
            if (!_asked)
                (_structure, _asked) = (view.Structure(Info.Uid), true);
            return _structure;
        }
    }

    /// <summary>Null when the message has vanished. The caller disposes it.</summary>
    public Stream? OpenText() => view.OpenText(Info.Uid);
}
