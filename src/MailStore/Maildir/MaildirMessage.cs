namespace MailStore.Maildir;

/// <summary>A message file as its folder knows it. Changed under the folder's locks only.</summary>
sealed class MaildirMessage(MaildirFolder folder, uint uid, string baseName)
{
    long _size = -1, _date = -1;

    public MaildirFolder Folder => folder;

    public uint Uid => uid;

    public string Base => baseName;

    /// <summary>Extra values of its line in dovecot-uidlist.</summary>
    public string? Extras { get; set; }

    public string FileName { get; set; } = "";

    public bool InNew { get; set; }

    /// <summary>It got its UID here and no session has taken it as \Recent: also one that came with flags, and so stands in cur/.</summary>
    public bool IsUnclaimed { get; set; }

    public bool IsRecent => InNew || IsUnclaimed;

    /// <summary>The last scan that saw the file.</summary>
    public int Seen { get; set; }

    public uint KeywordLetters { get; set; }

    public MessageInfo Info { get; set; } = null!;

    /// <summary>Size in CRLF form; zero when it is not known and the file is gone.</summary>
    public long Size
    {
        get
        {
            if (_size < 0)
                _size = MessageFileName.Field(baseName, 'W') ?? Extra('W') ?? -1;
            if (_size < 0)
                _size = folder.Measure(this) ?? -1;
            return Math.Max(0, _size);
        }
        set => _size = value;
    }

    public bool SizeIsMeasured { get; set; }

    public DateTimeOffset Date
    {
        get
        {
            if (_date < 0)
                _date = Math.Max(0, (folder.StatusOf(this)?.Modified ?? MessageFileName.Time(baseName) ?? DateTimeOffset.UnixEpoch).ToUnixTimeSeconds());
            return DateTimeOffset.FromUnixTimeSeconds(_date);
        }
    }

    public UidRecord Record => new(uid, Extras, baseName);

    long? Extra(char key)
    {
        foreach (var word in (Extras ?? "").Split(' '))
            if (word.Length > 1 && word[0] == key && long.TryParse(word.AsSpan(1), System.Globalization.NumberStyles.None, null, out var value))
                return value;
        return null;
    }
}

/// <summary>What sessions see of it; date and size are looked up when first asked for, so that a folder opens without touching its files.</summary>
sealed record MaildirInfo(MaildirMessage Message, MessageFlags Flags, IReadOnlySet<string> Keywords)
    : MessageInfo(Message.Uid, Flags, Keywords, default, 0)
{
    public override DateTimeOffset InternalDate { get => Message.Date; init { } }

    public override long Size { get => Message.Size; init { } }
}
