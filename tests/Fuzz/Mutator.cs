using System.Text;

namespace Fuzz;

/// <summary>
/// Makes inputs from seeds: the same seed and number give the same input for ever, so that a failure is two numbers. Knows no grammar; the
/// words of the seeds are its dictionary.
/// </summary>
sealed class Mutator
{
    const int MostSteps = 8;

    static readonly byte[] _special = [.. "\0\r\n\t \"\\'(){}[]<>@:;,=.*%&+-/|#$?~!`^_"u8, 1, 0x7f, 0x80, 0xc3, 0xef, 0xfe, 0xff, .. "0129azAZ"u8];

    static readonly byte[][] _words = [.. new[] { "\r\n", "\r\n.\r\n", "\n.\n", "\r\n\r\n", "4294967295", "4294967296", "2147483648", "-1", "18446744073709551616", "999999999999999999999", "00000000000", "\u00ff\u00fe", "\u00c3\u00a9", "\u00ed\u00a0\u0080", "\u00f0\u009f\u0098\u0080" }.Select(Encoding.Latin1.GetBytes)];

    readonly byte[][] _seeds;
    readonly byte[][] _dictionary;
    readonly int _longest;

    public Mutator(IEnumerable<string> seeds, int longest)
    {
        _seeds = [[], .. seeds.Select(Encoding.Latin1.GetBytes)];
        _dictionary = [.. _words, .. _seeds.SelectMany(Words).DistinctBy(Convert.ToHexString)];
        _longest = longest;
    }

    /// <summary>The input of one run. The first runs are the seeds themselves.</summary>
    public byte[] Make(int seed, int run)
    {
        if (run < _seeds.Length)
            return _seeds[run];
        var random = new Random(HashCode(seed, run));
        var bytes = new List<byte>(_seeds[random.Next(_seeds.Length)]);
        for (var steps = random.Next(1, MostSteps + 1); steps > 0; steps--)
            Step(bytes, random);
        if (bytes.Count > _longest)
            bytes.RemoveRange(_longest, bytes.Count - _longest);
        return [.. bytes];
    }

    void Step(List<byte> bytes, Random random)
    {
        var at = random.Next(bytes.Count + 1);
        var length = random.Next(1, 1 + Math.Min(bytes.Count - at + 1, random.Next(2) == 0 ? 4 : 64));
        length = Math.Min(length, bytes.Count - at);
        switch (random.Next(10))
        {
            case 0 when at < bytes.Count:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1 when at < bytes.Count:
                bytes[at] = _special[random.Next(_special.Length)];
                break;
            case 2:
                bytes.Insert(at, _special[random.Next(_special.Length)]);
                break;
            case 3:
                bytes.RemoveRange(at, length);
                break;
            case 4:
                Repeat(bytes, at, bytes.GetRange(at, length), random);
                break;
            case 5 or 6:
                bytes.InsertRange(at, _dictionary[random.Next(_dictionary.Length)]);
                break;
            case 7:
                var other = _seeds[random.Next(_seeds.Length)];
                var from = random.Next(other.Length + 1);
                bytes.InsertRange(at, other[from..random.Next(from, other.Length + 1)]);
                break;
            case 8 when at < bytes.Count:
                bytes[at] = (byte)random.Next(256);
                break;
            default:
                var word = _dictionary[random.Next(_dictionary.Length)];
                bytes.RemoveRange(at, Math.Min(word.Length, bytes.Count - at));
                bytes.InsertRange(at, word);
                break;
        }
    }

    /// <summary>Mostly a few times; now and then as often as fits: nesting and floods.</summary>
    void Repeat(List<byte> bytes, int at, List<byte> piece, Random random)
    {
        var most = (_longest - bytes.Count) / Math.Max(1, piece.Count);
        var times = Math.Min(most, random.Next(8) == 0 ? random.Next(5000) : random.Next(8));
        for (var i = 0; i < times; i++)
            bytes.InsertRange(at, piece);
    }

    static IEnumerable<byte[]> Words(byte[] seed)
    {
        for (var at = 0; at < seed.Length;)
        {
            var end = at + 1;
            while (end < seed.Length && char.IsAsciiLetterOrDigit((char)seed[end]) == char.IsAsciiLetterOrDigit((char)seed[at]))
                end++;
            yield return seed[at..end];
            at = end;
        }
    }

    // Not System.HashCode: that one differs from process to process.
    static int HashCode(int seed, int run) => unchecked((int)(((ulong)(uint)seed * 0x9E3779B97F4A7C15UL + (uint)run) * 0xBF58476D1CE4E5B9UL >> 32));
}
