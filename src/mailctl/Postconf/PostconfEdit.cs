using System.Text;
using Sasl.Hosting.Configuration;
using Sasl.Hosting.Unix;

namespace MailControl.Postconf;

/// <summary>
/// postconf -e, -X and -#: changes main.cf in place. Comments and the order stay; the new file takes the old one's name in one step, with
/// its owner and mode, so a reader sees the old text or the new one and a power cut loses neither.
/// </summary>
static class PostconfEdit
{
    public static int Run(CommandContext context, PostconfOptions options, string file)
    {
        // A null value: the entry goes.
        var edits = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var argument in options.Names)
        {
            if (argument.AsSpan().IndexOfAny('\n', '\r', '\0') >= 0)
                return context.Fail("fatal: -e, -X, or -# accepts no multi-line input");
            if (options.Mode == 'e')
            {
                if (!PostfixFile.TrySplit(argument, out var name, out var value, out var error))
                    return context.Fail($"fatal: {error}");
                edits[name] = value;
            }
            else if (argument.Contains('='))
                return context.Fail($"fatal: -X or -# requires names without value: \"{argument}\"");
            else
                edits[argument.Trim()] = null;
        }
        var target = File.ResolveLinkTarget(file, returnFinalTarget: true)?.FullName ?? file;
        var text = Apply(target, File.ReadAllText(target), edits, options.Mode == '#', context.Warn);
        Replace(target, text);
        return 0;
    }

    /// <summary>The edited text: entries are replaced where they stand, the first of each name and all its duplicates; new ones go to the end.</summary>
    public static string Apply(string file, string text, IReadOnlyDictionary<string, string?> edits, bool commentOut, Action<string> warn)
    {
        var lines = text.Split('\n').ToList();
        var endsWithNewline = lines[^1].Length == 0;
        if (endsWithNewline)
            lines.RemoveAt(lines.Count - 1);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var result = new List<string>(lines.Count);
        string? editing = null;
        foreach (var line in lines)
        {
            var content = line.AsSpan().Trim();
            if (content.IsEmpty || content[0] == '#')
            {
                // Comments stay, also those between the lines of an entry.
                result.Add(line);
                continue;
            }
            var isContinuation = char.IsWhiteSpace(line[0]);
            if (!isContinuation)
                editing = NameOf(line) is { } name && edits.ContainsKey(name) ? name : null;
            if (editing is null)
                result.Add(line);
            else if (commentOut)
                result.Add($"#{line}");
            else if (!isContinuation && edits[editing] is { } value)
                result.Add($"{editing} = {value}");
            if (!isContinuation && editing is not null && !seen.Add(editing))
                warn($"{file}: multiple entries for \"{editing}\"");
        }
        foreach (var (name, value) in edits.OrderBy(e => e.Key, StringComparer.Ordinal))
        {
            if (value is not null && !seen.Contains(name))
                result.Add($"{name} = {value}");
        }
        return result.Count == 0 ? "" : string.Join('\n', result) + "\n";
    }

    static string? NameOf(string line) => line.IndexOf('=') is var equals and > 0 ? line[..equals].Trim() : null;

    static void Replace(string file, string text)
    {
        var status = Files.Status(file)!.Value;
        using var directory = Files.OpenDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        var (name, temporary) = (Path.GetFileName(file), $"{Path.GetFileName(file)}.{Environment.ProcessId}.tmp");
        var path = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(file))!, temporary);
        try
        {
            using (var handle = Files.OpenAt(directory, temporary, Files.WriteOnly | Files.Create | Files.Exclusive, 0x180))
            {
                RandomAccess.Write(handle, Encoding.UTF8.GetBytes(text), 0);
                if (Identity.IsRoot)
                    Files.ChangeOwner(path, status.Uid, status.Gid);
                Files.ChangeMode(path, status.Permissions);
                Files.Sync(handle);
            }
            Files.RenameAt(directory, temporary, directory, name);
            Files.Sync(directory);
        }
        catch
        {
            Files.UnlinkAt(directory, temporary);
            throw;
        }
    }
}
