using System.Text;
using CsCheck;
using Sasl.Credentials.Schemes;

namespace Sasl.Credentials.Tests.Schemes;

public sealed class Apr1Tests
{
    /// <summary>Made by openssl passwd -apr1.</summary>
    [Theory]
    [InlineData("geheim", "$apr1$abcdefgh$bw9gEObk10asetVLiysIZ0")]
    [InlineData("a", "$apr1$abcdefgh$G8IsPsylW5ROvIKsQMRG61")]
    [InlineData("exactly sixteen!", "$apr1$abcdefgh$yoB60mLKTaPsG3lHXMI/0.")]
    [InlineData("a longer password than thirty-two bytes for sure", "$apr1$abcdefgh$uHDLI1wQmcbEcQwVGxPfz1")]
    [InlineData("geheim", "$apr1$x$7TnilxQV7rN1kA04zbABO.")]
    [InlineData("geheim", "$apr1$$cmV8wUoYJZ8hqWHbk.XXD0")]
    public void The_vectors_of_openssl(string password, string stored)
    {
        var bytes = Encoding.UTF8.GetBytes(password);
        Assert.True(PasswordScheme.Matches(bytes, stored));
        Assert.True(PasswordScheme.Matches(bytes, "{APR1}" + stored));
        Assert.False(PasswordScheme.Matches([.. bytes, (byte)'x'], stored));
        Assert.False(PasswordScheme.Matches(bytes, stored[..^1]));
    }

    [Theory]
    [InlineData("$apr1$")]
    [InlineData("$apr1$abcdefgh")]
    [InlineData("$apr1$abcdefgh$")]
    [InlineData("$apr1$ninebytes$bw9gEObk10asetVLiysIZ0")]
    [InlineData("{APR1}$1$abcdefgh$bw9gEObk10asetVLiysIZ0")]
    public void A_damaged_one_matches_nothing(string stored) => Assert.False(PasswordScheme.Matches("geheim"u8, stored));

    [Fact]
    public void An_empty_password_and_one_with_a_nul_match_nothing()
    {
        Assert.False(PasswordScheme.Matches(""u8, "$apr1$abcdefgh$L.PT565ESX4Tp2bqNs7Ie."));
        Assert.False(PasswordScheme.Matches("geheim\0"u8, "$apr1$abcdefgh$bw9gEObk10asetVLiysIZ0"));
    }

    [Fact]
    public async Task What_it_makes_openssl_makes_too()
    {
        var stored = PasswordScheme.Make("APR1", "Grüße geheim"u8)!["{APR1}".Length..];
        var salt = stored.Split('$')[2];
        Assert.Equal(8, salt.Length);
        Assert.Equal(stored, (await Command.RunAsync("openssl", ["passwd", "-apr1", "-salt", salt, "Grüße geheim"])).Output.TrimEnd());
    }

    [Fact]
    public void A_password_matches_itself_and_nothing_else() =>
        Gen.Select(Gen.String[Gen.Char.AlphaNumeric, 1, 40], Gen.String[Gen.Char.AlphaNumeric, 1, 40]).Sample((password, other) =>
            PasswordScheme.Matches(Encoding.UTF8.GetBytes(other), PasswordScheme.Make("APR1", Encoding.UTF8.GetBytes(password))!) == (password == other), iter: 100);
}
