using System.Text;
using CsCheck;
using Sasl.Credentials.Schemes;

namespace Sasl.Credentials.Tests.Schemes;

public sealed class DigestSchemeTests
{
    static readonly string[] _names = ["LDAP-MD5", "PLAIN-MD5", "PLAIN-MD4", "SMD5", "SHA", "SHA512.hex", "SSHA256.HEX", "PLAIN-MD5.b64", "SSHA", "SHA256", "SSHA256", "SHA384", "SSHA384", "SHA512", "SSHA512"];

    // openssl dgst of "geheim", and of "geheimSALT" with the salt behind it; the last two by OpenLDAP's slappasswd.
    [Theory]
    [InlineData("{MD5}6GNuoBPmgvr2H1bOHLGrXA==")]
    [InlineData("{smd5}wbG/vi8o11pzEFwmrZ2w51NBTFQ=")]
    [InlineData("{SHA}kGByAB793z4R5tK1eC9Hd/4Dhzk=")]
    [InlineData("{SSHA}ZXSQlJ0RJb++emSWsVmMSA/fqVdTQUxU")]
    [InlineData("{SHA256}rdsPXngmyFfXN20b2bwzwMVEeQourJYUSoryKxKYyUA=")]
    [InlineData("{SSHA256}DKtmLaeWXNtuhdMe+UmQQbr010tOliYwtrP4IuSR3O9TQUxU")]
    [InlineData("{SHA384}8kdQXEf2JX0wRAHnlXY8JgUJIeXuUGveL5AZ27cc5BkvAgMifrP1dP9tGjG4omHX")]
    [InlineData("{SSHA384}965fEz7te7x/vQSkVsrH/rOGqSzfKr/ecnHriS7LG6mNoiDKgeEPFLkTcb2vzh8rU0FMVA==")]
    [InlineData("{SHA512}jYR+AdIrqpafcfo2K03iHJ4Tx4grzqE7pcaorg1x/IyXAMguAIemXIs3vSn1NnR/KMlnK+wcrndi0snza2AT8g==")]
    [InlineData("{SSHA512}UWopWGtDhDtm8RJsv4VVjeYpHsReeuHMqKP2Olij0gX8Dpf/bfJh5eNIlkcNPIHreRDjsNGcxSjhx3CNmeUdJVNBTFQ=")]
    [InlineData("{SSHA}uK9/TZzCGZykfkQvj9tqRiadHt1jM1VO")]
    [InlineData("{SMD5}qWb4UoMy7/sVvIiJ+RTMEhKTOvY=")]
    public void Vectors_of_other_programs(string stored)
    {
        Assert.True(PasswordScheme.Matches("geheim"u8, stored));
        Assert.False(PasswordScheme.Matches("geheim2"u8, stored));
    }

    [Fact]
    public void A_plain_digest_with_something_behind_it_is_damaged()
    {
        var stored = PasswordScheme.Make("SHA", "geheim"u8)!;
        var longer = Convert.ToBase64String([.. Convert.FromBase64String(stored[5..]), 1]);
        Assert.Null(PasswordScheme.Matches("geheim"u8, "{SHA}" + longer));
    }

    [Fact]
    public void A_salted_digest_without_a_salt_is_damaged() =>
        Assert.Null(PasswordScheme.Matches("geheim"u8, PasswordScheme.Make("SHA", "geheim"u8)!.Replace("{SHA}", "{SSHA}")));

    [Fact]
    public void The_digest_of_nothing_lets_nobody_in() => Assert.False(PasswordScheme.Matches([], "{SHA}2jmj7l5rSw0yVb/vlWAYkK/YBwk="));

    [Fact]
    public void A_digest_matches_its_password_and_no_other() =>
        Gen.Select(Gen.Int[0, _names.Length - 1].Select(i => _names[i]), Gen.Byte.Array[1, 200], Gen.Byte.Array[1, 200]).Sample((scheme, password, other) =>
        {
            var stored = PasswordScheme.Make(scheme, password)!;
            return PasswordScheme.Matches(password, stored) == true && PasswordScheme.Matches(other, stored) == password.AsSpan().SequenceEqual(other);
        });

    [Fact]
    public void Damage_is_no_match_and_no_exception() =>
        Gen.Select(Gen.Int[0, _names.Length - 1].Select(i => _names[i]), Gen.Byte.Array[0, 300]).Sample((scheme, bytes) =>
            PasswordScheme.Matches("geheim"u8, $"{{{scheme}}}{Encoding.Latin1.GetString(bytes)}") != true);
}
