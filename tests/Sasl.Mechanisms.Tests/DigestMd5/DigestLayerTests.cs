using System.Buffers;
using System.Buffers.Binary;
using CsCheck;

namespace Sasl.Mechanisms.Tests.DigestMd5;

/// <summary>The layers (RFC 2831 §2.3, §2.4): what goes in comes out, in one order only, and nothing else comes out.</summary>
public sealed class DigestLayerTests
{
    static readonly DigestProtection[] _layers = [.. DigestProtection.All.Where(p => p.IsLayer)];

    public static TheoryData<int> Layers => new(Enumerable.Range(0, _layers.Length));

    static readonly Gen<byte[][]> _messages = Gen.Byte.Array[0, 300].Array[1, 8];

    [Theory]
    [MemberData(nameof(Layers))]
    public void What_goes_in_comes_out(int which) => Gen.Select(_messages, Gen.Int[1, 200], Gen.Int[1, 50]).Sample((messages, room, piece) =>
    {
        var (client, server) = Pair(which, room + _layers[which].Overhead);
        foreach (var (from, to) in new[] { (client, server), (server, client) })
        {
            var wire = new ArrayBufferWriter<byte>();
            foreach (var message in messages)
                from.Wrap(message, wire);
            var output = new ArrayBufferWriter<byte>();
            // In pieces of another size: a packet is taken when it is whole.
            var (begin, end) = (0, 0);
            while (begin < wire.WrittenCount)
            {
                end = Math.Min(end + piece, wire.WrittenCount);
                var input = new ReadOnlySequence<byte>(wire.WrittenMemory[begin..end]);
                while (to.Unwrap(ref input, output) is var result && result != UnwrapResult.NeedMore)
                    Assert.Equal(UnwrapResult.Data, result);
                begin = end - (int)input.Length;
                Assert.True(begin < end || end == wire.WrittenCount || end - begin < room + _layers[which].Overhead);
            }
            Assert.Equal(messages.SelectMany(m => m), output.WrittenSpan.ToArray());
        }
    }, iter: 50);

    [Theory]
    [MemberData(nameof(Layers))]
    public void A_flipped_bit_breaks_it(int which) => Gen.Select(Gen.Byte.Array[1, 64], Gen.Int[0, int.MaxValue]).Sample((message, bit) =>
    {
        var (client, server) = Pair(which);
        var packet = Wrap(client, message);
        bit = 32 + (bit % (8 * (packet.Length - 4)));
        packet[bit / 8] ^= (byte)(1 << (bit % 8));
        Assert.Equal((UnwrapResult.Broken, 0), Unwrap(server, packet));
    }, iter: 300);

    [Theory]
    [MemberData(nameof(Layers))]
    public void Order_matters_and_once_is_enough(int which)
    {
        var (client, server) = Pair(which);
        var (first, second) = (Wrap(client, "first"u8), Wrap(client, "second"u8));
        Assert.Equal((UnwrapResult.Broken, 0), Unwrap(server, second));
        // What comes after a broken packet is not looked at.
        Assert.Equal((UnwrapResult.Broken, 0), Unwrap(server, first));

        (client, server) = Pair(which);
        first = Wrap(client, "first"u8);
        Assert.Equal((UnwrapResult.Data, 5), Unwrap(server, first));
        Assert.Equal((UnwrapResult.Broken, 0), Unwrap(server, first));

        (client, server) = Pair(which);
        Assert.Equal((UnwrapResult.Broken, 0), Unwrap(server, new byte[4]));
        Assert.Equal((UnwrapResult.Broken, 0), Unwrap(server, Wrap(client, "first"u8)));

        // Our own packets sent back to us are not the peer's.
        (client, _) = Pair(which);
        Assert.Equal((UnwrapResult.Broken, 0), Unwrap(client, Wrap(client, "first"u8)));
    }

    [Theory]
    [MemberData(nameof(Layers))]
    public void Lengths(int which)
    {
        foreach (var length in new uint[] { 0, 1, 15, 1001, 0x7fffffff, 0xffffffff })
        {
            var (_, server) = Pair(which, 1000);
            var packet = new byte[4 + Math.Min(length, 2000)];
            BinaryPrimitives.WriteUInt32BigEndian(packet, length);
            Assert.Equal((UnwrapResult.Broken, 0), Unwrap(server, packet));
        }
        var (client, _) = Pair(which, 1000);
        Assert.Equal(1000 - _layers[which].Overhead, client.LongestData);
        for (var size = 1; size <= client.LongestData; size++)
            Assert.InRange(Wrap(client, new byte[size]).Length, size + 20, 1000);
    }

    // Written down from the RFC's formulas by other means (Python's hmac, hashlib and OpenSSL's ciphers), for a session key of sixteen bytes 0 to 15.
    [Theory]
    [InlineData("", "0000001568656c6c6fe41f0b64ca1f95a540ad000100000000", "0000001f61207365636f6e64207061636b6574c80558aca7bf879e7eb1000100000001")]
    [InlineData("rc4", "0000001552145de40c089143776e1acb171f6f000100000000", "0000001fdfebabd6a7ecd5ea3541792d0092e2ea62162c8335d021d2d5000100000001")]
    [InlineData("rc4-56", "00000015dbdb39368be8c41ecf783d414a2e33000100000000", "0000001f7e2432658a135c60ea1ea9be47eb5772931bb3736a7b3abe59000100000001")]
    [InlineData("rc4-40", "0000001590f9457ab688cf22f9c5ef8e77dfa5000100000000", "0000001f81980c3619dde45d019043897352babc5641b0f284bb30e27f000100000001")]
    [InlineData("des", "00000016d86842bd57fedd4fb4712a3e84cda148000100000000", "000000269748c7099b1606d5513a1f9e4666cc75c581d4002c773cfde5b180f3ddc74de7000100000001")]
    [InlineData("3des", "000000160fc481df4f54a35422291c4d5f47c487000100000000", "000000267460c90d1e5932ba71a1e605ba5cc4ab9e394462f2a768019d3892e763e106db000100000001")]
    public void Known_packets(string cipher, string first, string second)
    {
        var which = Array.FindIndex(_layers, l => l.Cipher == (cipher.Length == 0 ? null : cipher));
        var (client, _) = Pair(which);
        Assert.Equal(first, Convert.ToHexStringLower(Wrap(client, "hello"u8)));
        Assert.Equal(second, Convert.ToHexStringLower(Wrap(client, "a second packet"u8)));
    }

    // A peer that has the keys and pads as it likes.
    [Theory]
    [InlineData("")]
    [InlineData("01")]
    [InlineData("0202")]
    [InlineData("0808080808080808")]
    [InlineData("090909090909090909")]
    [InlineData("00")]
    [InlineData("0002")]
    [InlineData("0102")]
    [InlineData("0303")]
    [InlineData("ff")]
    public void Padding(string padding)
    {
        var which = Array.FindIndex(_layers, l => l.Cipher == "3des");
        using var direction = new DigestDirection(_layers[which], Key, isFromClient: true);
        var pad = Convert.FromHexString(padding);
        // Data that makes whole blocks of data, padding and the ten bytes of MAC.
        var data = new byte[16 - ((pad.Length + 10) % 8)];
        var mac = new byte[DigestDirection.FullMacSize];
        direction.Sign(data, mac);
        byte[] packet = [.. data, .. pad, .. mac[..10]];
        direction.Cipher!.Encrypt(packet);
        packet = [0, 0, 0, (byte)(packet.Length + 6), .. packet, 0, 1, 0, 0, 0, 0];
        var isRight = pad.Length is >= 1 and <= 8 && Array.TrueForAll(pad, b => b == pad.Length);
        Assert.Equal(isRight ? (UnwrapResult.Data, data.Length) : (UnwrapResult.Broken, 0), Unwrap(Pair(which).Server, packet));
    }

    [Fact]
    public void Strength_is_told() => Assert.Equal([128, 112, 56, 55, 40, 1], _layers.Select((_, i) => Pair(i).Client.Ssf));

    static byte[] Key => [.. Enumerable.Range(0, 16).Select(i => (byte)i)];

    static (SecurityLayer Client, SecurityLayer Server) Pair(int which, int buffer = 65536)
    {
        var key = Key;
        var settings = SaslSettings.Default with { LongestPacket = buffer };
        return (_layers[which].Layer(key, isClient: true, buffer, settings)!, _layers[which].Layer(key, isClient: false, buffer, settings)!);
    }

    static byte[] Wrap(SecurityLayer layer, ReadOnlySpan<byte> data)
    {
        var output = new ArrayBufferWriter<byte>();
        layer.Wrap(data, output);
        return output.WrittenSpan.ToArray();
    }

    static (UnwrapResult, int) Unwrap(SecurityLayer layer, byte[] packet)
    {
        var output = new ArrayBufferWriter<byte>();
        var input = new ReadOnlySequence<byte>(packet);
        return (layer.Unwrap(ref input, output), output.WrittenCount);
    }
}
