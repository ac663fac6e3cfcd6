using MailStore.Mbox;
using Testing;

namespace Fuzz;

/// <summary>mbox files of any kind: messages follow each other without gaps, within the file, with rising UIDs.</summary>
static class MboxScannerTarget
{
    public static readonly string[] Seeds =
    [
        "From a@b  Mon Sep  1 12:00:00 2025\nX-IMAPbase: 1257 0000000002\nX-UID: 1\nStatus: RO\nX-Keywords: $Junk\n\nbody\n\nFrom b  Tue Sep  2 12:00 2025\nX-UID: 2\n\n>From x\n\n", "From \n", "From x\n\nFrom y\n\n\n\nFrom z", "no mbox\n",
        "From x\nX-IMAPbase: 4294967295 4294967295\nX-UID: 4294967295\n\n\nFrom x\nX-UID: 0\n\n", "From x\r\nStatus: D\r\nX-Status: AFTDRO\r\n\r\nbody\r\n\r\nFrom y\r\n\r\n", "From x\nX-IMAPbase: 1 1\n continued\n\n",
    ];

    static readonly TemporaryDirectory _directory = new();

    public static void Run(ReadOnlySpan<byte> input)
    {
        using var file = File.OpenHandle(_directory["mbox"], FileMode.Create, FileAccess.ReadWrite, FileShare.ReadWrite);
        RandomAccess.Write(file, input, 0);
        var scanner = new MboxScanner(DateTimeOffset.UnixEpoch);
        if (!scanner.Scan(file, input.Length))
        {
            Check.That(!input.StartsWith("From "u8), "an mbox is not recognised");
            return;
        }
        var (at, uid) = (0L, 0u);
        foreach (var message in scanner.Messages)
        {
            Check.Same(at, message.From, "where a message begins");
            Check.That(message.From < message.Header && message.Header <= message.Body && message.Body <= message.End && message.End <= message.Next && message.Next <= input.Length, "offsets out of order");
            Check.That(message.Uid > uid, "UIDs do not rise");
            Check.That(message.Size >= 0, "a negative size");
            (at, uid) = (message.Next, message.Uid);
        }
        Check.Same((long)input.Length, at, "where the last message ends");
        Check.That(uid <= scanner.Last, "a UID beyond the last");
    }
}
