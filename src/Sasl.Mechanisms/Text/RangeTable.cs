namespace Sasl.Mechanisms.Text;

/// <summary>A small value for each code point, as runs of equal ones.</summary>
sealed class RangeTable
{
    readonly int[] _starts;
    readonly byte[] _values;

    public RangeTable(ReadOnlySpan<byte> table)
    {
        var reader = new TableNumbers(table);
        var count = reader.Next();
        // What follows the last run has the value zero.
        (_starts, _values) = (new int[count + 1], new byte[count + 1]);
        for (var i = 0; i < count; i++)
        {
            _starts[i + 1] = _starts[i] + reader.Next();
            _values[i] = (byte)reader.Next();
        }
    }

    public byte this[int codePoint]
    {
        get
        {
            var at = Array.BinarySearch(_starts, codePoint);
            return _values[at < 0 ? ~at - 1 : at];
        }
    }
}
