using System.Buffers;
using System.Text;

namespace Sasl.Mechanisms.Text;

/// <summary>Code points in rented memory that is zeroed before it is given back: what is prepared may be a password.</summary>
sealed class CodePointBuffer(int capacity) : IDisposable
{
    int[] _items = ArrayPool<int>.Shared.Rent(capacity);
    int _length;

    public Span<int> Span => _items.AsSpan(0, _length);

    public int Utf8Length
    {
        get
        {
            var length = 0;
            foreach (var codePoint in Span)
                length += new Rune(codePoint).Utf8SequenceLength;
            return length;
        }
    }

    public int Utf16Length
    {
        get
        {
            var length = 0;
            foreach (var codePoint in Span)
                length += new Rune(codePoint).Utf16SequenceLength;
            return length;
        }
    }

    public void Add(int codePoint)
    {
        if (_length == _items.Length)
        {
            var larger = ArrayPool<int>.Shared.Rent(2 * _length);
            Span.CopyTo(larger);
            GiveBack();
            _items = larger;
        }
        _items[_length++] = codePoint;
    }

    /// <summary>Keeps the first ones.</summary>
    public void Truncate(int length) => _length = length;

    public void Exchange(CodePointBuffer other)
    {
        (_items, other._items) = (other._items, _items);
        (_length, other._length) = (other._length, _length);
    }

    /// <summary>False when it is not UTF-8; RFC 3629 §3: no surrogates, nothing longer than it need be.</summary>
    public bool TryAddUtf8(ReadOnlySpan<byte> utf8)
    {
        while (!utf8.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(utf8, out var rune, out var used) != OperationStatus.Done)
                return false;
            Add(rune.Value);
            utf8 = utf8[used..];
        }
        return true;
    }

    /// <summary>False when half of a surrogate pair is missing.</summary>
    public bool TryAddUtf16(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(text, out var rune, out var used) != OperationStatus.Done)
                return false;
            Add(rune.Value);
            text = text[used..];
        }
        return true;
    }

    public byte[] ToUtf8()
    {
        var utf8 = new byte[Utf8Length];
        var at = 0;
        foreach (var codePoint in Span)
            at += new Rune(codePoint).EncodeToUtf8(utf8.AsSpan(at));
        return utf8;
    }

    public override string ToString() => string.Create(Utf16Length, this, static (chars, buffer) =>
    {
        foreach (var codePoint in buffer.Span)
            chars = chars[new Rune(codePoint).EncodeToUtf16(chars)..];
    });

    public void Dispose()
    {
        GiveBack();
        (_items, _length) = ([], 0);
    }

    void GiveBack()
    {
        if (_items.Length == 0)
            return;
        // All of it, for a buffer that was cut shorter holds more than its length tells.
        Array.Clear(_items);
        ArrayPool<int>.Shared.Return(_items);
    }
}
