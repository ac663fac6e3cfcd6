// Invariants of this class:
//  * One command is at most Settings.LongestCommand bytes, however many lines and literals it is made of.
//  * A literal is read here only when it fits; a message's text is never read here but left to the command (APPEND).
//  * Nothing that was announced as a literal is ever taken for a command: what cannot be skipped ends the connection.
using System.Buffers;
using System.Text;
using Sasl.Hosting.Net;

namespace MailServers.Imap.Wire;

enum InputStatus
{
    Complete,
    Closed,
    TimedOut,

    /// <summary>The line or an announced literal cannot be held or skipped; the connection must end with BYE.</summary>
    TooLong,
}

/// <summary>Assembles commands from lines and literals.</summary>
sealed class ImapInput(Connection connection, ImapWriter writer, ImapSettings settings)
{
    const int LongestUnasked = 4096;

    byte[] _command = new byte[1024];
    int _length;
    (long Size, bool Synchronising)? _pending;

    /// <summary>Bytes read so far, for the log.</summary>
    public long Read { get; private set; }

    /// <summary>The command as it came, with "{n}CRLF" before each literal.</summary>
    public ReadOnlyMemory<byte> Command => _command.AsMemory(0, _length);

    /// <summary>Why the command cannot be run although it was read whole; it is answered with BAD.</summary>
    public string? Refusal { get; private set; }

    public async ValueTask<InputStatus> ReadCommandAsync(CancellationToken drain)
    {
        if (_command.Length > 64 * 1024)
            _command = new byte[1024];
        (_length, Refusal, _pending) = (0, null, null);
        while (true)
        {
            var line = await ReadLineAsync(drain);
            if (line.Status is not (LineStatus.Complete or LineStatus.Nul))
                return Ended(line.Status);
            if (line.Status == LineStatus.Nul)
                Refusal = "NULs in command.";
            var piece = line.Bytes;
            var isLiteral = LiteralHeader.TryFindAtEnd(piece.Span, out var size, out var synchronising, out var start);
            if (!TryAdd(piece.Span))
                return InputStatus.TooLong;
            if (!isLiteral)
                return InputStatus.Complete;
            var isStreamed = IsStreamed(start + _length - piece.Length);
            // RFC 7888 §5: with LITERAL- a longer one must wait for leave.
            if (!synchronising && settings.LiteralMinus && size > LongestUnasked)
                Refusal ??= "Literal too long, synchronise it.";
            if (!isStreamed && size > settings.LongestCommand - _length - 2)
                Refusal ??= "Literal too long.";
            if (isStreamed || Refusal is not null)
            {
                _pending = (size, synchronising);
                return InputStatus.Complete;
            }
            if (synchronising)
                await ContinueAsync("OK");
            TryAdd("\r\n"u8);
            if (!TryReserve((int)size))
                return InputStatus.TooLong;
            var status = await connection.Reader.ReadLiteralAsync(_command.AsMemory(_length, (int)size), drain);
            if (status != LineStatus.Complete)
                return Ended(status);
            _length += (int)size;
            Read += size;
        }
    }

    /// <summary>A line is being read on the side (IDLE): nobody else may read.</summary>
    public bool IsReadingAhead { get; private set; }

    public async Task<Line> ReadAheadAsync(CancellationToken drain)
    {
        IsReadingAhead = true;
        var line = await ReadLineAsync(drain);
        IsReadingAhead = false;
        return line;
    }

    async ValueTask<Line> ReadLineAsync(CancellationToken drain)
    {
        var line = await connection.Reader.ReadLineAsync(settings.LongestLine, drain);
        if (!line.IsEnd)
            Read += line.Bytes.Length + 2;
        return line;
    }

    /// <summary>
    /// Throws away a literal that was announced and that no command took, and what follows it up to the command's end. RFC 7888 §4: a
    /// synchronising literal that is refused is not sent; any other is on its way already.
    /// </summary>
    public async ValueTask<InputStatus> DiscardPendingAsync(CancellationToken drain)
    {
        while (_pending is { Synchronising: false } pending)
        {
            if (pending.Size > settings.LongestSkipped)
                return InputStatus.TooLong;
            var status = await StreamAsync(static (_, _) => ValueTask.CompletedTask, drain);
            if (status != InputStatus.Complete)
                return status;
            (status, _) = await ReadEndAsync(drain);
            if (status != InputStatus.Complete)
                return status;
        }
        _pending = null;
        return InputStatus.Complete;
    }

    /// <summary>Hands the announced literal on, block by block.</summary>
    public async ValueTask<InputStatus> StreamAsync(Func<ReadOnlySequence<byte>, CancellationToken, ValueTask> sink, CancellationToken drain)
    {
        var size = _pending!.Value.Size;
        _pending = null;
        Read += size;
        var status = await connection.Reader.ReadLiteralAsync(size, sink, drain);
        return status == LineStatus.Complete ? InputStatus.Complete : Ended(status);
    }

    /// <summary>After a streamed literal: whether the command ends here. If not, what follows is read and forgotten.</summary>
    public async ValueTask<(InputStatus Status, bool IsEnd)> ReadEndAsync(CancellationToken drain)
    {
        var line = await ReadLineAsync(drain);
        if (line.Status is not (LineStatus.Complete or LineStatus.Nul))
            return (Ended(line.Status), false);
        if (LiteralHeader.TryFindAtEnd(line.Bytes.Span, out var size, out var synchronising, out _))
            _pending = (size, synchronising);
        return (InputStatus.Complete, line.Bytes.IsEmpty);
    }

    /// <summary>RFC 3501 §7.5: leave to send the literal.</summary>
    public async ValueTask ContinueAsync(string text)
    {
        writer.Line("+ " + text);
        await writer.FlushAsync();
    }

    public static InputStatus Ended(LineStatus status) => status switch
    {
        LineStatus.TimedOut => InputStatus.TimedOut,
        LineStatus.TooLong => InputStatus.TooLong,
        _ => InputStatus.Closed,
    };

    /// <summary>
    /// Whether the literal announced at <paramref name="start"/> is a message's text: the command takes such a literal, and this is not
    /// the mailbox name, which would stand directly behind the command's name.
    /// </summary>
    bool IsStreamed(int start)
    {
        var before = _command.AsSpan(0, start);
        var space = before.IndexOf((byte)' ');
        return space > 0 && Ascii.EqualsIgnoreCase(before[(space + 1)..][..Math.Min(7, before.Length - space - 1)], "APPEND "u8)
            && before.Length > space + 8;
    }

    bool TryAdd(ReadOnlySpan<byte> bytes)
    {
        if (!TryReserve(bytes.Length))
            return false;
        bytes.CopyTo(_command.AsSpan(_length));
        _length += bytes.Length;
        return true;
    }

    bool TryReserve(int more)
    {
        if (_length + more > settings.LongestCommand)
            return false;
        if (_length + more > _command.Length)
            Array.Resize(ref _command, Math.Max(_length + more, _command.Length * 2));
        return true;
    }
}
