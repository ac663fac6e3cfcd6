using Sasl.Mechanisms;

namespace Fuzz;

/// <summary>Stored SCRAM secrets: what is read is written and read back the same.</summary>
static class ScramSecretTarget
{
    public static readonly string[] Seeds =
    [
        "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=",
        "{SCRAM-SHA-256}4096,W22ZaJ0SNY7soEsUEjb6gQ==,WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=,wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=",
        "SCRAM-SHA-1 $ 4096 : W22Z $ : ", "{}", "$",
    ];

    public static void Run(ReadOnlySpan<byte> input)
    {
        if (ScramSecretText.Parse(Bytes.Latin1(input)) is not { } secret)
            return;
        foreach (var form in new[] { ScramForm.Dovecot, ScramForm.Rfc5803 })
            Check.Same(ScramSecretText.Format(secret, form), ScramSecretText.Format(ScramSecretText.Parse(ScramSecretText.Format(secret, form))!, form), "a secret");
    }
}
