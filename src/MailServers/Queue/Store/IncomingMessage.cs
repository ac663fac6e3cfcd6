using Microsoft.Win32.SafeHandles;

namespace MailServers.Queue.Store;

/// <summary>A message being written. Disposing without commit removes it.</summary>
sealed class IncomingMessage : IDisposable
{
    readonly QueueDirectory _queue;
    readonly SafeFileHandle _file;
    readonly long _textOffset;
    long _at;
    bool _published;

    internal IncomingMessage(QueueDirectory queue, string id, Envelope envelope, SafeFileHandle file)
    {
        (_queue, Id, Envelope, _file) = (queue, id, envelope, file);
        var head = EnvelopeFormat.Write(envelope);
        try
        {
            RandomAccess.Write(file, head, 0);
        }
        catch
        {
            Dispose();
            throw;
        }
        _at = _textOffset = head.Length;
    }

    public string Id { get; }

    public Envelope Envelope { get; }

    /// <summary>A write into the page cache: microseconds, no disk in between.</summary>
    public void Write(ReadOnlySpan<byte> text)
    {
        RandomAccess.Write(_file, text, _at);
        _at += text.Length;
    }

    /// <summary>Completes when the message would survive a power cut. IOException: it is not in the queue.</summary>
    public async Task<QueuedMessage> CommitAsync()
    {
        await _queue.PublishAsync(Id, _file);
        _published = true;
        return new(Id, Envelope, _textOffset, _at - _textOffset);
    }

    public void Dispose()
    {
        _file.Dispose();
        if (!_published)
            _queue.Abandon(Id);
    }
}
