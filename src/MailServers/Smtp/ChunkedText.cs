using MailServers.Smtp.Content;

namespace MailServers.Smtp;

/// <summary>A text that comes in chunks (RFC 3030): where it goes and how far it is. Without a mail it only says that BDAT has failed.</summary>
sealed class ChunkedText(IncomingMail? mail) : IAsyncDisposable
{
    /// <summary>Null: something was wrong, and whatever comes before RSET is read and thrown away.</summary>
    public IncomingMail? Mail => mail;

    /// <summary>A CRLF may be cut by a chunk's end.</summary>
    public LineNormalizer Lines { get; } = new();

    /// <summary>Bytes of all chunks, as the client counts them.</summary>
    public long Size { get; set; }

    public ValueTask DisposeAsync() => mail?.DisposeAsync() ?? ValueTask.CompletedTask;
}
