using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace Sasl.Credentials.Remote.Imap;

/// <summary>
/// LOGIN with a name and a password of any bytes but NUL. What an IMAP string could end at, or a server could read in two ways, goes as a literal, whose
/// length is said before: no name and no password can become a command.
/// </summary>
sealed class ImapLoginCommand : IDisposable
{
    const int LongestQuoted = 256;

    // RFC 7888 §5: LITERAL- is for literals of at most 4096 bytes.
    const int LongestShortLiteral = 4096;

    static readonly SearchValues<byte> _harmless = SearchValues.Create([.. Enumerable.Range(' ', '~' - ' ' + 1).Select(c => (byte)c).Where(c => c is not ((byte)'"' or (byte)'\\'))]);

    readonly List<byte[]> _pieces = [];
    readonly int _longestFreeLiteral;

    /// <param name="capabilities">What the server announced; empty when it announced nothing.</param>
    public ImapLoginCommand(string tag, string user, ReadOnlySpan<byte> password, IReadOnlyCollection<string> capabilities)
    {
        _longestFreeLiteral = capabilities.Contains("LITERAL+") ? int.MaxValue : capabilities.Contains("LITERAL-") || capabilities.Contains("IMAP4REV2") ? LongestShortLiteral : -1;
        var piece = new PinnedBytes();
        piece.Add(Encoding.ASCII.GetBytes($"{tag} LOGIN "));
        piece = Append(piece, Encoding.UTF8.GetBytes(user));
        piece.Add(" "u8);
        piece = Append(piece, password);
        piece.Add("\r\n"u8);
        _pieces.Add(piece.Take());
    }

    /// <summary>To be sent one after the other; before each but the first the server says "+" (RFC 3501 §4.3).</summary>
    public IReadOnlyList<byte[]> Pieces => _pieces;

    public void Dispose()
    {
        foreach (var piece in _pieces)
            CryptographicOperations.ZeroMemory(piece);
    }

    PinnedBytes Append(PinnedBytes piece, ReadOnlySpan<byte> value)
    {
        if (value.Length <= LongestQuoted && !value.ContainsAnyExcept(_harmless))
        {
            piece.Add("\""u8);
            piece.Add(value);
            piece.Add("\""u8);
            return piece;
        }
        // RFC 7888 §3: with the plus the server is not waited for.
        var isFree = value.Length <= _longestFreeLiteral;
        piece.Add(Encoding.ASCII.GetBytes($"{{{value.Length}{(isFree ? "+" : "")}}}\r\n"));
        if (!isFree)
        {
            _pieces.Add(piece.Take());
            piece = new();
        }
        piece.Add(value);
        return piece;
    }

    /// <summary>Grows, and leaves nothing behind where it stood before.</summary>
    sealed class PinnedBytes
    {
        byte[] _bytes = GC.AllocateArray<byte>(512, pinned: true);
        int _length;

        public void Add(ReadOnlySpan<byte> more)
        {
            if (_length + more.Length > _bytes.Length)
                Move((_length + more.Length) * 2);
            more.CopyTo(_bytes.AsSpan(_length));
            _length += more.Length;
        }

        public byte[] Take()
        {
            Move(_length);
            return _bytes;
        }

        void Move(int size)
        {
            var next = GC.AllocateArray<byte>(size, pinned: true);
            _bytes.AsSpan(0, _length).CopyTo(next);
            CryptographicOperations.ZeroMemory(_bytes);
            _bytes = next;
        }
    }
}
