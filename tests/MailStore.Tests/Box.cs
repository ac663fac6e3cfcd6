using System.Text;
using Testing;

namespace MailStore.Tests;

/// <summary>A maildir of the test's own and the few things every test does with it.</summary>
sealed class Box : IDisposable
{
    static readonly HashSet<string> _none = [];

    readonly TemporaryDirectory _directory = new();

    public Box(string name = "Maildir")
    {
        Path = _directory[name];
        Store = Open();
    }

    public string Path { get; }

    public IStore Store { get; private set; }

    public string this[string name] => System.IO.Path.Combine(Path, name);

    public IStore Open() => Stores.Open(new MailLocation(MailFormat.Maildir, Path, null));

    public void Reopen()
    {
        Store.Dispose();
        Store = Open();
    }

    public IMailboxView Select(string folder = "INBOX", bool readOnly = false) =>
        Store.Select(folder, readOnly) ?? throw new InvalidOperationException($"no folder {folder}");

    public async Task<uint> AppendAsync(string text, string folder = "INBOX", MessageFlags flags = MessageFlags.None,
        DateTimeOffset? date = null, params string[] keywords)
    {
        using var writer = Store.Append(folder, flags, keywords.Length == 0 ? _none : new HashSet<string>(keywords), date)!;
        await writer.WriteAsync(Encoding.Latin1.GetBytes(text), CancellationToken.None);
        return (await writer.CommitAsync(CancellationToken.None)).Uid;
    }

    /// <summary>A message as another program (Postfix) delivers it.</summary>
    public void Drop(string name, string text, string part = "new", string folder = "")
    {
        var directory = System.IO.Path.Combine(Path, folder);
        File.WriteAllText(System.IO.Path.Combine(directory, "tmp", "drop"), text);
        File.Move(System.IO.Path.Combine(directory, "tmp", "drop"), System.IO.Path.Combine(directory, part, name));
    }

    public string[] Files(string part) => [.. Directory.GetFiles(this[part]).Select(f => System.IO.Path.GetFileName(f)).Order(StringComparer.Ordinal)];

    /// <summary>The file of a message, by its UID in the list.</summary>
    public string FileOf(uint uid)
    {
        var line = File.ReadLines(this["dovecot-uidlist"]).Single(l => l.StartsWith($"{uid} ", StringComparison.Ordinal));
        return Directory.GetFiles(this["cur"], line[(line.IndexOf(':') + 1)..] + "*").Single();
    }

    public static string Text(IMailboxView view, uint uid)
    {
        using var stream = view.OpenText(uid) ?? throw new InvalidOperationException($"message {uid} is gone");
        using var all = new MemoryStream();
        stream.CopyTo(all);
        Assert.Equal(stream.Length, all.Length);
        return Encoding.Latin1.GetString(all.ToArray());
    }

    public static IReadOnlySet<string> Keywords(params string[] names) => new HashSet<string>(names);

    public void Dispose()
    {
        Store.Dispose();
        _directory.Dispose();
    }
}
