using AuthServer.Defence;

namespace Fuzz;

/// <summary>What the defence has kept, as it may be after a disk error behind a hash that still fits: it is read or it is not, and what was read is written again as it is.</summary>
static class DefenceStateTarget
{
    static readonly DateTimeOffset _wall = DateTimeOffset.UnixEpoch.AddYears(56);
    static readonly Lock _gate = new();
    static readonly byte[] _key = new byte[Fingerprints.KeySize];

    public static readonly string[] Seeds = [.. Examples().Select(b => System.Text.Encoding.Latin1.GetString(b.AsSpan(0, b.Length - 32)))];

    public static void Run(ReadOnlySpan<byte> input)
    {
        Check.That(!DefenceState.TryRead(input, Tables(), _key, 0, _wall), "a hash that was guessed");
        var tables = Tables();
        if (input.Length < 16 || !DefenceState.TryReadContent(input, tables, 0, _wall))
            return;
        var (written, again) = (DefenceState.Write(tables, _key, 0, _wall, _gate), Tables());
        Check.That(DefenceState.TryRead(written, again, _key, 0, _wall), "what was written cannot be read");
        Check.That(DefenceState.Write(again, _key, 0, _wall, _gate).AsSpan().SequenceEqual(written), "what was read is written otherwise");
    }

    static DefenceTables Tables() => new(new());

    static IEnumerable<byte[]> Examples()
    {
        yield return DefenceState.Write(Tables(), _key, 0, _wall, _gate);
        var tables = Tables();
        tables.Homes.Add(7, 8, 20_000);
        var counter = tables.Pairs.Use(new(1, 2));
        counter.Guesses.Set(3.5, 0);
        tables.Pairs.SeenOf(counter).Add(77);
        tables.Hosts.Use(new(1, 0)).Names.Set(2, 0);
        yield return DefenceState.Write(tables, _key, 0, _wall, _gate);
    }
}
