using System.Text;
using MailServers.Queue.Local;
using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;
using Sasl.Hosting.Unix;

namespace MailServers.Lmtp;

/// <summary>
/// Reads ~/.forward+extension or ~/.forward, whichever is there first. A file that others could have written or put there (a link, another owner,
/// writable by group or world) is not obeyed: the mail goes to the mailbox, and the log says why.
/// </summary>
static class Forward
{
    const int LargestFile = 64 * 1024;
    const int NonBlocking = 0x800;
    const int DeepestInclude = 5;

    public static ForwardPlan Read(LmtpDelivery delivery, string recipient, ILogger log)
    {
        var extension = UserName.Split(MailPath.LocalPart(recipient), delivery.RecipientDelimiter).Extension;
        string[] names = extension.Length > 0 && !extension.Contains('/')
            ? [$".forward{delivery.RecipientDelimiter[0]}{extension.ToLowerInvariant()}", ".forward"] : [".forward"];
        SafeFileHandle home;
        try
        {
            home = Files.OpenDirectory(delivery.Home);
        }
        catch (UnixException)
        {
            return ForwardPlan.Mailbox;
        }
        using (home)
        {
            foreach (var name in names)
            {
                var (isThere, text, reason) = ReadFile(home, name, delivery.Uid);
                if (!isThere)
                    continue;
                if (text is null)
                {
                    LmtpLog.ForwardIgnored(log, $"{delivery.Home}/{name}", reason);
                    return ForwardPlan.Mailbox;
                }
                return Parse(text, delivery, recipient);
            }
        }
        return ForwardPlan.Mailbox;
    }

    static ForwardPlan Parse(string text, LmtpDelivery delivery, string recipient)
    {
        var targets = new List<AliasTarget>();
        // What cannot be understood may have been meant to keep a mail from the mailbox: it waits until the user has mended it.
        return Collect(text, targets, 0) is { } error ? ForwardPlan.Fail(new(451, "4.3.5", $".forward: {error}")) : ForwardPlan.From(targets, delivery, recipient);
    }

    static string? Collect(string text, List<AliasTarget> targets, int depth)
    {
        var (items, error) = AliasTarget.Parse(text);
        if (error is not null)
            return error;
        foreach (var item in items)
        {
            if (item.Kind != TargetKind.Include)
            {
                targets.Add(item);
                continue;
            }
            if (depth >= DeepestInclude)
                return "includes nested too deep";
            try
            {
                using var directory = Files.OpenDirectory(Path.GetDirectoryName(item.Value)!);
                using var file = Files.OpenAt(directory, Path.GetFileName(item.Value), Files.ReadOnly | NonBlocking);
                if (Load(file) is not { } included || Collect(included, targets, depth + 1) is not null)
                    return $"cannot use {item.Value}";
            }
            catch (UnixException)
            {
                return $"cannot use {item.Value}";
            }
        }
        return null;
    }

    /// <summary>A text that is null for a file that is there: why it is not obeyed.</summary>
    static (bool IsThere, string? Text, string Reason) ReadFile(SafeFileHandle home, string name, uint uid)
    {
        try
        {
            // Non-blocking: a FIFO of that name must not hold the worker up. No links: openat2 refuses them.
            using var file = Files.OpenAt(home, name, Files.ReadOnly | NonBlocking);
            var status = Files.Status(file);
            if (!status.IsRegular)
                return (true, null, "not a regular file");
            if (status.Uid != uid && (status.Uid != 0 || status.Links != 1))
                return (true, null, "not owned by the user");
            if ((status.Mode & 0x12) != 0)
                return (true, null, "writable by group or world");
            return Load(file) is { } text ? (true, text, "") : (true, null, "too large");
        }
        catch (UnixException trouble) when (trouble.Error == UnixException.ENOENT)
        {
            return (false, null, "");
        }
        catch (UnixException trouble)
        {
            return (true, null, trouble.Error == UnixException.ELOOP ? "a symbolic link" : trouble.Message);
        }
    }

    static string? Load(SafeFileHandle file)
    {
        if (!Files.Status(file).IsRegular)
            return null;
        var bytes = new byte[LargestFile + 1];
        var length = 0;
        while (length < bytes.Length && RandomAccess.Read(file, bytes.AsSpan(length), length) is > 0 and var read)
            length += read;
        return length > LargestFile ? null : Encoding.UTF8.GetString(bytes, 0, length);
    }
}
