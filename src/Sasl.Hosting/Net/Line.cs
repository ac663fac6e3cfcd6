namespace Sasl.Hosting.Net;

/// <summary>How reading one line ended.</summary>
public enum LineStatus
{
    /// <summary>A whole line; its bytes are in <see cref="Line.Bytes"/>.</summary>
    Complete,

    /// <summary>Longer than allowed. The rest was read and thrown away up to the line's end: the dialogue can go on.</summary>
    TooLong,

    /// <summary>The line holds a NUL. It was read whole.</summary>
    Nul,

    /// <summary>The line ends in a bare LF and <see cref="LineEnding.Strict"/> was asked for. It was read whole.</summary>
    BareLineFeed,

    /// <summary>The peer closed the connection, or it broke.</summary>
    Closed,

    /// <summary>The deadline passed before the line was whole.</summary>
    TimedOut,
}

/// <summary>Which line ends a reader takes.</summary>
public enum LineEnding
{
    /// <summary>CRLF or a bare LF.</summary>
    Lenient,

    /// <summary>CRLF (RFC 5321 §2.3.8); a bare LF ends the line too but is reported, so that no two servers can disagree on where a line ends.</summary>
    Strict,
}

/// <summary>One line without its end. The bytes are the reader's own buffer: valid until the next read.</summary>
public readonly record struct Line(LineStatus Status, ReadOnlyMemory<byte> Bytes)
{
    public bool IsComplete => Status == LineStatus.Complete;

    /// <summary>The connection is of no more use.</summary>
    public bool IsEnd => Status is LineStatus.Closed or LineStatus.TimedOut;

    /// <summary>The line as Latin-1, one character a byte: for protocols whose grammar is ASCII. Never for secrets.</summary>
    public override string ToString() => System.Text.Encoding.Latin1.GetString(Bytes.Span);
}
