using AuthServer.Defence;

namespace AuthServer.Tests.Defence;

public sealed class SipHashTests
{
    /// <summary>The vectors of the algorithm's authors: the key 00 01 … 0f, and as text its first bytes.</summary>
    [Theory]
    [InlineData(0, 0x726fdb47dd0e0e31)]
    [InlineData(1, 0x74f839c593dc67fd)]
    [InlineData(7, 0xab0200f58b01d137)]
    [InlineData(8, 0x93f5f5799a932462)]
    [InlineData(15, 0xa129ca6149be45e5)]
    public void It_is_SipHash_2_4(int length, ulong hash)
    {
        var bytes = Enumerable.Range(0, 16).Select(i => (byte)i).ToArray();
        Assert.Equal(hash, SipHash.Hash(bytes, bytes.AsSpan(0, length)));
    }
}
