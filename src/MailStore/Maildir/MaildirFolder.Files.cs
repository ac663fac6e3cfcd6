using Microsoft.Win32.SafeHandles;
using MailStore.Structure;
using MailStore.Text;
using Sasl.Hosting.Unix;

namespace MailStore.Maildir;

/// <summary>Work on single message files. A file that another program renamed meanwhile is looked for once more.</summary>
sealed partial class MaildirFolder
{
    readonly StructureCache _structures = new();

    SafeFileHandle Place(MaildirMessage message) => message.InNew ? _new : _cur;

    public FileStatus? StatusOf(MaildirMessage message) =>
        WithFile(message, static (directory, name) => Files.StatusAt(directory, name) ?? throw new UnixException("stat", UnixException.ENOENT), out var status)
            ? status : null;

    SafeFileHandle? OpenFile(MaildirMessage message)
    {
        if (!WithFile(message, static (directory, name) => Files.OpenAt(directory, name, Files.ReadOnly | Files.NonBlocking), out var file))
            return null;
        if (Files.Status(file).IsRegular)
            return file;
        file.Dispose();
        return null;
    }

    /// <summary>False when the message is gone, or a link or directory stands in its place.</summary>
    bool WithFile<T>(MaildirMessage message, Func<SafeFileHandle, string, T> action, out T result)
    {
        for (var attempt = 0; ; attempt++)
        {
            SafeFileHandle directory;
            string name;
            lock (_state)
                (directory, name) = (Place(message), message.FileName);
            try
            {
                result = action(directory, name);
                return true;
            }
            catch (UnixException missing) when (missing.Error is UnixException.ENOENT or UnixException.ELOOP)
            {
                if (attempt == 3 || missing.Error == UnixException.ELOOP)
                {
                    result = default!;
                    return false;
                }
                Rescan();
                if (Find(message.Uid) != message)
                    attempt = 2;
            }
        }
    }

    void Rescan()
    {
        lock (_disk)
            Scan();
    }

    public long? Measure(MaildirMessage message)
    {
        using var file = OpenFile(message);
        return file is null ? null : Measure(message, file);
    }

    static long Measure(MaildirMessage message, SafeFileHandle file)
    {
        message.SizeIsMeasured = true;
        return message.Size = CrlfStream.Measure(file, 0, Files.Status(file).Size);
    }

    /// <summary>The file itself.</summary>
    public SafeFileHandle? OpenRaw(MaildirMessage message) => OpenFile(message);

    /// <summary>A second name for the file in another directory; null when it is gone, false where links are impossible.</summary>
    public bool? TryLink(MaildirMessage message, SafeFileHandle target, string name)
    {
        try
        {
            return WithFile(message, (directory, file) =>
            {
                Files.LinkAt(directory, file, target, name);
                return true;
            }, out _) ? true : null;
        }
        catch (UnixException impossible) when (impossible.Error is not (UnixException.ENOSPC or UnixException.EDQUOT))
        {
            return false;
        }
    }

    /// <summary>Parsed once; the last few are kept.</summary>
    public MessageStructure? StructureOf(MaildirMessage message)
    {
        if (_structures.Find(message.Uid) is { } known)
            return known;
        using var text = OpenText(message);
        if (text is null)
            return null;
        var parsed = StructureParser.Parse(text);
        _structures.Keep(message.Uid, parsed);
        return parsed;
    }

    public Stream? OpenText(MaildirMessage message)
    {
        if (OpenFile(message) is not { } file)
            return null;
        try
        {
            // A wrong W= (another program's fault) would break the announced length: the first reader counts.
            var size = message.SizeIsMeasured ? message.Size : Measure(message, file);
            return new CrlfStream(file, 0, Files.Status(file).Size, size);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }
}
