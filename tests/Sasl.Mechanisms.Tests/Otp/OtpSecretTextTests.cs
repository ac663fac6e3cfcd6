using CsCheck;

namespace Sasl.Mechanisms.Tests.Otp;

public sealed class OtpSecretTextTests
{
    // What saslpasswd2 of Cyrus SASL 2.1.28 wrote for "This is a test.".
    const string FromCyrus = "md5\t0499\tvm1951\t5b78805cc23c0251\t00000000000000000000";

    [Fact]
    public void Of_Cyrus()
    {
        var secret = OtpSecret.Derive(OtpHash.Md5, "This is a test."u8, 499, "vm1951");
        Assert.Equal(secret, OtpSecretText.Parse(FromCyrus));
        Assert.Equal(secret, OtpSecretText.Parse(FromCyrus + "\0"));
        Assert.Equal(FromCyrus, OtpSecretText.Format(secret));
    }

    [Fact]
    public void A_lock_is_kept_in_whole_seconds()
    {
        var at = DateTimeOffset.FromUnixTimeMilliseconds(1767323045999);
        var text = OtpSecretText.Format(new(OtpHash.Sha1, 7, "Ke1234", 0xab, at));
        Assert.Equal("sha1\t0007\tke1234\t00000000000000ab\t00000000001767323045", text);
        Assert.Equal(1767323045, OtpSecretText.Parse(text)!.LockedUntil!.Value.ToUnixTimeSeconds());
    }

    [Theory]
    [InlineData("")]
    [InlineData("md5")]
    [InlineData("md6\t0499\tvm1951\t5b78805cc23c0251\t00000000000000000000")]
    [InlineData("MD5\t0499\tvm1951\t5b78805cc23c0251\t00000000000000000000")]
    [InlineData("md5\t10000\tvm1951\t5b78805cc23c0251\t00000000000000000000")]
    [InlineData("md5\t-499\tvm1951\t5b78805cc23c0251\t00000000000000000000")]
    [InlineData("md5\t\tvm1951\t5b78805cc23c0251\t00000000000000000000")]
    [InlineData("md5\t0499\t\t5b78805cc23c0251\t00000000000000000000")]
    [InlineData("md5\t0499\tvm 1951\t5b78805cc23c0251\t00000000000000000000")]
    [InlineData("md5\t0499\tvm1951\t5b78805cc23c025\t00000000000000000000")]
    [InlineData("md5\t0499\tvm1951\t5b78805cc23c025g\t00000000000000000000")]
    [InlineData("md5\t0499\tvm1951\t5b78805cc23c0251\t99999999999999999999")]
    [InlineData("md5\t0499\tvm1951\t5b78805cc23c0251\t")]
    [InlineData("md5\t0499\tvm1951\t5b78805cc23c0251")]
    [InlineData("md5\t0499\tvm1951\t5b78805cc23c0251\t00000000000000000000\t")]
    [InlineData("md5\t0499\tvm1951\t5b78805cc23c0251\t00000000000000000000\0\0")]
    public void What_is_something_else(string text) => Assert.Null(OtpSecretText.Parse(text));

    [Fact]
    public void Reads_back_what_was_written() =>
        Gen.Select(Gen.Int[0, 2], Gen.Int[0, 9999], Gen.String[Gen.Char.AlphaNumeric, 1, 16], Gen.ULong, Gen.Long[0, 253402300799]).Sample((hash, sequence, seed, password, until) =>
        {
            var secret = new OtpSecret(OtpHash.All[hash], sequence, seed, password, until == 0 ? null : DateTimeOffset.FromUnixTimeSeconds(until));
            return secret.Equals(OtpSecretText.Parse(OtpSecretText.Format(secret)));
        });

    [Theory]
    [InlineData("short", 499, "ke1234")]
    [InlineData("This is a test.", 0, "ke1234")]
    [InlineData("This is a test.", 10000, "ke1234")]
    [InlineData("This is a test.", 499, "")]
    [InlineData("This is a test.", 499, "12345678901234567")]
    [InlineData("This is a test.", 499, "a-b")]
    public void What_no_sequence_can_be_made_of(string passPhrase, int sequence, string seed) =>
        Assert.Throws<ArgumentException>(() => OtpSecret.Derive(OtpHash.Md5, System.Text.Encoding.UTF8.GetBytes(passPhrase), sequence, seed));

    [Theory]
    [InlineData("mail.example.org", "^ma[0-9]{4}$")]
    [InlineData("M-1", "^m1[0-9]{4}$")]
    [InlineData("é", "^xx[0-9]{4}$")]
    public void A_new_seed(string host, string expected) => Assert.Matches(expected, OtpSecret.NewSeed(host));
}
