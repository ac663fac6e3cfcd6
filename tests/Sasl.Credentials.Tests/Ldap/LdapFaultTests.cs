using System.Diagnostics;
using Testing;

namespace Sasl.Credentials.Tests.Ldap;

/// <summary>Servers that are down, die, hang or lie.</summary>
public sealed class LdapFaultTests
{
    // Answers of a server, as the RFC has them; the message's number is put in.
    static byte[] Result(int id, byte operation, byte code = 0, params byte[] more)
    {
        byte[] number = id < 0x80 ? [0x02, 0x01, (byte)id] : [0x02, 0x02, (byte)(id >> 8), (byte)id];
        return [0x30, (byte)(9 + number.Length + more.Length), .. number, operation, (byte)(7 + more.Length), 0x0a, 0x01, code, 0x04, 0x00, 0x04, 0x00, .. more];
    }

    const byte BindRequest = 0x60, SearchRequest = 0x63, ExtendedRequest = 0x77, AbandonRequest = 0x50, BindResponse = 0x61, SearchDone = 0x65, ExtendedResponse = 0x78;

    [RequiresFact(program: Slapd.Program)]
    public async Task The_next_server_is_asked_when_one_is_down_and_the_dead_one_is_remembered()
    {
        await using var second = await Slapd.StartAsync();
        var time = new ManualTime(DateTimeOffset.UtcNow);
        var first = RunningPostfix.FreePort();
        await using var house = new LdapHouse(LdapHouse.Conf($"ldap://127.0.0.1:{first}/ {second.Url}"), time);
        Assert.Equal(Verdict.Ok, await house.AskAsync("alice", "geheim"));
        // The lookup's failure is known: the password goes to the second at once.
        Assert.DoesNotContain(house.Explanation.Steps, s => s.Contains("refused"));
        time.Now += TimeSpan.FromSeconds(11);
        Assert.Equal(Verdict.Ok, await house.AskAsync("alice", "geheim"));
        Assert.Contains(house.Explanation.Steps, s => s.Contains("Connection refused"));
    }

    [RequiresFact(program: Slapd.Program)]
    public async Task No_server_at_all_is_unavailable_and_not_a_wrong_password()
    {
        await using var house = new LdapHouse(LdapHouse.Conf($"ldap://127.0.0.1:{RunningPostfix.FreePort()}/ ldapi://%2Fnowhere%2Fldapi/"));
        var verdict = await house.AskAsync("alice", "geheim");
        Assert.Equal(VerdictKind.Unavailable, verdict.Kind);
        Assert.StartsWith("Cannot connect to ldap server (configuration error): ldapi://", verdict.Reason);
        Assert.Equal(VerdictKind.Unavailable, (await new LdapHouse(LdapHouse.Conf("ldap://no-such-host.invalid/")).AskAsync("alice", "geheim")).Kind);
    }

    [RequiresFact(program: Slapd.Program)]
    public async Task A_server_that_was_restarted_is_asked_again()
    {
        await using var slapd = await Slapd.StartAsync();
        await using var house = new LdapHouse(LdapHouse.Conf(slapd.Url));
        Assert.Equal(Verdict.Ok, await house.AskAsync("alice", "geheim"));
        await slapd.KillAsync();
        await slapd.ServeAsync();
        Assert.Equal(Verdict.Ok, await house.AskAsync("alice", "geheim"));
        Assert.Equal(VerdictKind.Refused, (await house.AskAsync("alice", "falsch")).Kind);
    }

    [Theory]
    [InlineData("yes", VerdictKind.Refused, "User not found")]
    [InlineData("no", VerdictKind.Unavailable, "Retry condition (ldap server connection reset or broken)")]
    public async Task A_connection_that_breaks_on_the_way_is_made_again_unless_ldap_restart_is_no(string restart, VerdictKind kind, string reason)
    {
        await using var server = new HostileServer((stream, connection) => HostileServer.AnswerAsync(stream, (id, operation) =>
            operation == BindRequest ? Result(id, BindResponse, (byte)(id == 1 ? 0 : 49)) : operation != SearchRequest ? null
                : connection == 1 ? throw new IOException("that was it") : Result(id, SearchDone)));
        await using var house = new LdapHouse(LdapHouse.Conf(server.Url, $"ldap_restart: {restart}"));
        var verdict = await house.AskAsync("alice", "geheim");
        Assert.Equal(kind, verdict.Kind);
        Assert.StartsWith(reason, verdict.Reason);
    }

    [RequiresFact(program: Slapd.Program)]
    public async Task A_server_that_dies_while_searches_hang_fails_them_and_the_next_login_works()
    {
        await using var slapd = await Slapd.StartAsync();
        await using var house = new LdapHouse(LdapHouse.Conf(slapd.Url, "ldap_timeout: 60"));
        Assert.Equal(Verdict.Ok, await house.AskAsync("alice", "geheim"));
        await slapd.StopAsync();
        var hanging = Enumerable.Range(0, 10).Select(_ => house.Source.VerifyAsync(new("alice", "", "imap", "geheim"u8.ToArray(), null), default).AsTask()).ToArray();
        await slapd.KillAsync();
        Assert.All(await Task.WhenAll(hanging), verdict => Assert.Equal(VerdictKind.Unavailable, verdict.Kind));
        await slapd.ServeAsync();
        Assert.Equal(Verdict.Ok, await house.AskAsync("alice", "geheim"));
    }

    [RequiresFact(program: Slapd.Program)]
    public async Task A_server_that_hangs_gives_way_to_the_next_after_the_timeout()
    {
        await using var first = await Slapd.StartAsync();
        await using var second = await Slapd.StartAsync();
        await using var house = new LdapHouse(LdapHouse.Conf($"{first.Url} {second.Url}", "ldap_timeout: 1"));
        Assert.Equal(Verdict.Ok, await house.AskAsync("alice", "geheim"));
        await first.StopAsync();
        Assert.Equal(Verdict.Ok, await house.AskAsync("alice", "geheim"));
        Assert.Contains(house.Explanation.Steps, s => s.Contains("no answer within 1 s; asking again"));
    }

    [Theory]
    [InlineData(30)]
    [InlineData(1)]
    public async Task One_slow_search_holds_up_nobody_else_and_is_abandoned(int timeout)
    {
        // The first search on the first connection is never answered.
        var (slow, abandoned) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var server = new HostileServer((stream, connection) => HostileServer.AnswerAsync(stream, (id, operation) =>
        {
            if (operation == AbandonRequest && connection == 1)
                abandoned.TrySetResult();
            if (operation == SearchRequest && id == 2 && connection == 1)
            {
                slow.TrySetResult();
                return null;
            }
            return operation == BindRequest ? Result(id, BindResponse, (byte)(id == 1 ? 0 : 49)) : operation == SearchRequest ? Result(id, SearchDone) : null;
        }));
        await using var house = new LdapHouse(LdapHouse.Conf(server.Url, $"ldap_timeout: {timeout}"));
        using var stop = new CancellationTokenSource();
        var waiting = house.Source.VerifyAsync(new("slow", "", "imap", "x"u8.ToArray(), null), stop.Token).AsTask();
        await slow.Task.WaitAsync(TimeSpan.FromSeconds(20));
        for (var i = 0; i < 10 || (timeout == 1 && !waiting.IsCompleted); i++)
            Assert.Equal(new(VerdictKind.Refused, "User not found"), await house.AskAsync("carol", "x"));
        await stop.CancelAsync();
        // After the timeout it was asked once more, on the connection that goes on for the others.
        Assert.Equal(timeout == 1 ? new(VerdictKind.Refused, "User not found") : Verdict.TimedOut, await waiting);
        await abandoned.Task.WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task Attack_a_server_that_never_answers_costs_the_timeout()
    {
        await using var server = new HostileServer(async (stream, _) => await stream.CopyToAsync(Stream.Null));
        await using var house = new LdapHouse(LdapHouse.Conf(server.Url, "ldap_timeout: 1"));
        var clock = Stopwatch.StartNew();
        var verdict = await house.AskAsync("alice", "geheim");
        Assert.Equal(VerdictKind.Unavailable, verdict.Kind);
        Assert.Contains("no answer within 1 s", verdict.Reason);
        Assert.InRange(clock.Elapsed.TotalSeconds, 0.9, 10);
    }

    [Theory]
    [InlineData("garbage", "HTTP/1.1 400 Bad Request\r\n\r\n", "not LDAP")]
    [InlineData("endless length", "\x30\x84\xff\xff\xff\xff", "4294967295 bytes")]
    [InlineData("indefinite length", "\x30\x80\x02\x01\x01", "no definite length")]
    [InlineData("a length beyond reason", "\x30\x89\x01\x01\x01\x01\x01\x01\x01\x01\x01", "no definite length")]
    [InlineData("another operation", "\x30\x0c\x02\x01\x01\x65\x07\x0a\x01\x00\x04\x00\x04\x00", "not asked")]
    [InlineData("another number", "\x30\x0c\x02\x01\x07\x61\x07\x0a\x01\x00\x04\x00\x04\x00", "not asked")]
    [InlineData("an operation that there is not", "\x30\x0c\x02\x01\x01\x7e\x07\x0a\x01\x00\x04\x00\x04\x00", "malformed")]
    [InlineData("truncated", "\x30\x0c\x02\x01\x01\x61\x09\x0a\x01\x00\x04\x00\x04\x00", "malformed")]
    [InlineData("notice of disconnection", "\x30\x24\x02\x01\x00\x78\x1f\x0a\x01\x34\x04\x00\x04\x00\x8a\u00161.3.6.1.4.1.1466.20036", "unavailable (52)")]
    public async Task Attack_a_hostile_server(string what, string bytes, string reason)
    {
        Assert.NotEmpty(what);
        await using var server = new HostileServer(async (stream, _) =>
        {
            await stream.WriteAsync(System.Text.Encoding.Latin1.GetBytes(bytes));
            await stream.CopyToAsync(Stream.Null);
        });
        await using var house = new LdapHouse(LdapHouse.Conf(server.Url, "ldap_timeout: 10"));
        var verdict = await house.AskAsync("alice", "geheim");
        Assert.Equal(VerdictKind.Unavailable, verdict.Kind);
        Assert.Contains(reason, verdict.Reason);
    }

    [Fact]
    public async Task Attack_entries_without_end_are_not_kept()
    {
        await using var server = new HostileServer(async (stream, _) =>
        {
            byte[] entry = [0x30, 0x0d, 0x02, 0x01, 0x02, 0x64, 0x08, 0x04, 0x04, (byte)'c', (byte)'n', (byte)'=', (byte)'a', 0x30, 0x00];
            await HostileServer.AnswerAsync(stream, (id, operation) => operation == BindRequest ? Result(id, BindResponse)
                : operation == SearchRequest ? [.. Enumerable.Repeat(entry, 100).SelectMany(e => e)] : null);
        });
        await using var house = new LdapHouse(LdapHouse.Conf(server.Url));
        Assert.Equal(new(VerdictKind.Refused, "User not found (more than one entry matches)"), await house.AskAsync("alice", "geheim"));
    }

    [Fact]
    public async Task Attack_StartTLS_injection_bytes_before_the_handshake_are_refused()
    {
        await using var server = new HostileServer((stream, _) => HostileServer.AnswerAsync(stream, (id, operation) => operation == ExtendedRequest
            ? [.. Result(id, ExtendedResponse), .. Result(id + 1, BindResponse)] : null));
        await using var house = new LdapHouse(LdapHouse.Conf(server.Url, "ldap_start_tls: yes"));
        Assert.Contains("bytes behind the answer to StartTLS came in the clear", (await house.AskAsync("alice", "geheim")).Reason);
    }

    [Fact]
    public async Task Attack_a_server_that_refuses_StartTLS_hears_no_password()
    {
        var operations = new List<byte>();
        await using var server = new HostileServer((stream, _) => HostileServer.AnswerAsync(stream, (id, operation) =>
        {
            lock (operations)
                operations.Add(operation);
            return operation == ExtendedRequest ? Result(id, ExtendedResponse, 52) : Result(id, BindResponse);
        }));
        await using var house = new LdapHouse(LdapHouse.Conf(server.Url, "ldap_start_tls: yes"));
        Assert.Contains("StartTLS is refused", (await house.AskAsync("alice", "geheim")).Reason);
        lock (operations)
            Assert.DoesNotContain(BindRequest, operations);
    }

    [Theory]
    [InlineData(49, VerdictKind.Refused)]
    [InlineData(50, VerdictKind.Refused)]
    [InlineData(34, VerdictKind.Refused)]
    [InlineData(80, VerdictKind.Refused)]
    [InlineData(53, VerdictKind.Refused)]
    [InlineData(1, VerdictKind.Unavailable)]
    [InlineData(8, VerdictKind.Unavailable)]
    [InlineData(10, VerdictKind.Unavailable)]
    [InlineData(13, VerdictKind.Unavailable)]
    [InlineData(14, VerdictKind.Unavailable)]
    [InlineData(51, VerdictKind.Unavailable)]
    [InlineData(52, VerdictKind.Unavailable)]
    [InlineData(123, VerdictKind.Unavailable)]
    public async Task What_the_result_of_a_users_bind_means(byte code, VerdictKind kind)
    {
        await using var server = new HostileServer((stream, _) => HostileServer.AnswerAsync(stream, (id, _) => Result(id, BindResponse, code)));
        await using var house = new LdapHouse($"ldap_servers: {server.Url}\nldap_auth_method: fastbind\nldap_filter: uid=%u");
        Assert.Equal(kind, (await house.AskAsync("alice", "geheim")).Kind);
    }

    [Theory]
    [InlineData("532", VerdictKind.Expired, "Password expired")]
    [InlineData("773", VerdictKind.Expired, "Password expired")]
    [InlineData("533", VerdictKind.Disabled, "Account disabled or expired")]
    [InlineData("701", VerdictKind.Disabled, "Account disabled or expired")]
    [InlineData("52e", VerdictKind.Refused, "Invalid password")]
    [InlineData("775", VerdictKind.Refused, "Invalid password")]
    public void Active_Directory_says_more_in_its_text(string data, VerdictKind kind, string reason) => Assert.Equal(new(kind, reason),
        Credentials.Ldap.LdapVerdicts.OfUserBind(new(Credentials.Ldap.LdapResultCode.InvalidCredentials,
            $"80090308: LdapErr: DSID-0C090439, comment: AcceptSecurityContext error, data {data}, v4563\0", [])));
}
