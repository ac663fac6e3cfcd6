using Microsoft.Win32.SafeHandles;
using MailStore.Text;

namespace MailStore.Mbox;

/// <summary>A message on its way in: its text in LF form in a nameless file.</summary>
sealed class MboxDelivery(SafeFileHandle text, MessageFlags flags, IReadOnlySet<string> keywords, DateTimeOffset date) : IDisposable
{
    readonly LineEndFilter _filter = new();
    readonly byte[] _buffer = new byte[16 * 1024 + 2];

    public SafeFileHandle Text => text;

    public long Length { get; private set; }

    public MessageFlags Flags => flags;

    public IReadOnlySet<string> Keywords => keywords;

    public DateTimeOffset Date => date;

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> piece, CancellationToken stop)
    {
        while (piece.Length > 0)
        {
            var part = piece[..Math.Min(piece.Length, _buffer.Length - 2)];
            var count = _filter.Filter(part.Span, _buffer);
            await RandomAccess.WriteAsync(text, _buffer.AsMemory(0, count), Length, stop);
            Length += count;
            piece = piece[part.Length..];
        }
    }

    public async ValueTask TakeAsync(Stream from, CancellationToken stop)
    {
        var buffer = new byte[16 * 1024];
        int count;
        while ((count = await from.ReadAsync(buffer, stop)) > 0)
            await WriteAsync(buffer.AsMemory(0, count), stop);
    }

    /// <summary>No more text.</summary>
    public void End()
    {
        var rest = _filter.End();
        RandomAccess.Write(text, rest, Length);
        Length += rest.Length;
    }

    public void Dispose() => text.Dispose();
}
