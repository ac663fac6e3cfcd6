using System.Net;
using MailServers.Smtp;
using Testing;

namespace MailServers.Tests.Smtp;

public class ClientRatesTests
{
    static readonly ClientIdentity _client = new("c.test", IPAddress.Parse("192.0.2.1"), 1);

    [Fact]
    public void Counts_by_client_event_and_window()
    {
        var clock = new Clock();
        var rates = new ClientRates(new Dictionary<RateEvent, int> { [RateEvent.Message] = 2 }, TimeSpan.FromSeconds(60), new(["10.0.0.0/8"]), clock);
        Assert.Null(rates.Exceeded(_client, RateEvent.Message));
        Assert.Null(rates.Exceeded(_client, RateEvent.Message));
        Assert.Equal(3, rates.Exceeded(_client, RateEvent.Message));
        Assert.Null(rates.Exceeded(_client, RateEvent.Recipient));
        Assert.Null(rates.Exceeded(_client with { Address = IPAddress.Parse("192.0.2.2") }, RateEvent.Message));
        for (var i = 0; i < 5; i++)
            Assert.Null(rates.Exceeded(_client with { Address = IPAddress.Parse("10.0.0.1") }, RateEvent.Message));
        clock.Now += TimeSpan.FromSeconds(61);
        Assert.Null(rates.Exceeded(_client, RateEvent.Message));
    }

    [Theory]
    [InlineData(RateEvent.Message, "MAIL FROM:<a@b>", "450 4.7.1 Error: too much mail from 192.0.2.1", "Message delivery request")]
    [InlineData(RateEvent.Authentication, "AUTH FOO", "450 4.7.1 Error: too many AUTH commands from 192.0.2.1", "AUTH command")]
    [InlineData(RateEvent.TlsSession, "STARTTLS", "454 4.7.0 Error: too many new TLS sessions from 192.0.2.1", "New TLS session")]
    public async Task A_command_that_comes_too_often(object what, string command, string reply, string name)
    {
        await using var server = new SmtpTestServer(s => s with { RateLimits = new Dictionary<RateEvent, int> { [(RateEvent)what] = 1 } }, auth: true, tls: true);
        server.Server.Rates.Exceeded(server.Client, (RateEvent)what);
        await server.PlayAsync($"S: 220 *\nC: HELO c\nS: 250 *\nC: {command}\nS: {reply}\n", Pace.Whole);
        Assert.Contains($"warning: {name} rate limit exceeded: 2 from client.example.net[192.0.2.1] for service smtp", server.Log.Lines);
    }

    [Fact]
    public async Task Connections_and_recipients()
    {
        await using var server = new SmtpTestServer(s => s with { RateLimits = new Dictionary<RateEvent, int> { [RateEvent.Connection] = 1, [RateEvent.Recipient] = 1 } });
        await server.PlayAsync("""
            S: 220 *
            C: HELO c
            S: 250 *
            C: MAIL FROM:<a@b>
            S: 250 *
            C: RCPT TO:<a@example.com>
            S: 250 *
            C: RCPT TO:<b@example.com>
            S: 450 4.7.1 Error: too many recipients from 192.0.2.1
            """, Pace.Whole);
        await server.PlayAsync("S: 421 4.7.0 mail.example.com Error: too many connections from 192.0.2.1\nS: [closed]\n", Pace.Whole);
    }

    sealed class Clock : TimeProvider
    {
        public TimeSpan Now { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;
    }
}
