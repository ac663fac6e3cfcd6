using Saslauthd.Requests;

namespace Sasl.Credentials.Tests.Saslauthd;

public sealed class RequestLimitsTests
{
    [Fact]
    public void One_uid_cannot_take_the_places_of_all()
    {
        var limits = new RequestLimits(limit: 3, limitPerUser: 2);
        Assert.True(limits.TryEnter(1000) && limits.TryEnter(1000));
        Assert.False(limits.TryEnter(1000));
        Assert.True(limits.TryEnter(33));
        Assert.False(limits.TryEnter(33));
        limits.Leave(1000);
        Assert.True(limits.TryEnter(33));
        Assert.Equal(3, limits.Count);
    }
}
