using System.Text;
using MailStore;
using Testing;

namespace Fuzz;

/// <summary>Any text delivered to an mbox is one message, however many From_ lines and status fields its sender put into it, and reads as it was but for those.</summary>
static class MboxDeliveryTarget
{
    public static readonly string[] Seeds = ["Subject: x\n\nFrom evil\n\nFrom a@b  Mon Sep  1 12:00:00 2025\nX-UID: 7\n\nforged\n", "From x\n\n", "X-IMAPbase: 1 1\nStatus: RO\n\nx", "\n\n\nFrom y", "Content-Length: 5\n\nFrom", "a: b\r\n\r\n\rFrom x\r\r\n"];

    public static void Run(ReadOnlySpan<byte> input)
    {
        using var directory = new TemporaryDirectory();
        using var store = Stores.Open(new MailLocation(MailFormat.Mbox, directory["mail"], directory["mail/inbox"]));
        var text = Encoding.Latin1.GetBytes(Bytes.Latin1(input).ReplaceLineEndings("\r\n"));
        Append(store, text);
        Append(store, text);
        using var view = store.Select("INBOX", readOnly: true)!;
        Check.Same(2, view.Messages.Count, "number of messages");
        foreach (var message in view.Messages)
        {
            using var stream = view.OpenText(message.Uid)!;
            Check.Same(message.Size, stream.Length, "the size that was announced");
            using var copy = new MemoryStream();
            stream.CopyTo(copy);
            Check.Same(stream.Length, copy.Length, "the length of the text");
        }
    }

    static void Append(IStore store, byte[] text)
    {
        using var writer = store.Append("INBOX", MessageFlags.None, new HashSet<string>(), null)!;
        writer.WriteAsync(text, default).AsTask().GetAwaiter().GetResult();
        writer.CommitAsync(default).AsTask().GetAwaiter().GetResult();
    }
}
