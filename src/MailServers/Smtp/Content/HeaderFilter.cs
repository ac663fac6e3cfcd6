// Invariants of this file:
//  * Every byte goes out in the order it came in, but for the header fields that are dropped by name.
//  * Never more than the longest field name is held back, whatever the client sends.
using System.Buffers;
using System.Text;

namespace MailServers.Smtp.Content;

/// <summary>
/// Watches a message's header while it streams through (in CRLF form, cut anywhere): counts Received fields, drops fields that are no
/// business of the next hop, notes which fields are there, and gives a body without header the empty line that it needs.
/// </summary>
sealed class HeaderFilter(IBufferWriter<byte> output, Func<MissingFields, string> complete)
{
    /// <summary>A longer run without a colon is text, not a field name.</summary>
    const int LongestName = 128;

    /// <summary>Fields that leave an envelope or belong to the delivery (Postfix: message_drop_headers).</summary>
    static readonly string[] _dropped = ["bcc", "resent-bcc", "return-path", "content-length"];

    enum At { FirstLine, LineStart, CarriageReturn, Name, Field, Body }

    readonly byte[] _name = new byte[LongestName];
    int _length;
    At _at = At.FirstLine;
    bool _dropping;
    bool _isFirst = true;

    /// <summary>RFC 5321 §6.3: the count of Received fields shows a loop.</summary>
    public int ReceivedCount { get; private set; }

    /// <summary>Which of the fields that a message must have did not come.</summary>
    public MissingFields Missing { get; private set; } = MissingFields.All;

    public void Write(ReadOnlySpan<byte> block)
    {
        while (!block.IsEmpty)
        {
            if (_at == At.Body)
            {
                output.Write(block);
                return;
            }
            block = _at == At.Field ? Field(block) : Head(block);
        }
    }

    /// <summary>The message is complete: what is held back goes out.</summary>
    public void Finish()
    {
        if (_at == At.Body)
            return;
        // RFC 5322 §2.1: a message need not have a body, nor then the empty line before it.
        if (_length == 0)
            output.Write(Encoding.UTF8.GetBytes(complete(Missing)));
        else
            StartBody();
    }

    /// <summary>Passes or drops a field's text up to its line end.</summary>
    ReadOnlySpan<byte> Field(ReadOnlySpan<byte> block)
    {
        var feed = block.IndexOf((byte)'\n');
        var text = feed < 0 ? block : block[..(feed + 1)];
        if (!_dropping)
            output.Write(text);
        if (feed >= 0)
            _at = At.LineStart;
        return block[text.Length..];
    }

    ReadOnlySpan<byte> Head(ReadOnlySpan<byte> block)
    {
        var b = block[0];
        switch (_at)
        {
            case At.FirstLine when b is (byte)' ' or (byte)'\t':
                // A message that begins with a blank has no header at all.
                StartBody();
                return block;
            case At.LineStart when b is (byte)' ' or (byte)'\t':
                // RFC 5322 §2.2.3: a folded field goes on, and shares its fate.
                _at = At.Field;
                return block;
            case At.FirstLine or At.LineStart when b == '\r':
                _name[_length++] = b;
                _at = At.CarriageReturn;
                return block[1..];
            case At.CarriageReturn when b == '\n':
                _length = 0;
                StartBody();
                return block[1..];
            case At.CarriageReturn:
                StartBody();
                return block;
            case At.FirstLine or At.LineStart or At.Name when b == ':' && _length > 0:
                _name[_length++] = b;
                StartField();
                return block[1..];
            // The mbox line that careless senders put in front: "From " and ">From ".
            case At.FirstLine or At.Name when b == ' ' && _isFirst && IsMailboxLine():
                output.Write("X-Mailbox-Line: "u8);
                output.Write(_name.AsSpan(0, _length));
                _length = 0;
                (_dropping, _isFirst) = (false, false);
                _at = At.Field;
                return block;
            case At.FirstLine or At.LineStart or At.Name when b is > (byte)' ' and < 0x7f && b != ':' && _length < LongestName - 1:
                _name[_length++] = b;
                _at = At.Name;
                return block[1..];
            case At.Name when b is (byte)' ' or (byte)'\t' && _length < LongestName - 1:
                // Obsolete syntax (RFC 5322 §4.5): blanks between name and colon. Held until the colon decides.
                _name[_length++] = b;
                return block[1..];
            default:
                StartBody();
                return block;
        }
    }

    void StartField()
    {
        var name = Encoding.ASCII.GetString(_name, 0, _length - 1).TrimEnd().ToLowerInvariant();
        if (name.Contains(' ') || name.Contains('\t'))
        {
            StartBody();
            return;
        }
        (_dropping, _isFirst) = (_dropped.Contains(name), false);
        ReceivedCount += name == "received" ? 1 : 0;
        Missing &= ~(name switch
        {
            "from" => MissingFields.From,
            "date" => MissingFields.Date,
            "message-id" => MissingFields.MessageId,
            _ => MissingFields.None,
        });
        if (!_dropping)
            output.Write(_name.AsSpan(0, _length));
        _length = 0;
        _at = At.Field;
    }

    /// <summary>The header ends: what is missing is added, and the empty line.</summary>
    void StartBody()
    {
        output.Write(Encoding.UTF8.GetBytes(complete(Missing)));
        output.Write("\r\n"u8);
        output.Write(_name.AsSpan(0, _length));
        _length = 0;
        _at = At.Body;
    }

    bool IsMailboxLine() => Encoding.ASCII.GetString(_name, 0, _length).TrimStart('>') == "From";
}

/// <summary>RFC 5322 §3.6: the fields that every message has to have, and Message-ID that it should.</summary>
[Flags]
enum MissingFields { None = 0, From = 1, Date = 2, MessageId = 4, All = 7 }
