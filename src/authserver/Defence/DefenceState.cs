using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;

namespace AuthServer.Defence;

/// <summary>
/// The counters as bytes: a magic word, the time, the tables one after the other, and a keyed hash over all of it, by which half a file, another
/// installation's and one that somebody has changed are told. Numbers are little-endian. No name, no password is in it.
/// </summary>
static class DefenceState
{
    /// <summary>No file that is longer was written by us.</summary>
    public const int LongestFile = 64 << 20;

    const int AtOnce = 1000;

    const int HeaderSize = 16, MacSize = SHA256.HashSizeInBytes;

    static ReadOnlySpan<byte> Magic => "SASLDEF1"u8;

    /// <param name="gate">Guards the tables; held for so few entries at a time that no login waits for it.</param>
    public static byte[] Write(DefenceTables tables, ReadOnlySpan<byte> key, long now, DateTimeOffset wall, Lock gate)
    {
        var output = new ArrayBufferWriter<byte>(4096);
        output.Write(Magic);
        Number(output, wall.ToUnixTimeMilliseconds());
        Table(output, tables.Pairs, tables.DrainPair, 0, now, gate);
        Table(output, tables.Hosts, tables.DrainHost, tables.DrainHostNames, now, gate);
        Table(output, tables.Networks, tables.DrainNetwork, tables.DrainNetworkNames, now, gate);
        Table(output, tables.Accounts, tables.DrainAccount, 0, now, gate);
        Homes(output, tables.Homes, gate);
        HMACSHA256.HashData(key, output.WrittenSpan, output.GetSpan(MacSize));
        output.Advance(MacSize);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>Adds to the tables what the bytes say; of two counters the fuller one counts. False, and nothing is changed, when they are not ours.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, DefenceTables tables, ReadOnlySpan<byte> key, long now, DateTimeOffset wall)
    {
        if (bytes.Length < HeaderSize + MacSize || !bytes.StartsWith(Magic))
            return false;
        Span<byte> mac = stackalloc byte[MacSize];
        HMACSHA256.HashData(key, bytes[..^MacSize], mac);
        return CryptographicOperations.FixedTimeEquals(mac, bytes[^MacSize..]) && TryReadContent(bytes[..^MacSize], tables, now, wall);
    }

    /// <summary>What stands before the keyed hash. On false the tables may hold a part of it.</summary>
    internal static bool TryReadContent(ReadOnlySpan<byte> bytes, DefenceTables tables, long now, DateTimeOffset wall)
    {
        var rest = bytes[Magic.Length..];
        if (!TryNumber(ref rest, out var written))
            return false;
        // A clock that was put back makes nothing fuller than it was.
        var age = Math.Max(0, wall.ToUnixTimeMilliseconds() - written);
        return TryTable(ref rest, tables.Pairs, tables.DrainPair, 0, now, age)
            && TryTable(ref rest, tables.Hosts, tables.DrainHost, tables.DrainHostNames, now, age)
            && TryTable(ref rest, tables.Networks, tables.DrainNetwork, tables.DrainNetworkNames, now, age)
            && TryTable(ref rest, tables.Accounts, tables.DrainAccount, 0, now, age)
            && TryHomes(ref rest, tables.Homes) && rest.IsEmpty;
    }

    static void Table(ArrayBufferWriter<byte> output, CounterTable table, double drain, double drainNames, long now, Lock gate)
    {
        Counter[] all;
        lock (gate)
            all = [.. table.OldestFirst];
        Number(output, all.Length);
        foreach (var some in all.Chunk(AtOnce))
        {
            lock (gate)
            {
                foreach (var counter in some)
                    One(output, counter, drain, drainNames, now);
            }
        }
    }

    static void One(ArrayBufferWriter<byte> output, Counter counter, double drain, double drainNames, long now)
    {
        Place(output, counter.Key.Address);
        Number(output, (long)counter.Key.Account);
        Level(output, counter.Guesses.Level(now, drain));
        Level(output, counter.Names.Level(now, drainNames));
        Number(output, counter.Seen?.Count ?? 0);
        foreach (var tag in counter.Seen?.All ?? [])
        {
            BinaryPrimitives.WriteUInt16LittleEndian(output.GetSpan(sizeof(ushort)), tag);
            output.Advance(sizeof(ushort));
        }
    }

    static void Homes(ArrayBufferWriter<byte> output, Homes homes, Lock gate)
    {
        (ulong Account, IReadOnlyList<(UInt128 Place, long Day)> Places)[] all;
        lock (gate)
            all = [.. homes.All];
        Number(output, all.Length);
        foreach (var some in all.Chunk(AtOnce))
        {
            lock (gate)
            {
                foreach (var (account, places) in some)
                {
                    Number(output, (long)account);
                    Number(output, places.Count);
                    foreach (var (place, day) in places)
                    {
                        Place(output, place);
                        Number(output, day);
                    }
                }
            }
        }
    }

    static bool TryTable(ref ReadOnlySpan<byte> rest, CounterTable table, double drain, double drainNames, long now, long age)
    {
        if (!TryNumber(ref rest, out var count))
            return false;
        for (; count > 0; count--)
        {
            if (!TryPlace(ref rest, out var place) || !TryNumber(ref rest, out var account) || !TryLevel(ref rest, out var guesses) || !TryLevel(ref rest, out var names)
                || !TryNumber(ref rest, out var tags) || tags < 0 || tags > rest.Length / sizeof(ushort))
                return false;
            guesses = Math.Max(0, guesses - (age * drain));
            names = Math.Max(0, names - (age * drainNames));
            var counter = table.Use(new(place, (ulong)account));
            counter.Guesses.Set(Math.Max(guesses, counter.Guesses.Level(now, drain)), now);
            counter.Names.Set(Math.Max(names, counter.Names.Level(now, drainNames)), now);
            for (; tags > 0; tags--, rest = rest[sizeof(ushort)..])
                table.SeenOf(counter).Add(BinaryPrimitives.ReadUInt16LittleEndian(rest));
        }
        return true;
    }

    static bool TryHomes(ref ReadOnlySpan<byte> rest, Homes homes)
    {
        if (!TryNumber(ref rest, out var count))
            return false;
        for (; count > 0; count--)
        {
            if (!TryNumber(ref rest, out var account) || !TryNumber(ref rest, out var places))
                return false;
            for (; places > 0; places--)
            {
                if (!TryPlace(ref rest, out var place) || !TryNumber(ref rest, out var day))
                    return false;
                homes.Add((ulong)account, place, day);
            }
        }
        return true;
    }

    static void Number(ArrayBufferWriter<byte> output, long number)
    {
        BinaryPrimitives.WriteInt64LittleEndian(output.GetSpan(sizeof(long)), number);
        output.Advance(sizeof(long));
    }

    static void Place(ArrayBufferWriter<byte> output, UInt128 place)
    {
        BinaryPrimitives.WriteUInt128LittleEndian(output.GetSpan(16), place);
        output.Advance(16);
    }

    static void Level(ArrayBufferWriter<byte> output, double level)
    {
        BinaryPrimitives.WriteSingleLittleEndian(output.GetSpan(sizeof(float)), (float)level);
        output.Advance(sizeof(float));
    }

    static bool TryNumber(ref ReadOnlySpan<byte> rest, out long number)
    {
        if (!BinaryPrimitives.TryReadInt64LittleEndian(rest, out number))
            return false;
        rest = rest[sizeof(long)..];
        return true;
    }

    static bool TryPlace(ref ReadOnlySpan<byte> rest, out UInt128 place)
    {
        if (!BinaryPrimitives.TryReadUInt128LittleEndian(rest, out place))
            return false;
        rest = rest[16..];
        return true;
    }

    static bool TryLevel(ref ReadOnlySpan<byte> rest, out double level)
    {
        level = 0;
        if (!BinaryPrimitives.TryReadSingleLittleEndian(rest, out var single) || !float.IsFinite(single))
            return false;
        level = single;
        rest = rest[sizeof(float)..];
        return true;
    }
}
