using Sasl.Hosting.Configuration;
using Sasl.Hosting.Unix;

namespace Saslauthd.Defaults;

/// <summary>
/// The run directory as Debian's start script makes it: owner, group and mode from dpkg-statoverride, else root:sasl 0710. Who may ask is decided by it: the
/// members of group sasl.
/// </summary>
/// <param name="Mode">Permission bits.</param>
sealed record DebianDirectory(string Owner, string Group, uint Mode)
{
    const string Overrides = "/var/lib/dpkg/statoverride";

    static readonly DebianDirectory Usual = new("root", "sasl", 0x1C8);

    /// <summary>Makes the directory, or gives it what it should have. Somebody else than root takes it as it is.</summary>
    public static void Make(string path, List<Problem> problems)
    {
        if (!Identity.IsRoot)
            return;
        var wanted = (File.Exists(Overrides) ? Find(File.ReadLines(Overrides), path) : null) ?? Usual;
        if (Accounts.Find(wanted.Owner)?.Uid is not { } uid || Accounts.FindGroup(wanted.Group) is not { } gid)
        {
            problems.Add(new(path, 0, $"there is no user {wanted.Owner} or no group {wanted.Group}: the directory stays as it is", IsWarning: true));
            return;
        }
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(path))!);
            if (!Directory.Exists(path))
                Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            var status = Files.TargetStatus(path)!.Value;
            if (status.Uid != uid || status.Gid != gid)
                Files.ChangeOwner(path, uid, gid);
            if (status.Permissions != wanted.Mode)
                Files.ChangeMode(path, wanted.Mode);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            problems.Add(new(path, 0, failure.Message, IsWarning: true));
        }
    }

    /// <summary>"owner group mode path" a line.</summary>
    internal static DebianDirectory? Find(IEnumerable<string> overrides, string path)
    {
        foreach (var line in overrides)
        {
            if (line.Split(' ', 4) is [var owner, var group, var mode, var where] && where == Path.TrimEndingDirectorySeparator(path) && Octal(mode) is { } bits)
                return new(owner, group, bits);
        }
        return null;
    }

    static uint? Octal(string text)
    {
        var bits = 0u;
        foreach (var digit in text)
        {
            if (digit is < '0' or > '7' || bits > 0x1FF)
                return null;
            bits = (bits << 3) | (uint)(digit - '0');
        }
        return text.Length > 0 ? bits & 0xFFF : null;
    }
}
