using System.Text;
using CsCheck;
using Sasl.Credentials.Native;
using Sasl.Credentials.Schemes;

namespace Sasl.Credentials.Tests.Schemes;

public sealed class PasswordSchemeTests
{
    [Theory]
    [InlineData("SHA512-CRYPT", "{SHA512-CRYPT}$6$")]
    [InlineData("sha256-crypt", "{SHA256-CRYPT}$5$")]
    [InlineData("YESCRYPT", "{YESCRYPT}$y$")]
    [InlineData("CRYPT", "{CRYPT}$y$")]
    [InlineData("BLF-CRYPT", "{BLF-CRYPT}$2b$")]
    [InlineData("MD5-CRYPT", "{MD5-CRYPT}$1$")]
    [InlineData("PLAIN", "{PLAIN}geheim")]
    [InlineData("UNIX", "{UNIX}$y$")]
    [InlineData("MD5", "{MD5}")]
    [InlineData("SMD5", "{SMD5}")]
    [InlineData("SHA", "{SHA}")]
    [InlineData("SSHA", "{SSHA}")]
    [InlineData("SHA256", "{SHA256}")]
    [InlineData("SSHA256", "{SSHA256}")]
    [InlineData("SHA384", "{SHA384}")]
    [InlineData("SSHA384", "{SSHA384}")]
    [InlineData("SHA512", "{SHA512}")]
    [InlineData("SSHA512", "{SSHA512}")]
    public void What_a_scheme_makes_it_matches(string scheme, string beginning)
    {
        var stored = PasswordScheme.Make(scheme, "geheim"u8);
        Assert.StartsWith(beginning, stored);
        Assert.True(PasswordScheme.Matches("geheim"u8, stored!));
        Assert.False(PasswordScheme.Matches("geheim "u8, stored!));
    }

    [Fact]
    public void A_scheme_refuses_a_hash_of_another_scheme() =>
        Assert.False(PasswordScheme.Matches("geheim"u8, "{SHA512-CRYPT}" + Crypt.Hash("geheim"u8, "$1$")));

    [Fact]
    public void Without_braces_it_is_crypt() => Assert.True(PasswordScheme.Matches("geheim"u8, Crypt.Hash("geheim"u8, "$1$")!));

    [Theory]
    [InlineData("{ROT13}geheim")]
    [InlineData("{}geheim")]
    public void An_unknown_scheme_is_reported_and_lets_nobody_in(string stored) => Assert.Null(PasswordScheme.Matches("geheim"u8, stored));

    [Theory]
    [InlineData("")]
    [InlineData("{PLAIN}")]
    [InlineData("{CRYPT}")]
    [InlineData("{PLAIN")]
    public void An_empty_or_damaged_secret_matches_no_password(string stored)
    {
        Assert.NotEqual(true, PasswordScheme.Matches(""u8, stored));
        Assert.NotEqual(true, PasswordScheme.Matches("{PLAIN"u8, stored));
    }

    [Fact]
    public void Plain_matches_itself_and_nothing_else() =>
        Gen.Select(Gen.String[Gen.Char.AlphaNumeric, 1, 20], Gen.String[Gen.Char.AlphaNumeric, 1, 20]).Sample((password, other) =>
            PasswordScheme.Matches(Encoding.UTF8.GetBytes(other), "{PLAIN}" + password) == (password == other));
}
