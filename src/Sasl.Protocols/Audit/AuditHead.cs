using System.Globalization;
using System.Text;

namespace Sasl.Protocols.Audit;

/// <summary>
/// How far the audit log was written, kept beside the key and apart from the log: without it nobody could tell that lines were cut off its end.
/// </summary>
/// <param name="Sequence">Of the last line.</param>
/// <param name="Seal">Its seal.</param>
public sealed record AuditHead(long Sequence, string Seal)
{
    public const string FileName = "audit.head", KeyName = "audit.key";

    /// <summary>Always as long, so that it can be written over the one before.</summary>
    public byte[] ToBytes() => Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Sequence:D20} {Seal}\n"));

    public static AuditHead? TryParse(ReadOnlySpan<byte> bytes)
    {
        var words = Encoding.ASCII.GetString(bytes).TrimEnd('\n').Split(' ');
        return words is [var number, var seal] && seal.Length == AuditLine.NoSeal.Length && long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var sequence)
            ? new(sequence, seal) : null;
    }
}
