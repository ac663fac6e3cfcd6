using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Sasl.Protocols;

namespace MailServers.Queue.Store;

/// <summary>What changed about a message since it was taken: recipients that are done, recipients that forwarding added.</summary>
sealed record JournalEntry(IReadOnlyList<int> Done, IReadOnlyList<Recipient> Added, bool Warned = false);

/// <summary>
/// The journal beside a queue file. One change is one line with a checksum, appended in one write: after a crash a line is there whole
/// or not at all, and the first line that is not whole ends the journal.
/// </summary>
static class Journal
{
    public static byte[] Write(JournalEntry entry)
    {
        var fields = new List<string>();
        fields.AddRange(entry.Done.Select(i => $"d{i}"));
        fields.AddRange(entry.Added.Select(r => "a" + EnvelopeFormat.WriteRecipient(r)));
        if (entry.Warned)
            fields.Add("w");
        var text = TabLine.Join([.. fields]);
        return Encoding.UTF8.GetBytes($"{Checksum(Encoding.UTF8.GetBytes(text)):x8} {text}\n");
    }

    /// <summary>The entries that are whole, and how many bytes they take; what stands behind them is to be cut off.</summary>
    public static (List<JournalEntry> Entries, long Length) Read(SafeFileHandle file)
    {
        var bytes = new byte[RandomAccess.GetLength(file)];
        var read = 0;
        while (read < bytes.Length && RandomAccess.Read(file, bytes.AsSpan(read), read) is > 0 and var n)
            read += n;
        var entries = new List<JournalEntry>();
        var at = 0;
        while (bytes.AsSpan(at, read - at).IndexOf((byte)'\n') is >= 9 and var length && ReadLine(bytes.AsSpan(at, length)) is { } entry)
        {
            entries.Add(entry);
            at += length + 1;
        }
        return (entries, at);
    }

    static JournalEntry? ReadLine(ReadOnlySpan<byte> line)
    {
        if (!uint.TryParse(Encoding.ASCII.GetString(line[..8]), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var sum) || sum != Checksum(line[9..]))
            return null;
        var (done, added, warned) = (new List<int>(), new List<Recipient>(), false);
        foreach (var field in TabLine.Split(Encoding.UTF8.GetString(line[9..])))
        {
            switch (field)
            {
                case ['d', .. var index] when int.TryParse(index, NumberStyles.None, CultureInfo.InvariantCulture, out var i):
                    done.Add(i);
                    break;
                case ['a', .. var recipient]:
                    added.Add(EnvelopeFormat.ReadRecipient(TabLine.Split(recipient)));
                    break;
                case "w":
                    warned = true;
                    break;
            }
        }
        return new(done, added, warned);
    }

    // FNV-1a: tells a torn line from a whole one; nobody but us writes here.
    static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var hash = 2166136261u;
        foreach (var b in bytes)
            hash = (hash ^ b) * 16777619u;
        return hash;
    }
}
