using System.Text;
using Sasl.Mechanisms.Text;

namespace Sasl.Mechanisms.Tests.Text;

/// <summary>Texts to compare with other programs.</summary>
static class Samples
{
    public static IEnumerable<string> EveryCharacter => Enumerable.Range(0, 0x110000).Where(Rune.IsValid).Select(char.ConvertFromUtf32);

    /// <summary>Two to six characters out of small neighbourhoods, so that they meet: letters with marks, Arabic with digits, jamo, joiners.</summary>
    public static IEnumerable<string> Mixed(int seed, int count, bool onlyUnicode32)
    {
        (int First, int Last)[] neighbourhoods =
        [
            (0x20, 0x7E), (0xA0, 0x17F), (0x300, 0x345), (0x370, 0x3FF), (0x591, 0x5F4), (0x600, 0x6FF), (0x700, 0x74A), (0x900, 0x97F), (0x1100, 0x11FF),
            (0x1E00, 0x1FFF), (0x2000, 0x206F), (0x2100, 0x214F), (0x3000, 0x30FF), (0xAC00, 0xAC40), (0xF900, 0xFAFF), (0xFB00, 0xFDFF), (0xFE00, 0xFFEE),
            (0x1D400, 0x1D7FF), (0x2F800, 0x2FA1D), (0xE0100, 0xE01EF), (0x1E900, 0x1E95F), (0x10840, 0x1086F),
        ];
        var random = new Random(seed);
        while (count > 0)
        {
            var nearby = Enumerable.Range(0, 2).Select(_ => neighbourhoods[random.Next(neighbourhoods.Length)]).ToArray();
            var text = string.Concat(Enumerable.Range(0, random.Next(2, 7)).Select(_ => nearby[random.Next(nearby.Length)])
                .Select(n => char.ConvertFromUtf32(random.Next(n.First, n.Last + 1))));
            if (onlyUnicode32 && text.EnumerateRunes().Any(r => Stringprep.Assigned[r.Value] == 0))
                continue;
            count--;
            yield return text;
        }
    }
}
