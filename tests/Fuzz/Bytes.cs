using System.Text;

namespace Fuzz;

/// <summary>The input as targets want it.</summary>
static class Bytes
{
    public static string Latin1(ReadOnlySpan<byte> input) => Encoding.Latin1.GetString(input);

    public static string Utf8(ReadOnlySpan<byte> input) => Encoding.UTF8.GetString(input);

    /// <summary>The input in two: a first byte that chooses, and the rest.</summary>
    public static (byte Choice, byte[] Bytes) Choose(ReadOnlySpan<byte> input) => input.IsEmpty ? ((byte)0, []) : (input[0], input[1..].ToArray());

    /// <summary>Cuts at which a stream of bytes is handed in, from whole to byte by byte.</summary>
    public static IEnumerable<ReadOnlyMemory<byte>> Pieces(byte[] bytes, int step)
    {
        for (var at = 0; at < bytes.Length; at += step)
            yield return bytes.AsMemory(at, Math.Min(step, bytes.Length - at));
    }
}
