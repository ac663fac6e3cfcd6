namespace Sasl.Mechanisms.Text;

/// <summary>
/// The numbers of a generated table: five bits a character, low ones first, a sixth bit when more follow; the character is '0' plus those bits.
/// The line ends of the literal stand between them.
/// </summary>
ref struct TableNumbers(ReadOnlySpan<byte> text)
{
    readonly ReadOnlySpan<byte> _text = text;
    int _at;

    public int Next()
    {
        var number = 0;
        for (var shift = 0; ; shift += 5)
        {
            while (_text[_at] < '0')
                _at++;
            var digit = _text[_at++] - '0';
            number |= (digit & 31) << shift;
            if (digit < 32)
                return number;
        }
    }

    /// <summary>0, 1, 2, 3, 4 are 0, -1, 1, -2, 2.</summary>
    public int NextSigned()
    {
        var number = Next();
        return (number & 1) == 0 ? number >> 1 : -(number >> 1) - 1;
    }
}
