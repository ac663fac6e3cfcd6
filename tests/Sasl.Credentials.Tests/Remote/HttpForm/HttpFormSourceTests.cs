using Sasl.Credentials.Remote;
using Sasl.Credentials.Remote.HttpForm;
using Sasl.Credentials.Tests.Remote.Peers;
using Testing;

namespace Sasl.Credentials.Tests.Remote.HttpForm;

/// <summary>httpform's request on the wire, and services that are broken or mean harm.</summary>
public sealed class HttpFormSourceTests
{
    [Fact]
    public async Task The_request()
    {
        await using var server = Service("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        Assert.Equal(Asking.Ok, await Make(server, "httpform_data: u=%u&p=%p&r=%r&x=%%\n").AskAsync("bob", "ge heim"));
        Assert.StartsWith("POST /auth HTTP/1.1\r\n", server.Received);
        Assert.Contains($"Host: 127.0.0.1:{server.Port}\r\n", server.Received);
        Assert.Contains("User-Agent: saslauthd\r\n", server.Received);
        Assert.Contains("Content-Type: application/x-www-form-urlencoded\r\n", server.Received);
        Assert.Contains("Content-Length: 35\r\n", server.Received);
        Assert.DoesNotContain("Authorization", server.Received);
        Assert.EndsWith("\r\n\r\nu=bob&p=ge%20heim&r=example.org&x=%", server.Received);
    }

    [Theory]
    [InlineData("200 OK", VerdictKind.Ok, "remote authentication successful")]
    [InlineData("204 No Content", VerdictKind.Ok, "remote authentication successful")]
    [InlineData("403 Account is locked", VerdictKind.Refused, "Account is locked")]
    [InlineData("403 ", VerdictKind.Refused, "remote server rejected your credentials")]
    [InlineData("201 Created", VerdictKind.Unavailable, Asking.Unexpected)]
    [InlineData("301 Moved", VerdictKind.Unavailable, Asking.Unexpected)]
    [InlineData("401 Unauthorized", VerdictKind.Unavailable, Asking.Unexpected)]
    [InlineData("407 Proxy", VerdictKind.Unavailable, Asking.Unexpected)]
    [InlineData("500 Broken", VerdictKind.Unavailable, Asking.Unexpected)]
    public async Task Statuses(string status, VerdictKind kind, string reason)
    {
        await using var server = Service($"HTTP/1.1 {status}\r\nContent-Length: 0\r\nLocation: /elsewhere\r\nWWW-Authenticate: Basic\r\n\r\n");
        Assert.Equal(new(kind, reason), await Make(server).AskAsync("bob", "geheim"));
        Assert.Equal(1, server.Connections);
    }

    // Cyrus 2.1.28 crashes.
    [Theory]
    [InlineData("", Asking.Synchronizing)]
    [InlineData("\r\n\r\n", Asking.Unexpected)]
    [InlineData("garbage without a status line\r\n", Asking.Unexpected)]
    [InlineData("HTTP/1.1\r\n\r\n", Asking.Unexpected)]
    [InlineData("HTTP/1.1 \r\n\r\n", Asking.Unexpected)]
    [InlineData("HTTP/1.1 2 OK\r\n\r\n", Asking.Unexpected)]
    [InlineData("HTTP/9.9 200 OK\r\n\r\n", Asking.Unexpected)]
    [InlineData("200 OK\r\n\r\n", Asking.Unexpected)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Le", Asking.Synchronizing)]
    public async Task A_reply_without_a_status_line_is_no_answer_and_no_crash(string reply, string reason)
    {
        await using var server = Service(reply);
        Assert.Equal(new(VerdictKind.Unavailable, reason), await Make(server).AskAsync("bob", "geheim"));
    }

    [Fact]
    public async Task Attack_endless_headers_end_when_they_are_too_long()
    {
        var sent = 0;
        await using var server = new FakeServer(async client =>
        {
            await ReadRequestAsync(client);
            await client.SendAsync("HTTP/1.1 200 OK\r\n");
            for (; ; sent++)
                await client.SendAsync("X-More: " + new string('x', 4000) + "\r\n");
        });
        Assert.Equal(new(VerdictKind.Unavailable, Asking.Unexpected), await Make(server).AskAsync("bob", "geheim"));
        // What the kernel's buffers hold comes to it.
        Assert.True(sent < 8000, $"{sent} fields were taken");
    }

    [Fact]
    public async Task Attack_an_endless_body_is_not_read()
    {
        await using var server = new FakeServer(async client =>
        {
            await ReadRequestAsync(client);
            await client.SendAsync("HTTP/1.1 200 OK\r\n\r\n");
            while (true)
                await client.SendAsync(new string('x', 65536));
        });
        var source = Make(server);
        Assert.Equal(Asking.Ok, await source.AskAsync("bob", "geheim"));
        Assert.Equal(Asking.Ok, await source.AskAsync("bob", "geheim"));
        Assert.Equal(2, server.Connections);
    }

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 200 O")]
    [InlineData("HTTP/1.1 100 Continue\r\n\r\n")]
    public async Task A_service_that_never_answers_is_waited_for_until_the_time_is_over(string beginning)
    {
        var never = new TaskCompletionSource();
        await using var server = new FakeServer(async client =>
        {
            await ReadRequestAsync(client);
            await client.SendAsync(beginning);
            await never.Task;
        });
        Assert.Equal(new(VerdictKind.Unavailable, Asking.Synchronizing), await Make(server, "httpform_timeout: 1s\nhttpform_data: p=%p\n").AskAsync("bob", "geheim"));
        never.SetResult();
    }

    [Fact]
    public async Task Nobody_listens()
    {
        var log = new ListLog();
        var source = Asking.Make("httpform", null, $"httpform_host: 127.0.0.1\nhttpform_port: {RunningPostfix.FreePort()}\nhttpform_uri: /auth\nhttpform_data: p=%p\n", log);
        Assert.Equal(new(VerdictKind.Unavailable, Asking.NoContact), await source.AskAsync("bob", "geheim"));
        Assert.Contains(log.Lines, l => l.Contains("auth_httpform: couldn't connect to"));
    }

    [Fact]
    public async Task Attack_header_injection_line_ends_in_a_login_stay_in_the_body()
    {
        await using var server = Service("HTTP/1.1 403 no\r\nContent-Length: 0\r\n\r\n");
        await Make(server).AskAsync("bob\r\nX-Admin: yes\r\n\r\nGET /", "x\r\n\r\nDELETE / HTTP/1.1\r\n");
        var (head, body) = (server.Received.Split("\r\n\r\n")[0], server.Received.Split("\r\n\r\n")[1]);
        Assert.DoesNotContain("Admin", head);
        Assert.Equal("user=bob%0D%0AX-Admin%3A%20yes%0D%0A%0D%0AGET%20%2F&password=x%0D%0A%0D%0ADELETE%20%2F%20HTTP%2F1.1%0D%0A", body);
    }

    [Fact]
    public async Task Attack_a_reason_phrase_is_one_short_line()
    {
        await using var server = Service($"HTTP/1.1 403 a\tb{new string('x', 1000)}\r\nContent-Length: 0\r\n\r\n");
        var verdict = await Make(server).AskAsync("bob", "geheim");
        Assert.Equal(VerdictKind.Refused, verdict.Kind);
        Assert.True(verdict.Reason.Length <= 200 && !verdict.Reason.Any(char.IsControl));
    }

    [Theory]
    [InlineData("", "geheim")]
    [InlineData("bob", "")]
    [InlineData("bob\0", "geheim")]
    [InlineData("bob", "geheim\0x")]
    public async Task Empty_values_and_NUL_are_refused_without_asking(string user, string password)
    {
        await using var server = Service("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        Assert.Equal(VerdictKind.Refused, (await Make(server).AskAsync(user, password)).Kind);
        Assert.Equal(0, server.Connections);
    }

    [Fact]
    public async Task What_is_no_UTF8_is_no_JSON()
    {
        await using var server = Service("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        var source = Make(server, "httpform_format: json\nhttpform_data: {\"p\":\"%p\"}\n");
        Assert.Equal(VerdictKind.Refused, (await source.AskAsync("bob", [0xE9])).Kind);
        Assert.Equal(0, server.Connections);
    }

    // A password goes where the administrator said, and nowhere else.
    [Fact]
    public void No_proxy_no_redirection_no_cookies()
    {
        var server = new RemoteServer("httpform", "h", 80, RemoteTls.Never, new(), TimeSpan.FromSeconds(1));
        using var handler = HttpFormClient.Handler(server, new(server, new("h"), new ListLog()));
        Assert.Equal((false, false, false, null), (handler.UseProxy, handler.AllowAutoRedirect, handler.UseCookies, handler.Credentials));
    }

    static IPasswordSource Make(FakeServer server, string settings = "httpform_data: user=%u&password=%p\n") =>
        Asking.Make("httpform", null, $"httpform_host: 127.0.0.1\nhttpform_port: {server.Port}\nhttpform_uri: /auth\n{settings}");

    /// <summary>Reads a request and answers it.</summary>
    static FakeServer Service(string reply) => new(async client =>
    {
        await ReadRequestAsync(client);
        await client.SendAsync(reply);
    });

    static async Task ReadRequestAsync(FakeClient client)
    {
        var length = 0;
        while (await client.ReadLineAsync() is { Length: > 0 } line)
            length = line.StartsWith("Content-Length: ", StringComparison.Ordinal) ? int.Parse(line["Content-Length: ".Length..]) : length;
        await client.ReadAsync(length);
    }
}
