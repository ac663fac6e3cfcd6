using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Sasl.Credentials.Schemes;

enum Argon2Kind { D = 0, I = 1, Id = 2 }

/// <summary>What an Argon2 hash costs.</summary>
/// <param name="Memory">KiB.</param>
readonly record struct Argon2Cost(Argon2Kind Kind, int Memory, int Passes, int Lanes);

/// <summary>
/// Argon2 version 1.3 (RFC 9106), one lane after the other on the caller's thread. Its memory is not the collector's: it is there while the hash is
/// computed, so much and no more, and goes back to the system at once.
/// </summary>
static unsafe class Argon2
{
    public const int Version = 0x13;

    const int BlockSize = 1024, BlockWords = BlockSize / 8, Slices = 4;

    /// <summary>Writes the hash of a password: as many bytes as <paramref name="hash"/> has, 4 or more.</summary>
    /// <param name="secret">The key, of servers that have one (RFC 9106 §3.1), and then the associated data.</param>
    public static void Hash(Argon2Cost cost, ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt, Span<byte> hash, ReadOnlySpan<byte> secret = default, ReadOnlySpan<byte> data = default)
    {
        // RFC 9106 §3.2: whole segments only.
        var lane = cost.Memory / (Slices * cost.Lanes) * Slices;
        var blocks = (ulong*)NativeMemory.AlignedAlloc((nuint)lane * (nuint)cost.Lanes * BlockSize, 64);
        try
        {
            var work = new Filling(cost, blocks, lane);
            work.Begin(password, salt, hash.Length, secret, data);
            for (var pass = 0; pass < cost.Passes; pass++)
            {
                for (var slice = 0; slice < Slices; slice++)
                {
                    for (var l = 0; l < cost.Lanes; l++)
                        work.Fill(pass, slice, l);
                }
            }
            work.End(hash);
        }
        finally
        {
            NativeMemory.AlignedFree(blocks);
        }
    }

    /// <summary>H' (RFC 9106 §3.3): BLAKE2b of any length.</summary>
    static void Expand(ReadOnlySpan<byte> input, Span<byte> output)
    {
        byte[] first = [.. BitConverter.GetBytes(output.Length), .. input];
        if (output.Length <= Blake2b.LargestHash)
        {
            Blake2b.Hash(first, output);
            return;
        }
        Span<byte> v = stackalloc byte[Blake2b.LargestHash];
        Blake2b.Hash(first, v);
        while (true)
        {
            v[..32].CopyTo(output);
            output = output[32..];
            if (output.Length <= Blake2b.LargestHash)
                break;
            Blake2b.Hash(v.ToArray(), v);
        }
        Blake2b.Hash(v.ToArray(), output);
    }

    readonly struct Filling(Argon2Cost cost, ulong* blocks, int lane)
    {
        ulong* Block(int l, int column) => blocks + (((nuint)l * (nuint)lane + (nuint)column) * BlockWords);

        // RFC 9106 §3.2, steps 1 to 4.
        public void Begin(ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt, int length, ReadOnlySpan<byte> secret, ReadOnlySpan<byte> data)
        {
            byte[] input =
            [
                .. Number(cost.Lanes), .. Number(length), .. Number(cost.Memory), .. Number(cost.Passes), .. Number(Version), .. Number((int)cost.Kind),
                .. Number(password.Length), .. password, .. Number(salt.Length), .. salt, .. Number(secret.Length), .. secret, .. Number(data.Length), .. data,
            ];
            Span<byte> seed = stackalloc byte[Blake2b.LargestHash + 8];
            Blake2b.Hash(input, seed[..Blake2b.LargestHash]);
            CryptographicOperations.ZeroMemory(input);
            for (var l = 0; l < cost.Lanes; l++)
            {
                for (var column = 0; column < 2; column++)
                {
                    BinaryPrimitives.WriteInt32LittleEndian(seed[Blake2b.LargestHash..], column);
                    BinaryPrimitives.WriteInt32LittleEndian(seed[(Blake2b.LargestHash + 4)..], l);
                    Expand(seed, new Span<byte>(Block(l, column), BlockSize));
                }
            }
            seed.Clear();
        }

        // RFC 9106 §3.2, steps 5 and 6, of one segment: RFC 9106 §3.4.
        public void Fill(int pass, int slice, int l)
        {
            var segment = lane / Slices;
            var isIndependent = cost.Kind == Argon2Kind.I || (cost.Kind == Argon2Kind.Id && pass == 0 && slice < Slices / 2);
            ulong* addresses = stackalloc ulong[BlockWords], input = stackalloc ulong[BlockWords], zero = stackalloc ulong[BlockWords];
            new Span<ulong>(input, BlockWords).Clear();
            new Span<ulong>(zero, BlockWords).Clear();
            (input[0], input[1], input[2]) = ((ulong)pass, (ulong)l, (ulong)slice);
            (input[3], input[4], input[5]) = ((ulong)lane * (ulong)cost.Lanes, (ulong)cost.Passes, (ulong)cost.Kind);
            var first = pass == 0 && slice == 0 ? 2 : 0;
            for (var index = first; index < segment; index++)
            {
                var column = (slice * segment) + index;
                var previous = Block(l, column == 0 ? lane - 1 : column - 1);
                if (isIndependent && (index % BlockWords == 0 || index == first))
                {
                    // RFC 9106 §3.4.1.2: a counter that begins at 1.
                    input[6] = (ulong)(index / BlockWords) + 1;
                    Argon2Block.Compress(zero, input, addresses, isXored: false);
                    Argon2Block.Compress(zero, addresses, addresses, isXored: false);
                }
                var random = isIndependent ? addresses[index % BlockWords] : previous[0];
                var otherLane = pass == 0 && slice == 0 ? l : (int)((random >> 32) % (ulong)cost.Lanes);
                Argon2Block.Compress(previous, Block(otherLane, Reference(pass, slice, index, (uint)random, otherLane == l)), Block(l, column), isXored: pass > 0);
            }
        }

        // RFC 9106 §3.4.2: among the blocks that are finished, the recent ones rather than the old.
        int Reference(int pass, int slice, int index, uint random, bool isSameLane)
        {
            var segment = lane / Slices;
            var finished = pass == 0 ? slice * segment : lane - segment;
            var area = (uint)(isSameLane ? finished + index - 1 : finished - (index == 0 ? 1 : 0));
            var x = ((ulong)random * random) >> 32;
            var position = area - 1 - (uint)((area * x) >> 32);
            var start = pass == 0 || slice == Slices - 1 ? 0 : (slice + 1) * segment;
            return (int)((start + position) % lane);
        }

        // RFC 9106 §3.2, step 7.
        public void End(Span<byte> hash)
        {
            var last = new Span<ulong>(Block(0, lane - 1), BlockWords);
            for (var l = 1; l < cost.Lanes; l++)
            {
                var other = Block(l, lane - 1);
                for (var i = 0; i < BlockWords; i++)
                    last[i] ^= other[i];
            }
            Expand(MemoryMarshal.AsBytes(last), hash);
        }

        static byte[] Number(int value) => BitConverter.GetBytes(value);
    }
}
