using Sasl.Protocols.DovecotAuth;

namespace Sasl.Protocols.Tests.DovecotAuth;

public sealed class SecurityOptionsTests
{
    static readonly OfferedMechanism[] _offered = [.. new[]
    {
        "PLAIN\tplaintext", "CRAM-MD5\tdictionary\tactive", "DIGEST-MD5\tDICTIONARY\tactive\tmutual-auth", "SCRAM-SHA-256\tmutual-auth", "ANONYMOUS\tanonymous",
        "DOVECOT-TOKEN\tprivate", "EXTERNAL\tsomething-new",
    }.Select(l => OfferedMechanism.TryParse(l.Split('\t'))!)];

    [Theory]
    [InlineData("", "PLAIN CRAM-MD5 DIGEST-MD5 SCRAM-SHA-256 ANONYMOUS EXTERNAL")]
    [InlineData("noanonymous", "PLAIN CRAM-MD5 DIGEST-MD5 SCRAM-SHA-256 EXTERNAL")]
    [InlineData("noplaintext noanonymous", "CRAM-MD5 DIGEST-MD5 SCRAM-SHA-256 EXTERNAL")]
    [InlineData("nodictionary", "PLAIN SCRAM-SHA-256 ANONYMOUS EXTERNAL")]
    [InlineData("mutual_auth noactive", "SCRAM-SHA-256")]
    [InlineData("forward_secrecy", "")]
    public void Filter(string options, string left) =>
        Assert.Equal(left, string.Join(' ', SecurityOptions.Filter(_offered, options.Split(' ')).Select(m => m.Name)));

    [Fact]
    public void A_mechanism_line_survives() => Assert.Equal("MECH DIGEST-MD5 dictionary active mutual-auth", string.Join(' ', _offered[2].ToFields()));
}
