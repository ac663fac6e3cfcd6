using System.Text;
using Microsoft.Win32.SafeHandles;
using MailStore.Maildir;
using MailStore.Names;

namespace MailStore;

/// <summary>
/// The file of subscribed names. Version 2: "V", tab, "2", an empty line, then one name a line with tabs between the hierarchy parts;
/// version 1: one name a line as on disk.
/// </summary>
sealed class SubscriptionFile(SafeFileHandle root, string fileName, char separator, Func<string, string?> problem, TimeProvider time)
{
    const int Limit = 4 << 20;

    public IReadOnlyList<string> Read()
    {
        var names = new List<string>();
        var lines = Encoding.UTF8.GetString(SmallFile.Read(root, fileName, Limit) ?? []).Split('\n');
        var isSecond = lines[0] == "V\t2";
        foreach (var line in lines.AsSpan(isSecond ? 1 : 0))
        {
            if (line.Length == 0)
                continue;
            var name = isSecond ? string.Join(separator, line.Split('\t').Select(Unescape)) : line;
            name = FolderName.Canonical(ModifiedUtf7.Decode(name) ?? name);
            if (problem(name) is null && !names.Contains(name))
                names.Add(name);
        }
        return names;
    }

    public void Change(string folder, bool subscribed)
    {
        using var held = DotLock.Take(root, fileName, time);
        var names = Read().ToList();
        if (names.Contains(folder) == subscribed)
            return;
        if (subscribed)
            names.Add(folder);
        else
            names.Remove(folder);
        var text = new StringBuilder("V\t2\n\n");
        foreach (var name in names)
            text.AppendJoin('\t', name.Split(separator).Select(part => Escape(ModifiedUtf7.Encode(part)))).Append('\n');
        SmallFile.Replace(root, fileName, Encoding.UTF8.GetBytes(text.ToString()));
    }

    // Dovecot's tab escape: SOH and a letter for the characters that structure the file.
    static string Escape(string part) => part.Replace("\x01", "\x01" + "1").Replace("\t", "\x01t").Replace("\r", "\x01r").Replace("\n", "\x01n");

    static string Unescape(string part) =>
        part.Replace("\x01t", "\t").Replace("\x01r", "\r").Replace("\x01n", "\n").Replace("\x01" + "1", "\x01");
}
