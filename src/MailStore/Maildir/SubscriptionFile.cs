using System.Text;
using Microsoft.Win32.SafeHandles;
using MailStore.Names;

namespace MailStore.Maildir;

/// <summary>
/// The file subscriptions. Version 2: "V", tab, "2", an empty line, then one name a line with tabs between the hierarchy parts;
/// version 1: one name a line as on disk.
/// </summary>
static class SubscriptionFile
{
    const string FileName = "subscriptions";
    const int Limit = 4 << 20;

    public static IReadOnlyList<string> Read(SafeFileHandle root)
    {
        var names = new List<string>();
        var lines = Encoding.UTF8.GetString(SmallFile.Read(root, FileName, Limit) ?? []).Split('\n');
        var isSecond = lines[0] == "V\t2";
        foreach (var line in lines.AsSpan(isSecond ? 1 : 0))
        {
            if (line.Length == 0)
                continue;
            var name = isSecond ? string.Join(FolderName.Separator, line.Split('\t').Select(Unescape)) : line;
            name = FolderName.Canonical(ModifiedUtf7.Decode(name) ?? name);
            if (FolderName.Problem(name) is null && !names.Contains(name))
                names.Add(name);
        }
        return names;
    }

    public static void Change(SafeFileHandle root, string folder, bool subscribed, TimeProvider time)
    {
        using var held = DotLock.Take(root, FileName, time);
        var names = Read(root).ToList();
        if (names.Contains(folder) == subscribed)
            return;
        if (subscribed)
            names.Add(folder);
        else
            names.Remove(folder);
        var text = new StringBuilder("V\t2\n\n");
        foreach (var name in names)
            text.AppendJoin('\t', name.Split(FolderName.Separator).Select(part => Escape(ModifiedUtf7.Encode(part)))).Append('\n');
        SmallFile.Replace(root, FileName, Encoding.UTF8.GetBytes(text.ToString()));
    }

    // Dovecot's tab escape: SOH and a letter for the characters that structure the file.
    static string Escape(string part) => part.Replace("\x01", "\x01" + "1").Replace("\t", "\x01t").Replace("\r", "\x01r").Replace("\n", "\x01n");

    static string Unescape(string part) =>
        part.Replace("\x01t", "\t").Replace("\x01r", "\r").Replace("\x01n", "\n").Replace("\x01" + "1", "\x01");
}
