using System.Buffers;

namespace Sasl.Hosting.Net;

/// <summary>How a dot block (the data of SMTP DATA, RFC 5321 §4.5.2) ended.</summary>
public readonly record struct DotBlockResult(LineStatus Status, long Size, bool SawBareLineFeed);

public sealed partial class LineReader
{
    /// <summary>
    /// Streams the text of a dot block to <paramref name="sink"/> in CRLF form with the transparency dots removed.
    /// Only CRLF "." CRLF ends it (RFC 5321 §4.1.1.4), the first line included: LF.LF, LF.CRLF, CR.CR and CRLF.LF are data, so that
    /// no sender can smuggle a second message past us. A bare LF becomes CRLF; a bare CR stays what it is.
    /// When more than <paramref name="max"/> bytes come, the rest is read and thrown away and the result says TooLong.
    /// The sink gets each block once, in order, and may keep nothing of it.
    /// </summary>
    public async ValueTask<DotBlockResult> ReadDotBlockAsync(Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> sink, long max, CancellationToken stop = default)
    {
        var decoder = new DotBlockDecoder();
        var output = ArrayPool<byte>.Shared.Rent(DotBlockDecoder.OutputSize);
        try
        {
            while (true)
            {
                StartDeadline();
                try
                {
                    var (status, buffer, completed) = await FillAsync(stop);
                    if (status is { } end)
                        return new(end, decoder.Size, decoder.SawBareLineFeed);
                    var consumed = buffer.Start;
                    var position = buffer.Start;
                    while (!decoder.Done && buffer.TryGet(ref position, out var segment))
                    {
                        while (!segment.IsEmpty && !decoder.Done)
                        {
                            var (read, written) = decoder.Decode(segment.Span, output);
                            segment = segment[read..];
                            consumed = buffer.GetPosition(read, consumed);
                            if (written > 0 && decoder.Size <= max)
                                await sink(output.AsMemory(0, written), stop);
                        }
                    }
                    pipe.AdvanceTo(consumed, decoder.Done ? consumed : buffer.End);
                    if (decoder.Done)
                        return new(decoder.Size > max ? LineStatus.TooLong : LineStatus.Complete, decoder.Size, decoder.SawBareLineFeed);
                    if (completed)
                        return new(LineStatus.Closed, decoder.Size, decoder.SawBareLineFeed);
                }
                finally
                {
                    StopDeadline();
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(output);
        }
    }
}

/// <summary>The state machine of a dot block, one byte at a time, so that it does not matter where the network cuts.</summary>
struct DotBlockDecoder
{
    public const int OutputSize = 16384;

    enum At { LineStart, Text, CarriageReturn, Dot, DotCarriageReturn }

    At _at;
    bool _afterBareFeed;

    /// <summary>Bytes of text so far, as handed to the sink.</summary>
    public long Size { get; private set; }

    public bool SawBareLineFeed { get; private set; }

    public bool Done { get; private set; }

    /// <summary>Decodes as much of the input as fits the output. Returns how many bytes were read and written.</summary>
    public (int Read, int Written) Decode(ReadOnlySpan<byte> input, Span<byte> output)
    {
        var written = 0;
        var read = 0;
        // One input byte makes at most three output bytes (CR, CR, LF).
        while (read < input.Length && written + 3 <= output.Length && !Done)
        {
            if (_at == At.Text)
            {
                // The common case in bulk: everything up to the next CR or LF.
                var run = input[read..];
                var stop = run.IndexOfAny((byte)'\r', (byte)'\n');
                var length = Math.Min(stop < 0 ? run.Length : stop, output.Length - written - 3);
                if (length > 0)
                {
                    run[..length].CopyTo(output[written..]);
                    read += length;
                    written += length;
                    continue;
                }
            }
            var b = input[read++];
            switch (_at)
            {
                case At.LineStart when b == '.':
                    _at = At.Dot;
                    break;
                case At.LineStart:
                case At.Text:
                    written = Plain(b, output, written);
                    break;
                case At.CarriageReturn when b == '\n':
                    written = EndLine(output, written, bare: false);
                    break;
                case At.CarriageReturn:
                    output[written++] = (byte)'\r';
                    written = Plain(b, output, written);
                    break;
                case At.Dot when b == '\r':
                    _at = At.DotCarriageReturn;
                    break;
                case At.Dot:
                    // A transparency dot: dropped; the byte after it is ordinary text.
                    written = Plain(b, output, written);
                    break;
                case At.DotCarriageReturn when b == '\n' && !_afterBareFeed:
                    Done = true;
                    break;
                case At.DotCarriageReturn when b == '\n':
                    written = EndLine(output, written, bare: false);
                    break;
                case At.DotCarriageReturn:
                    output[written++] = (byte)'\r';
                    written = Plain(b, output, written);
                    break;
            }
        }
        Size += written;
        return (read, written);
    }

    int Plain(byte b, Span<byte> output, int written)
    {
        switch (b)
        {
            case (byte)'\r':
                _at = At.CarriageReturn;
                return written;
            case (byte)'\n':
                SawBareLineFeed = true;
                return EndLine(output, written, bare: true);
            default:
                output[written++] = b;
                _at = At.Text;
                return written;
        }
    }

    int EndLine(Span<byte> output, int written, bool bare)
    {
        output[written++] = (byte)'\r';
        output[written++] = (byte)'\n';
        _afterBareFeed = bare;
        _at = At.LineStart;
        return written;
    }
}
