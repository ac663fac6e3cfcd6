using MailServers.Queue.Store;
using Testing;

namespace Fuzz;

/// <summary>
/// Queue files and journals as a crash, or somebody with access to the spool, may have left them: an envelope or none; what was read writes the same
/// envelope; and the message that comes of it can be walked (whose forward was this?) without end.
/// </summary>
static class EnvelopeTarget
{
    public static readonly string[] Seeds =
    [
        "mail\t1\nfrom\ta@b\t1700000000000\t8bit\tutf8\tret=FULL\tenvid=x\nrcpt\tc@d\torcpt=e\tnotify=NEVER\nrcpt\tf\tparent=0\tsender=g\tmailbox\n\nSubject: x\r\n\r\n", "mail\t1\nfrom\t\t9223372036854775807\n\n", "mail\t1\nfrom\ta\t1\nrcpt\tx\tparent=0\nrcpt\ty\tparent=2\nrcpt\tz\tparent=1\n\n",
        "mail\t2\n\n", "mail\t1\nfrom\ta\t-99999999999999\nrcpt\tb\n\n", "811c9dc5 \n811c9dc5 d0\n", "\n\n", "mail\t1\nfrom\ta\nrcpt\n\n",
    ];

    static readonly TemporaryDirectory _directory = new();

    public static void Run(ReadOnlySpan<byte> input)
    {
        Log(input);
        if (EnvelopeFormat.Read(new MemoryStream(input.ToArray())) is not var (envelope, offset))
            return;
        Check.That(offset <= input.Length, "the text begins behind the file");
        var written = EnvelopeFormat.Write(envelope);
        Check.That(EnvelopeFormat.Read(new MemoryStream(written)) is var (again, _) && EnvelopeFormat.Write(again).AsSpan().SequenceEqual(written), "an envelope written again");
        var message = new QueuedMessage("1", envelope, offset, 0);
        Walk(message);
        // A line of the journal that is whole, its sum included, may still say anything.
        message.Apply(new JournalEntry([0, 5], [.. envelope.Recipients]));
        Walk(message);
    }

    static void Walk(QueuedMessage message)
    {
        foreach (var recipient in message.Recipients)
            Check.That(message.Ancestors(recipient).Take(message.Recipients.Count + 1).Count() <= message.Recipients.Count, "a recipient is its own ancestor");
    }

    static void Log(ReadOnlySpan<byte> input)
    {
        using var file = File.OpenHandle(_directory["journal"], FileMode.Create, FileAccess.ReadWrite, FileShare.ReadWrite);
        RandomAccess.Write(file, input, 0);
        var (entries, length) = Journal.Read(file);
        Check.That(length <= input.Length, "a journal longer than its file");
        // The sum only tells torn lines from whole ones.
        var line = Bytes.Utf8(input).Split('\n')[0];
        var sum = 2166136261u;
        foreach (var b in System.Text.Encoding.UTF8.GetBytes(line))
            sum = (sum ^ b) * 16777619u;
        RandomAccess.SetLength(file, 0);
        RandomAccess.Write(file, System.Text.Encoding.UTF8.GetBytes($"{sum:x8} {line}\n"), 0);
        (entries, _) = Journal.Read(file);
        var message = new QueuedMessage("1", new Envelope("a", DateTimeOffset.UnixEpoch) { Recipients = [new("x"), new("y")] }, 0, 0);
        foreach (var entry in entries)
        {
            message.Apply(entry);
            Walk(message);
            RandomAccess.SetLength(file, 0);
            RandomAccess.Write(file, Journal.Write(entry), 0);
            Check.Same(1, Journal.Read(file).Entries.Count, "entries written again");
        }
    }
}
