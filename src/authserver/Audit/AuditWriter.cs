// Invariants of this file:
//  * Lines are added only under the lock, behind the last line that is there: two processes at a reload make one chain.
//  * What could not be written whole is taken back: no half line stands in front of a whole one.
using System.Buffers;
using AuthServer.Composition;
using Microsoft.Win32.SafeHandles;
using Sasl.Hosting.Unix;
using Sasl.Protocols.Audit;

namespace AuthServer.Audit;

/// <summary>Adds lines to the audit log's file and keeps the chain: over restarts, rotation by us or by others, and a reload. One caller at a time.</summary>
/// <param name="stateDirectory">Where the key is, the head and the lock.</param>
/// <param name="largest">Bytes from which on a new file is begun; 0: never.</param>
sealed class AuditWriter(string path, string stateDirectory, long largest) : IDisposable
{
    public const string LockName = "audit.lock";

    /// <summary>Old files that are kept: PATH.1 is the youngest.</summary>
    public const int MostFiles = 8;

    static readonly TimeSpan _patience = TimeSpan.FromSeconds(2), _lockPause = TimeSpan.FromMilliseconds(5);

    byte[]? _key;
    SafeFileHandle? _lock, _file, _headFile;
    AuditHead _head = new(0, AuditLine.NoSeal);
    ulong _inode;
    long _length = -1;

    public string Path => path;

    public long Largest => largest;

    /// <summary>Writes the entries with the next numbers, and makes sure that they are on the disk. What was found wrong with the file before, in words.</summary>
    /// <exception cref="IOException">Nothing was written.</exception>
    public IReadOnlyList<string> Append(IReadOnlyList<AuditEntry> entries)
    {
        Prepare();
        WaitForLock();
        try
        {
            var suspicions = new List<string>();
            Open();
            var isTorn = CatchUp(suspicions);
            if (largest > 0 && _length >= largest)
                Rotate();
            Write(entries, isTorn);
            return suspicions;
        }
        finally
        {
            // Closing it is what lets go.
            _lock!.Dispose();
            _lock = null;
        }
    }

    public void Dispose()
    {
        _file?.Dispose();
        _headFile?.Dispose();
    }

    void Prepare()
    {
        _key ??= StateDirectory.Key(stateDirectory, AuditHead.KeyName, AuditLine.KeySize);
        if (_headFile is not null)
            return;
        using var directory = Files.OpenDirectory(stateDirectory);
        _headFile = Files.OpenAt(directory, AuditHead.FileName, Files.ReadWrite | Files.Create, 0x180);
    }

    void WaitForLock()
    {
        _lock = StateDirectory.OpenLock(stateDirectory, LockName);
        for (var waited = TimeSpan.Zero; !Files.TryLock(_lock); waited += _lockPause)
        {
            if (waited > _patience)
            {
                _lock.Dispose();
                _lock = null;
                throw new IOException($"{LockName} is held by another process");
            }
            Thread.Sleep(_lockPause);
        }
    }

    /// <summary>The file that has the name now: somebody may have rotated it.</summary>
    void Open()
    {
        if (_file is not null && Files.Status(path) is { } status && status.Inode == _inode)
            return;
        _file?.Dispose();
        (_file, _length) = (null, -1);
        using var directory = Files.OpenDirectory(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!);
        _file = Files.OpenAt(directory, System.IO.Path.GetFileName(path), Files.ReadWrite | Files.Create, 0x180);
        _inode = Files.Status(path)?.Inode ?? 0;
    }

    /// <summary>From where the chain goes on: as we left it, or as another process did. True when the last line was cut short.</summary>
    bool CatchUp(List<string> suspicions)
    {
        var length = RandomAccess.GetLength(_file!);
        if (length == _length)
            return false;
        var isFirst = _length < 0;
        _length = length;
        var (last, isTorn) = ReadTail(length);
        var head = ReadHead();
        if (last is null)
        {
            if (length > 0)
                suspicions.Add("it ends in lines that the auth server has not written");
            _head = head ?? _head;
        }
        else
        {
            if (head is not null && head.Sequence > last.Sequence)
                suspicions.Add($"lines were cut off its end: {head.Sequence} were written, and {last.Sequence} is the last");
            else if (!isFirst && last.Sequence < _head.Sequence)
                suspicions.Add("it has become shorter");
            _head = head is not null && head.Sequence > last.Sequence ? head : last;
        }
        if (!isTorn)
            return false;
        RandomAccess.Write(_file!, "\n"u8, _length++);
        return true;
    }

    (AuditHead? Last, bool IsTorn) ReadTail(long length)
    {
        var tail = new byte[Math.Min(length, 4 * AuditLine.LongestLine)];
        var count = RandomAccess.Read(_file!, tail, length - tail.Length);
        ReadOnlySpan<byte> rest = tail.AsSpan(0, count);
        var isTorn = rest.Length > 0 && rest[^1] != '\n';
        while (!rest.IsEmpty)
        {
            rest = rest[^1] == '\n' ? rest[..^1] : rest;
            var from = rest.LastIndexOf((byte)'\n') + 1;
            if (AuditLine.TryParse(rest[from..], _key) is { IsGenuine: true } line)
                return (new(line.Entry.Sequence, line.Seal), isTorn);
            rest = rest[..from];
        }
        return (null, isTorn);
    }

    AuditHead? ReadHead()
    {
        var bytes = new byte[64];
        return AuditHead.TryParse(bytes.AsSpan(0, RandomAccess.Read(_headFile!, bytes, 0)));
    }

    void Write(IReadOnlyList<AuditEntry> entries, bool isTorn)
    {
        var lines = new ArrayBufferWriter<byte>(entries.Count * 512);
        var head = _head;
        foreach (var entry in entries)
        {
            var next = entry with { Sequence = head.Sequence + 1, IsAfterTorn = isTorn };
            head = new(next.Sequence, AuditLine.Write(next, head.Seal, _key, lines));
            isTorn = false;
        }
        try
        {
            RandomAccess.Write(_file!, lines.WrittenSpan, _length);
            Files.SyncData(_file!);
        }
        catch (IOException)
        {
            TakeBack();
            throw;
        }
        (_head, _length) = (head, _length + lines.WrittenCount);
        RandomAccess.Write(_headFile!, head.ToBytes(), 0);
    }

    void TakeBack()
    {
        try
        {
            RandomAccess.SetLength(_file!, _length);
        }
        catch (IOException)
        {
            // Then the next one to write finds half a line, and says so.
            _length = -1;
        }
    }

    /// <summary>audit.log becomes audit.log.1, that audit.log.2, and the oldest goes. The chain goes on in the new file.</summary>
    void Rotate()
    {
        for (var number = MostFiles - 1; number >= 1; number--)
        {
            if (File.Exists($"{path}.{number}"))
                File.Move($"{path}.{number}", $"{path}.{number + 1}", overwrite: true);
        }
        File.Move(path, $"{path}.1", overwrite: true);
        Open();
        _length = 0;
    }
}
