using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Sasl.Hosting.Unix;

namespace MailStore.Maildir;

/// <summary>
/// The file dovecot-uidlist (version 3; version 1 is read), so that UIDs survive a change from or to Dovecot. New messages are
/// appended under the dot lock; the file is rewritten when most of its lines are stale. Not thread-safe.
/// </summary>
sealed class UidList(SafeFileHandle directory, TimeProvider time)
{
    public const string FileName = "dovecot-uidlist";
    const int Limit = 256 << 20;

    ulong _inode;
    long _end;
    string _header = "";
    bool _rewrite;

    public uint Validity { get; private set; }

    public uint Next { get; private set; } = 1;

    /// <summary>Lines in the file, also stale ones.</summary>
    public int Lines { get; private set; }

    public DotLock Lock() => DotLock.Take(directory, FileName, time);

    /// <summary>Tells the records that were added since the last call: all of them when the file is new. False when the file is missing or broken.</summary>
    public bool Read(Action<UidRecord> found)
    {
        try
        {
            using var handle = Files.OpenAt(directory, FileName, Files.ReadOnly | Files.NonBlocking);
            var status = Files.Status(handle);
            var again = status.Inode == _inode && status.Size >= _end;
            var content = SmallFile.ReadRest(handle, again ? _end : 0, Limit);
            if (content is null)
                return false;
            if (again)
                return ReadLines(content, 3, found);
            var first = content.AsSpan().IndexOf((byte)'\n');
            if (first < 0 || !ReadHeader(Encoding.UTF8.GetString(content.AsSpan(0, first)), out var version))
                return false;
            (_inode, _end, Lines) = (status.Inode, first + 1, 0);
            return ReadLines(content.AsSpan(first + 1), version, found);
        }
        catch (UnixException missing) when (missing.Error is UnixException.ENOENT or UnixException.ELOOP)
        {
            return false;
        }
    }

    bool ReadHeader(string line, out int version)
    {
        var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        version = words.Length > 0 && words[0] is "3" ? 3 : 1;
        var (validity, next) = (0u, 0u);
        if (version == 3)
        {
            var others = new StringBuilder();
            foreach (var word in words.AsSpan(1))
            {
                if (word[0] == 'V')
                    _ = uint.TryParse(word.AsSpan(1), NumberStyles.None, null, out validity);
                else if (word[0] == 'N')
                    _ = uint.TryParse(word.AsSpan(1), NumberStyles.None, null, out next);
                else
                    others.Append(' ').Append(word);
            }
            _header = others.ToString();
        }
        else if (words.Length == 3 && words[0] == "1")
        {
            _ = uint.TryParse(words[1], NumberStyles.None, null, out validity) && uint.TryParse(words[2], NumberStyles.None, null, out next);
            _rewrite = true;
        }
        if (validity == 0 || next == 0)
            return false;
        (Validity, Next) = (validity, next);
        return true;
    }

    bool ReadLines(ReadOnlySpan<byte> content, int version, Action<UidRecord> found)
    {
        while (content.IndexOf((byte)'\n') is >= 0 and var end)
        {
            Lines++;
            _end += end + 1;
            // A broken line costs its message the UID, not the others theirs.
            if (UidRecord.TryParse(content[..end], version, out var record))
            {
                if (record.Uid >= Next)
                    Next = record.Uid == uint.MaxValue ? record.Uid : record.Uid + 1;
                found(record);
            }
            content = content[(end + 1)..];
        }
        return true;
    }

    public uint Assign() => Next < uint.MaxValue ? Next++ : throw new IOException("the mailbox has used up its UIDs");

    /// <summary>Appends lines; the caller holds the lock and has just called <see cref="Read"/>. False when the file must be rewritten instead.</summary>
    public bool TryAppend(string lines, int count)
    {
        if (_inode == 0 || _rewrite)
            return false;
        try
        {
            using var handle = Files.OpenAt(directory, FileName, Files.WriteOnly | Files.NonBlocking);
            var status = Files.Status(handle);
            // A second name would make this a write into somebody else's file; a tail without line end is a torn write.
            if (!status.IsRegular || status.Inode != _inode || status.Size != _end || status.Links != 1)
                return false;
            var bytes = Encoding.UTF8.GetBytes(lines);
            RandomAccess.Write(handle, bytes, _end);
            _end += bytes.Length;
            Lines += count;
            return true;
        }
        catch (UnixException missing) when (missing.Error is UnixException.ENOENT or UnixException.ELOOP)
        {
            return false;
        }
    }

    /// <summary>Writes the whole file anew; the caller holds the lock.</summary>
    public void Rewrite(IEnumerable<UidRecord> records)
    {
        if (!_header.Contains(" G", StringComparison.Ordinal))
            _header += $" G{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16))}";
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"3 V{Validity} N{Next}{_header}\n");
        var lines = 0;
        foreach (var record in records)
        {
            text.Append(record.ToString());
            lines++;
        }
        var content = Encoding.UTF8.GetBytes(text.ToString());
        _inode = SmallFile.Replace(directory, FileName, content).Inode;
        (_end, Lines, _rewrite) = (content.Length, lines, false);
    }

    /// <summary>Begins a list where there is none (or none that can be read).</summary>
    public void Begin(uint validity)
    {
        if (Validity != 0)
            return;
        (Validity, _inode) = (validity, 0);
    }

    /// <summary>fdatasync of what was appended.</summary>
    public void Sync()
    {
        using var handle = Files.OpenAt(directory, FileName, Files.ReadOnly | Files.NonBlocking);
        Files.SyncData(handle);
    }
}
