using Saslauthd;

namespace Sasl.Credentials.Tests.Saslauthd;

public sealed class MechanismChainTests
{
    static readonly Verdict No = new(VerdictKind.Refused, "no"), Down = new(VerdictKind.Unavailable, "down"),
        Expired = new(VerdictKind.Expired, "old"), Disabled = new(VerdictKind.Disabled, "off");

    public static TheoryData<string, string> Cases => new()
    {
        { "ok no", "Ok first" }, { "no ok", "Ok second" }, { "no no", "Refused second" }, { "down ok", "Ok second" },
        { "down no", "Unavailable first" }, { "no down", "Unavailable second" }, { "expired ok", "Expired first" },
        { "no disabled", "Disabled second" }, { "disabled ok", "Disabled first" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task The_first_that_knows_the_password_decides(string answers, string expected)
    {
        var sources = answers.Split(' ').Zip(["first", "second"], (answer, name) => new FakeSource(_ => answer switch
        {
            "ok" => Verdict.Ok, "no" => No, "down" => Down, "expired" => Expired, _ => Disabled,
        }, name)).ToArray();
        var (verdict, mechanism) = await new MechanismChain(sources).VerifyAsync(new("bob", "", "imap", default, null), default);
        Assert.Equal(expected, $"{verdict.Kind} {mechanism}");
    }
}
