using System.Text;
using CsCheck;
using Sasl.Credentials.Schemes;

namespace Sasl.Credentials.Tests.Schemes;

public sealed class Argon2Tests
{
    // RFC 9106 §5.1 to §5.3: the same input for each kind.
    [Theory]
    [InlineData(0, "512b391b6f1162975371d30919734294f868e3be3984f3c1a13a4db9fabe4acb")]
    [InlineData(1, "c814d9d1dc7f37aa13f0d77f2494bda1c8de6b016dd388d29952a4c4672b6ce8")]
    [InlineData(2, "0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659")]
    public void The_vectors_of_the_RFC(int kind, string expected)
    {
        Span<byte> hash = stackalloc byte[32];
        Argon2.Hash(new((Argon2Kind)kind, 32, 3, 4), Of(1, 32), Of(2, 16), hash, Of(3, 8), Of(4, 12));
        Assert.Equal(expected, Convert.ToHexStringLower(hash));
    }

    // RFC 7693 appendix A.
    [Fact]
    public void Blake2b_of_abc()
    {
        Span<byte> hash = stackalloc byte[64];
        Blake2b.Hash("abc"u8, hash);
        Assert.Equal("ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d17d87c5392aab792dc252d5de4533cc9518d38aa8dbc4e1ec1d2b1a1a5ad9d3e4"[..32], Convert.ToHexStringLower(hash)[..32]);
    }

    [Fact]
    public unsafe void Four_words_at_a_time_are_the_same_as_one() => Gen.ULong.Array[128].Sample(words =>
    {
        ulong[] one = [.. words], wide = new ulong[128], zero = new ulong[128], source = [.. words];
        fixed (ulong* a = one, w = wide, z = zero, s = source)
        {
            Argon2Block.Permute(a);
            Argon2Block.Compress(z, s, w, isXored: false);
        }
        return one.Zip(words, (p, x) => p ^ x).SequenceEqual(wide);
    });

    static byte[] Of(byte value, int length)
    {
        var bytes = new byte[length];
        bytes.AsSpan().Fill(value);
        return bytes;
    }
}
