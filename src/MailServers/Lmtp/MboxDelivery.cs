using Microsoft.Win32.SafeHandles;
using Sasl.Hosting.Unix;

namespace MailServers.Lmtp;

/// <summary>
/// Appends to "/file": a regular file with one name and no execute bit, never through a link of that name; locked by fcntl and a dot lock as other
/// mail programs do; synced before it counts, cut back to its old length when it fails.
/// </summary>
static class MboxDelivery
{
    const int NonBlocking = 0x800;
    const int LockAttempts = 20;
    static readonly TimeSpan _lockDelay = TimeSpan.FromSeconds(1), _staleLock = TimeSpan.FromSeconds(500);

    public static async ValueTask<Reply> RunAsync(string path, ForwardedMail mail, CancellationToken stop)
    {
        var name = Path.GetFileName(path);
        SafeFileHandle directory, file;
        try
        {
            directory = Files.OpenDirectory(Path.GetDirectoryName(path)!);
        }
        catch (UnixException)
        {
            return new(551, "5.2.0", $"cannot open file: {path}");
        }
        using (directory)
        {
            try
            {
                file = Files.OpenAt(directory, name, Files.ReadWrite | Files.Create | NonBlocking, 0x180);
            }
            catch (UnixException trouble) when (trouble.Error is not (UnixException.ENOSPC or UnixException.EDQUOT))
            {
                return new(554, "5.2.0", trouble.Error == UnixException.ELOOP ? $"destination {path} is not a regular file" : $"cannot open file: {path}");
            }
            using (file)
            {
                if (Refuse(file, path) is { } refusal)
                    return refusal;
                if (!await LockAsync(directory, name, file, stop))
                    return new(451, "4.2.0", $"unable to lock {path} for exclusive access");
                try
                {
                    await AppendAsync(file, mail, stop);
                }
                finally
                {
                    Files.UnlinkAt(directory, name + ".lock");
                }
            }
        }
        return new(250, "2.0.0", $"delivered to file: {path}");
    }

    static Reply? Refuse(SafeFileHandle file, string path)
    {
        var status = Files.Status(file);
        if (!status.IsRegular)
            return new(554, "5.2.0", $"destination {path} is not a regular file");
        if (status.Links != 1)
            return new(554, "5.2.0", $"destination {path} has {status.Links} links");
        return (status.Mode & 0x49) != 0 ? new(554, "5.7.1", "file is executable") : null;
    }

    static async ValueTask AppendAsync(SafeFileHandle file, ForwardedMail mail, CancellationToken stop)
    {
        var start = RandomAccess.GetLength(file);
        var at = start;
        try
        {
            await MboxText.WriteAsync(mail, quoteFrom: true, text =>
            {
                RandomAccess.Write(file, text.Span, at);
                at += text.Length;
                return ValueTask.CompletedTask;
            }, stop);
            Files.Sync(file);
        }
        catch
        {
            RandomAccess.SetLength(file, start);
            throw;
        }
    }

    static async ValueTask<bool> LockAsync(SafeFileHandle directory, string name, SafeFileHandle file, CancellationToken stop)
    {
        var dotLock = name + ".lock";
        for (var attempt = 0; attempt < LockAttempts; attempt++)
        {
            if (attempt > 0)
                await Task.Delay(_lockDelay, stop);
            try
            {
                Files.OpenAt(directory, dotLock, Files.WriteOnly | Files.Create | Files.Exclusive, 0x124).Dispose();
            }
            catch (UnixException taken) when (taken.Error == UnixException.EEXIST)
            {
                if (Files.StatusAt(directory, dotLock) is { } old && DateTimeOffset.UtcNow - old.Modified > _staleLock)
                    Files.UnlinkAt(directory, dotLock);
                continue;
            }
            if (Files.TryLock(file))
                return true;
            Files.UnlinkAt(directory, dotLock);
        }
        return false;
    }
}
