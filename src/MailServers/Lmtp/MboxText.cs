using System.Globalization;
using System.Text;

namespace MailServers.Lmtp;

/// <summary>A mail in the form of mbox files and command input: a From_ line, LF line ends, perhaps "From " quoted in the text.</summary>
static class MboxText
{
    public static async ValueTask WriteAsync(ForwardedMail mail, bool quoteFrom, Func<ReadOnlyMemory<byte>, ValueTask> sink, CancellationToken stop)
    {
        var sender = mail.Sender.Length == 0 ? "MAILER-DAEMON" : mail.Sender.Replace(' ', '-');
        var stamp = DateTime.UtcNow.ToString("ddd MMM dd HH:mm:ss yyyy", CultureInfo.InvariantCulture);
        await sink(Encoding.UTF8.GetBytes($"From {sender}  {stamp}\n{mail.TraceHeader.Replace("\r\n", "\n")}"));
        var converter = new LineFeeds(quoteFrom);
        var block = new byte[16 * 1024];
        while (await mail.Text.ReadAsync(block, stop) is > 0 and var read)
            await sink(converter.Convert(block.AsSpan(0, read)));
        await sink(converter.End());
    }

    /// <summary>CRLF to LF, and '>' before "From " at the start of a line, however the text is cut.</summary>
    sealed class LineFeeds(bool quoteFrom)
    {
        static ReadOnlySpan<byte> Mark => "From "u8;

        readonly MemoryStream _out = new();
        bool _return, _atStart = true;
        int _matched;

        public ReadOnlyMemory<byte> Convert(ReadOnlySpan<byte> text)
        {
            _out.SetLength(0);
            foreach (var b in text)
                Add(b);
            return _out.ToArray();
        }

        public ReadOnlyMemory<byte> End()
        {
            _out.SetLength(0);
            Release();
            if (_return)
                _out.WriteByte((byte)'\r');
            if (!_atStart || _return)
                _out.WriteByte((byte)'\n');
            // The empty line that separates messages.
            _out.WriteByte((byte)'\n');
            return _out.ToArray();
        }

        void Add(byte b)
        {
            if (_return && b != '\n')
                Put((byte)'\r');
            _return = b == '\r';
            if (!_return)
                Put(b);
        }

        void Put(byte b)
        {
            if (quoteFrom && (_atStart || _matched > 0) && b == Mark[_matched])
            {
                _atStart = false;
                if (++_matched < Mark.Length)
                    return;
                _out.WriteByte((byte)'>');
                Release();
                return;
            }
            Release();
            _out.WriteByte(b);
            _atStart = b == '\n';
        }

        void Release()
        {
            _out.Write(Mark[.._matched]);
            _matched = 0;
        }
    }
}
