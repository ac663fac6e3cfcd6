using Sasl.Mechanisms;

namespace Sasl.Mechanisms.Tests;

public sealed class SaslMechanismsTests
{
    // RFC 4422 §3.1: 1*20 of A-Z 0-9 - _.
    [Fact]
    public void Names_are_legal_and_unique()
    {
        Assert.All(SaslMechanisms.All, m => Assert.Matches("^[A-Z0-9_-]{1,20}$", m.Name));
        Assert.Equal(SaslMechanisms.All.Count, SaslMechanisms.All.Select(m => m.Name).Distinct().Count());
    }
}
