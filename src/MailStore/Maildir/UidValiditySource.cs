using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Sasl.Hosting.Unix;

namespace MailStore.Maildir;

/// <summary>
/// UIDVALIDITY for new folders, never twice in one mail tree: the time, but above the last one given, which Dovecot's files
/// dovecot-uidvalidity (content) and dovecot-uidvalidity.xxxxxxxx (name) remember.
/// </summary>
sealed class UidValiditySource(SafeFileHandle root, TimeProvider time)
{
    const string FileName = "dovecot-uidvalidity";
    readonly Lock _gate = new();

    public uint Next()
    {
        lock (_gate)
        {
            using var held = DotLock.Take(root, FileName, time);
            var (last, marker) = Last();
            var next = Math.Max(last + 1, (uint)time.GetUtcNow().ToUnixTimeSeconds());
            var name = $"{FileName}.{next:x8}";
            if (marker is not null)
                Files.RenameAt(root, marker, root, name);
            else
                Files.OpenAt(root, name, Files.WriteOnly | Files.Create, 0x180).Dispose();
            SmallFile.Replace(root, FileName, Encoding.ASCII.GetBytes($"{next:x8}"));
            return next;
        }
    }

    (uint Last, string? Marker) Last()
    {
        var last = Parse(Encoding.ASCII.GetString(SmallFile.Read(root, FileName, 64) ?? []));
        string? marker = null;
        DirectoryEntries.Visit(root, (raw, type) =>
        {
            if (raw.Length != FileName.Length + 9 || type is not (EntryType.Regular or EntryType.Unknown))
                return;
            var name = Encoding.UTF8.GetString(raw);
            if (!name.StartsWith(FileName + ".", StringComparison.Ordinal) || Parse(name[^8..]) is not (> 0 and var value))
                return;
            (last, marker) = (Math.Max(last, value), marker is null || string.CompareOrdinal(name, marker) > 0 ? name : marker);
        });
        return (last, marker);
    }

    static uint Parse(string text) =>
        uint.TryParse(text.Trim(), NumberStyles.AllowHexSpecifier, null, out var value) && value < uint.MaxValue - 1 ? value : 0;
}
