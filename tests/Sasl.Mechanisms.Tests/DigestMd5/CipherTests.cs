using System.Buffers.Binary;
using System.Security.Cryptography;
using CsCheck;

namespace Sasl.Mechanisms.Tests.DigestMd5;

/// <summary>The ciphers of our own against published vectors and against the platform's.</summary>
public sealed class CipherTests
{
    // NIST SP 800-17, appendix A and B: of each known-answer test a few; the first is the worked example that everybody uses.
    [Theory]
    [InlineData("133457799BBCDFF1", "0123456789ABCDEF", "85E813540F0AB405")]
    [InlineData("0101010101010101", "8000000000000000", "95F8A5E5DD31D900")]
    [InlineData("0101010101010101", "0000000000000001", "166B40B44ABA4BD6")]
    [InlineData("8001010101010101", "0000000000000000", "95A8D72813DAA94D")]
    [InlineData("0101010101010102", "0000000000000000", "869EFD7F9F265A09")]
    [InlineData("7CA110454A1A6E57", "01A1D6D039776742", "690F5B0D9A26939B")]
    [InlineData("0131D9619DC1376E", "5CD54CA83DEF57DA", "7A389D10354BD271")]
    [InlineData("1046913489980131", "0000000000000000", "88D55E54F54C97B4")]
    [InlineData("018310DC409B26D6", "1D9D5C5018F728C2", "5F4C038ED12B2E41")]
    public void Des_known_answers(string key, string plain, string cipher)
    {
        using var des = new Des(Block(key));
        Assert.Equal(cipher, des.Encrypt(Block(plain)).ToString("X16"));
        Assert.Equal(plain, des.Decrypt(Block(cipher)).ToString("X16"));
    }

    [Fact]
    public void Weak_keys_are_keys_too()
    {
        using var des = new Des(0x0101010101010101);
        Assert.Equal(0x123456789abcdef0UL, des.Encrypt(des.Encrypt(0x123456789abcdef0)));
    }

    [Fact]
    public void Des_is_what_the_platform_has() => Gen.Select(Gen.Byte.Array[8], Gen.Byte.Array[8], Gen.Byte.Array[8, 64]).Sample((key, iv, text) =>
    {
        if (DES.IsWeakKey(key) || DES.IsSemiWeakKey(key))
            return;
        using var platform = DES.Create();
        platform.Key = key;
        Check(platform, new DesCbc(Squeeze(key), iv), iv, text);
    });

    [Fact]
    public void Triple_des_is_what_the_platform_has() => Gen.Select(Gen.Byte.Array[16], Gen.Byte.Array[8], Gen.Byte.Array[8, 64]).Sample((key, iv, text) =>
    {
        byte[] whole = [.. key, .. key[..8]];
        if (TripleDES.IsWeakKey(whole))
            return;
        using var platform = TripleDES.Create();
        platform.Key = whole;
        Check(platform, new DesCbc([.. Squeeze(key[..8]), .. Squeeze(key[8..])], iv), iv, text);
    });

    // RFC 6229 §2.
    [Theory]
    [InlineData("0102030405", "B2396305F03DC027CCC3524A0A1118A8", 0)]
    [InlineData("01020304050607", "293F02D47F37C9B633F2AF5285FEB46B", 0)]
    [InlineData("0102030405060708090A0B0C0D0E0F10", "9AC7CC9A609D1EF7B2932899CDE41B97", 0)]
    [InlineData("0102030405060708090A0B0C0D0E0F10", "FFA0B514647EC04F6306B892AE661181", 1536)]
    public void Rc4_known_answers(string key, string stream, int skipped)
    {
        var bytes = new byte[skipped + 16];
        using var rc4 = new Rc4(Convert.FromHexString(key));
        rc4.Encrypt(bytes.AsSpan(0, 7));
        rc4.Encrypt(bytes.AsSpan(7));
        Assert.Equal(stream, Convert.ToHexString(bytes.AsSpan(skipped)));
    }

    // In two parts: what follows a packet goes on from it.
    static void Check(SymmetricAlgorithm platform, DesCbc own, byte[] iv, byte[] text)
    {
        text = text[..(text.Length / 8 * 8)];
        var expected = platform.EncryptCbc(text, iv, PaddingMode.None);
        var data = text.ToArray();
        own.Encrypt(data.AsSpan(0, 8));
        own.Encrypt(data.AsSpan(8));
        Assert.Equal(expected, data);
    }

    // 64 bits with parity to 56 without.
    static byte[] Squeeze(byte[] key)
    {
        var bits = key.Aggregate(0UL, (all, b) => (all << 7) | (uint)(b >> 1));
        var bytes = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, bits);
        return bytes[1..];
    }

    static ulong Block(string hex) => BinaryPrimitives.ReadUInt64BigEndian(Convert.FromHexString(hex));
}
