using CsCheck;

namespace Sasl.Mechanisms.Tests.Scram;

public sealed class ScramSecretTextTests
{
    // A secret made by PostgreSQL's and Cyrus's form of RFC 5803; the keys are RFC 7677's for "pencil".
    const string Rfc5803 = "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=";
    const string Dovecot = "{SCRAM-SHA-256}4096,W22ZaJ0SNY7soEsUEjb6gQ==,WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=,wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=";

    [Theory]
    [InlineData(Rfc5803)]
    [InlineData(Dovecot)]
    [InlineData("scram-sha-256 $ 4096 : W22ZaJ0SNY7soEsUEjb6gQ== $ WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY= : wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU= ")]
    public void Every_form_is_read(string text)
    {
        var secret = ScramSecretText.Parse(text)!;
        Assert.True(secret.Verify("pencil"u8));
        Assert.False(secret.Verify("Pencil"u8));
        Assert.Equal(Rfc5803, ScramSecretText.Format(secret, ScramForm.Rfc5803));
        Assert.Equal(Dovecot, ScramSecretText.Format(secret, ScramForm.Dovecot));
    }

    [Fact]
    public void A_new_secret_is_the_example()
    {
        var secret = ScramSecret.Derive(ScramHash.Sha256, "pencil"u8, Convert.FromBase64String("W22ZaJ0SNY7soEsUEjb6gQ=="), 4096);
        Assert.Equal(Rfc5803, ScramSecretText.Format(secret, ScramForm.Rfc5803));
    }

    [Theory]
    [InlineData("")]
    [InlineData("SCRAM-SHA-256")]
    [InlineData("SCRAM-SHA-256$")]
    [InlineData("SCRAM-SHA-3$4096:W22Z$WG5d:wfPL")]
    [InlineData("SCRAM-SHA-256$4096:W22Z$WG5d:wfPL")]
    [InlineData("SCRAM-SHA-256$0:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=")]
    [InlineData("SCRAM-SHA-256$-1:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=")]
    [InlineData("SCRAM-SHA-1$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=")]
    [InlineData("{SCRAM-SHA-256}4096,,WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=,wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=")]
    [InlineData("{SCRAM-SHA-256}4096,W22ZaJ0SNY7soEsUEjb6gQ==,WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=,wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=,")]
    public void Anything_else_is_nothing(string text) => Assert.Null(ScramSecretText.Parse(text));

    [Fact]
    public void What_is_written_is_read()
    {
        Gen.Select(Gen.Int[0, ScramHash.All.Count - 1].Select(i => ScramHash.All[i]), Gen.Byte.Array[1, 64], Gen.Int[1, int.MaxValue], Gen.Byte.Array[64], Gen.Bool.Select(b => b ? ScramForm.Dovecot : ScramForm.Rfc5803))
            .Sample((hash, salt, iterations, keys, form) =>
            {
                var secret = new ScramSecret(hash, iterations, salt, keys.AsMemory(0, hash.Size), keys.AsMemory(64 - hash.Size));
                var read = ScramSecretText.Parse(ScramSecretText.Format(secret, form))!;
                return read.Hash == hash && read.Iterations == iterations && read.Salt.Span.SequenceEqual(salt)
                    && read.StoredKey.Span.SequenceEqual(secret.StoredKey.Span) && read.ServerKey.Span.SequenceEqual(secret.ServerKey.Span);
            }, iter: 500);
    }

    [Fact]
    public void Any_text_is_a_secret_or_nothing() => Gen.String[Gen.Char["SCRAM-SHA-256{}$,: =Ab4"], 0, 60].Sample(text =>
    {
        _ = ScramSecretText.Parse("SCRAM-SHA-256" + text);
        _ = ScramSecretText.Parse(text);
    }, iter: 2000);
}
