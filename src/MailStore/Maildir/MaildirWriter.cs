using System.Buffers;
using Microsoft.Win32.SafeHandles;
using MailStore.Text;
using Sasl.Hosting.Unix;

namespace MailStore.Maildir;

/// <summary>
/// One message on its way: tmp file, write, fsync, rename into new/ or cur/, fsync of the directory; then it is said to be stored.
/// </summary>
sealed class MaildirWriter : IMessageWriter
{
    const int BufferSize = 64 * 1024;

    readonly MaildirStore _store;
    readonly MaildirFolder _folder;
    readonly MessageFlags _flags;
    readonly IReadOnlySet<string> _keywords;
    readonly DateTimeOffset? _date;
    readonly string _name;
    readonly SafeFileHandle _file;
    readonly LineEndFilter _filter = new();
    byte[]? _buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
    int _count;
    long _at;
    bool _done, _disposed;

    public MaildirWriter(MaildirStore store, MaildirFolder folder, MessageFlags flags, IReadOnlySet<string> keywords, DateTimeOffset? date)
    {
        (_store, _folder, _flags, _keywords, _date) = (store, folder, flags, keywords, date);
        _name = store.Names.Next();
        _file = Files.OpenAt(folder.Tmp, _name, Files.WriteOnly | Files.Create | Files.Exclusive, 0x180);
    }

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> text, CancellationToken stop)
    {
        while (text.Length > 0)
        {
            var piece = text[..Math.Min(text.Length, BufferSize - _count - 2)];
            _count += _filter.Filter(piece.Span, _buffer.AsSpan(_count));
            text = text[piece.Length..];
            if (_count >= BufferSize - 4)
                await FlushAsync(stop);
        }
    }

    async ValueTask FlushAsync(CancellationToken stop)
    {
        if (_count > 0)
            await RandomAccess.WriteAsync(_file, _buffer.AsMemory(0, _count), _at, stop);
        (_at, _count) = (_at + _count, 0);
    }

    public async ValueTask<(uint UidValidity, uint Uid)> CommitAsync(CancellationToken stop)
    {
        var rest = _filter.End();
        rest.CopyTo(_buffer.AsSpan(_count));
        _count += rest.Length;
        await FlushAsync(stop);
        if (_date is { } date)
            File.SetLastWriteTimeUtc(_file, date.UtcDateTime);
        await Task.Run(() => Files.Sync(_file), stop);
        var baseName = $"{_name},S={_filter.Written},W={_filter.CrlfSize}";
        var messages = _folder.Publish([new(_name, baseName, _flags, _keywords, _filter.CrlfSize)]);
        _done = true;
        await _folder.MakeDurableAsync(messages);
        return (_folder.UidValidity, messages[0].Uid);
    }

    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        _file.Dispose();
        if (!_done)
            Files.UnlinkAt(_folder.Tmp, _name);
        if (_buffer is { } buffer)
            ArrayPool<byte>.Shared.Return(buffer);
        _buffer = null;
        _store.Release(_folder);
    }
}
