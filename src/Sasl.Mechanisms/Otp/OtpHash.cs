using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Sasl.Mechanisms;

/// <summary>
/// The hash function of a sequence of one-time passwords (RFC 2289 §6 and appendix A), folded to 64 bits. A one-time password is a number here:
/// its eight bytes, the first one highest.
/// </summary>
public sealed class OtpHash
{
    delegate ulong Folding(ReadOnlySpan<byte> data);

    delegate int OneShot(ReadOnlySpan<byte> data, Span<byte> hash);

    readonly Folding _fold;
    readonly OneShot _hash;

    OtpHash(string name, Folding fold, OneShot hash) => (Name, _fold, _hash) = (name, fold, hash);

    /// <summary>MD4.</summary>
    public static OtpHash Md4 { get; } = new("md4", static d => FoldMd(d, HashMd4), HashMd4);

    /// <summary>MD5: what most sequences are made with.</summary>
    public static OtpHash Md5 { get; } = new("md5", static d => FoldMd(d, MD5.HashData), MD5.HashData);

    /// <summary>SHA-1.</summary>
    public static OtpHash Sha1 { get; } = new("sha1", FoldSha1, SHA1.HashData);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<OtpHash> All { get; } = [Md5, Sha1, Md4];

    /// <summary>Its name in challenges (RFC 2289 §6): "md4", "md5", "sha1".</summary>
    public string Name { get; }

    /// <summary>By its name in challenges, in lower case.</summary>
    public static OtpHash? Of(string name) => All.FirstOrDefault(h => h.Name == name);

    /// <summary>The one-time password with a number in the sequence of a pass-phrase and a seed.</summary>
    /// <param name="passPhrase">Bytes as they are (RFC 2289 §6 has printable ASCII).</param>
    /// <param name="seed">1–16 letters and digits, in any case.</param>
    /// <param name="number">How often it is hashed after the first time; each takes well under a microsecond.</param>
    public ulong Compute(ReadOnlySpan<byte> passPhrase, string seed, int number)
    {
        // RFC 2289 §6: the seed, in lower case, before the pass-phrase.
        byte[] start = [.. Encoding.ASCII.GetBytes(seed.ToLowerInvariant()), .. passPhrase];
        var password = _fold(start);
        CryptographicOperations.ZeroMemory(start);
        for (; number > 0; number--)
            password = Next(password);
        return password;
    }

    /// <summary>The password with the next higher number: the one that was used before this one.</summary>
    internal ulong Next(ulong password)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, password);
        return _fold(bytes);
    }

    /// <summary>What a word of an alternative dictionary stands for (RFC 2289 appendix B): its hash modulo 2048.</summary>
    internal int NumberOf(ReadOnlySpan<byte> word)
    {
        Span<byte> hash = stackalloc byte[SHA1.HashSizeInBytes];
        var size = _hash(word, hash);
        return BinaryPrimitives.ReadUInt16BigEndian(hash[(size - 2)..]) % OtpDictionary.Count;
    }

    static int HashMd4(ReadOnlySpan<byte> data, Span<byte> hash)
    {
        Mechanisms.Md4.Hash(data, hash);
        return Mechanisms.Md4.HashSize;
    }

    static ulong FoldMd(ReadOnlySpan<byte> data, OneShot hash)
    {
        Span<byte> whole = stackalloc byte[MD5.HashSizeInBytes];
        hash(data, whole);
        return BinaryPrimitives.ReadUInt64BigEndian(whole) ^ BinaryPrimitives.ReadUInt64BigEndian(whole[8..]);
    }

    // RFC 2289 appendix A: SHA-1 is made of big-endian words, and the password is written with the lowest byte of each first.
    static ulong FoldSha1(ReadOnlySpan<byte> data)
    {
        Span<byte> whole = stackalloc byte[SHA1.HashSizeInBytes];
        SHA1.HashData(data, whole);
        var first = BinaryPrimitives.ReadUInt32LittleEndian(whole) ^ BinaryPrimitives.ReadUInt32LittleEndian(whole[8..]) ^ BinaryPrimitives.ReadUInt32LittleEndian(whole[16..]);
        var second = BinaryPrimitives.ReadUInt32LittleEndian(whole[4..]) ^ BinaryPrimitives.ReadUInt32LittleEndian(whole[12..]);
        return ((ulong)first << 32) | second;
    }
}
