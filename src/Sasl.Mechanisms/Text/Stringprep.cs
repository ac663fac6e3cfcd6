namespace Sasl.Mechanisms.Text;

/// <summary>The tables of stringprep (RFC 3454).</summary>
static class Stringprep
{
    /// <summary>RFC 3454 §A.1: zero is a code point that Unicode 3.2 has not assigned.</summary>
    public static readonly RangeTable Assigned = new(StringprepTable.Assigned);
}
