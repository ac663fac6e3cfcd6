using Sasl.Credentials.Native;

namespace Sasl.Credentials.Tests.Native;

public sealed class CryptTests
{
    // The SHA-crypt specification's first examples, one of Openwall's for bcrypt, and what "openssl passwd -1" says.
    [Theory]
    [InlineData("Hello world!", "$6$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O817G3uBnIFNjnQJuesI68u4OTLiBFdcbYEdFCoEOfaS35inz1")]
    [InlineData("Hello world!", "$5$saltstring$5B8vYYiY.CVt1RlTTf8KbXBH3hsxY/GNooZaBBGWEc5")]
    [InlineData("Hello world!", "$1$abcdefgh$fzmjzFdo5nMtBG8gtud5e0")]
    [InlineData("U*U", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW")]
    public void Published_vectors_verify(string password, string hash)
    {
        Assert.True(Crypt.Verify(System.Text.Encoding.UTF8.GetBytes(password), hash));
        Assert.False(Crypt.Verify(System.Text.Encoding.UTF8.GetBytes(password + "x"), hash));
    }

    [Theory]
    [InlineData("$y$", 1u)]
    [InlineData("$6$", 1000u)]
    [InlineData("$5$", 1000u)]
    [InlineData("$2b$", 4u)]
    [InlineData("$1$", 0u)]
    public void A_new_hash_verifies_and_another_password_does_not(string prefix, uint cost)
    {
        var hash = Crypt.Hash("geheim"u8, prefix, cost);
        Assert.StartsWith(prefix, hash);
        Assert.True(Crypt.Verify("geheim"u8, hash!));
        Assert.False(Crypt.Verify("Geheim"u8, hash!));
        Assert.False(Crypt.Verify(""u8, hash!));
    }

    [Theory]
    [InlineData("")]
    [InlineData("*")]
    [InlineData("*0")]
    [InlineData("!")]
    [InlineData("!!")]
    [InlineData("*LK*")]
    [InlineData("x")]
    [InlineData("$")]
    [InlineData("$9$unknown$abc")]
    [InlineData("$6$")]
    public void Cve_2013_4122_a_hash_that_libcrypt_cannot_use_is_no_match_and_no_crash(string hash)
    {
        Assert.False(Crypt.Verify("geheim"u8, hash));
        Assert.False(Crypt.Verify(""u8, hash));
    }

    [Fact]
    public void Nul_truncation_a_password_with_a_nul_is_not_the_part_before_it()
    {
        var hash = Crypt.Hash("geheim"u8, "$6$", 1000)!;
        Assert.False(Crypt.Verify("geheim\0x"u8, hash));
        Assert.Null(Crypt.Hash("geheim\0x"u8, "$6$", 1000));
    }

    [Fact]
    public void A_password_longer_than_libcrypt_takes_is_no_match()
    {
        Assert.False(Crypt.Verify(new byte[600].Select(_ => (byte)'a').ToArray(), Crypt.Hash("a"u8, "$6$", 1000)!));
        Assert.Null(Crypt.Hash(new byte[600].Select(_ => (byte)'a').ToArray(), "$6$", 1000));
    }

    [Fact]
    public void Two_hashes_of_one_password_differ() =>
        Assert.NotEqual(Crypt.Hash("geheim"u8, "$6$", 1000), Crypt.Hash("geheim"u8, "$6$", 1000));
}
