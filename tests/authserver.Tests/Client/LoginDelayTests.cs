using System.Diagnostics;
using AuthServer.Logins;
using Sasl.Hosting.Configuration;

namespace AuthServer.Tests.Client;

public sealed class LoginDelayTests
{
    static LoginFacts With(string text)
    {
        var login = new LoginFacts("bob", "bob", new("imap", null, null));
        login.Fields.Set(LoginDelay.Field, text);
        return login;
    }

    [Theory]
    [InlineData("1000", 990, 10, 10)]
    [InlineData("1000", 1000, 0, 0)]
    [InlineData("1000", 2000, 0, 0)]
    [InlineData("1000+5", 990, 10, 15)]
    [InlineData("nonsense", 0, 0, 0)]
    [InlineData("1000+99999", 0, 0, 0)]
    [InlineData("-1", 0, 0, 0)]
    public void Until_that_time_and_some_seconds_by_chance(string text, long now, double least, double most) =>
        Assert.InRange(LoginDelay.Of(With(text), DateTimeOffset.FromUnixTimeSeconds(now)).TotalSeconds, least, most);

    [Fact]
    public void Without_the_field_there_is_none() => Assert.Equal(TimeSpan.Zero, LoginDelay.Of(new("bob", "bob", new("imap", null, null)), DateTimeOffset.UtcNow));

    [Theory]
    [InlineData("password=wonderland delay_until=4000000000", true)]
    [InlineData("password=wonderland nodelay delay_until=4000000000", false)]
    public async Task However_far_the_time_is_an_answer_comes_before_Postfix_gives_up(string arguments, bool isRight)
    {
        using var server = new TestServer(s => (s with { Passdbs = [new("static", arguments)] }).With(DovecotConf.AuthFailureDelay, "2"));
        // The answer's bound of 7.5 s at a hundredth.
        server.Time.Haste = 100;
        var clock = Stopwatch.StartNew();
        await server.PlayAsync($"""
            {TestServer.Handshake}
            C: VERSION|1|2
            C: CPID|1
            C: AUTH|1|PLAIN|service=imap|resp={(isRight ? TestServer.Right : TestServer.Wrong)}
            S: {(isRight ? "OK" : "FAIL")}|1|user=alice*
            """);
        // Three times over; with neither bound nor delay it would have been never, or at once.
        Assert.True(clock.Elapsed > TimeSpan.FromSeconds(3 * 0.07));
    }

    [Fact]
    public async Task A_time_that_is_none_lets_nobody_in()
    {
        using var server = new TestServer(s => s with { Passdbs = [new("static", "password=wonderland delay_until=soon")] });
        await server.PlayAsync($"""
            {TestServer.Handshake}
            C: VERSION|1|2
            C: CPID|1
            C: AUTH|1|PLAIN|service=imap|resp={TestServer.Right}
            S: FAIL|1|user=alice|code=temp_fail*
            """);
    }
}
