using System.Text;
using Sasl.Protocols.DovecotAuth;
using Testing;

namespace Sasl.Protocols.Tests.DovecotAuth;

/// <summary>Our client on a real Dovecot's sockets.</summary>
public sealed class AuthClientDovecotTests(RealDovecot dovecot) : IClassFixture<RealDovecot>
{
    static readonly CancellationToken _stop = CancellationToken.None;

    AuthClient Client() => new(AuthAddress.TryParse(dovecot.ClientSocket)!);

    static byte[] Base64(string text) => Encoding.ASCII.GetBytes(Convert.ToBase64String(Encoding.UTF8.GetBytes(text)));

    static AuthParameters Smtp(string? initial = null) => new("smtp")
    {
        RemoteAddress = "192.0.2.1", LocalAddress = "192.0.2.2", NoLogin = true, IsTls = true, Session = "abc",
        InitialResponse = initial is null ? null : Base64(initial),
    };

    static ValueTask<byte[]?> Never(string challenge) => throw new InvalidOperationException($"unexpected challenge {challenge}");

    [RequiresFact(root: true, program: RealDovecot.Program)]
    public async Task It_reads_the_handshake()
    {
        await using var client = Client();
        var server = await client.HandshakeAsync();
        Assert.NotNull(server);
        Assert.Contains(server.Mechanisms, m => m == new OfferedMechanism("PLAIN", OfferedFlags.Plaintext));
        Assert.Contains(server.Mechanisms, m => m == new OfferedMechanism("SCRAM-SHA-256", OfferedFlags.MutualAuth));
        Assert.Equal(32, server.Cookie.Length);
    }

    [RequiresTheory(root: true, program: RealDovecot.Program)]
    [InlineData("\0alice\0wonderland", AuthStatus.Ok)]
    [InlineData("\0alice\0wrong", AuthStatus.Failed)]
    [InlineData("\0nobody-here\0wrong", AuthStatus.Failed)]
    public async Task Plain_with_an_initial_response(string message, AuthStatus expected)
    {
        await using var client = Client();
        var result = await client.AuthenticateAsync("PLAIN", Smtp(message), Never, _stop);
        Assert.Equal(expected, result.Status);
        Assert.Equal(message.Split('\0')[1], result.User);
    }

    [RequiresFact(root: true, program: RealDovecot.Program)]
    public async Task Over_tcp_too()
    {
        await using var client = new AuthClient(AuthAddress.TryParse($"inet:127.0.0.1:{dovecot.InetPort}")!);
        Assert.True((await client.AuthenticateAsync("PLAIN", Smtp("\0alice\0wonderland"), Never, _stop)).IsOk);
        Assert.Equal(AuthStatus.Failed, (await client.AuthenticateAsync("PLAIN", Smtp("\0alice\0wrong"), Never, _stop)).Status);
    }

    [RequiresFact(root: true, program: RealDovecot.Program)]
    public async Task Login_with_two_challenges_and_plain_without_an_initial_response()
    {
        await using var client = Client();
        var challenges = new List<string>();
        var result = await client.AuthenticateAsync("LOGIN", Smtp(), challenge =>
        {
            challenges.Add(Encoding.ASCII.GetString(Convert.FromBase64String(challenge)));
            return new(Base64(challenges.Count == 1 ? "alice" : "wonderland"));
        }, _stop);
        Assert.True(result.IsOk);
        Assert.Equal(2, challenges.Count);
        result = await client.AuthenticateAsync("PLAIN", Smtp(), challenge => new(Base64("\0alice\0wonderland")), _stop);
        Assert.Equal("alice", result.User);
    }

    [RequiresFact(root: true, program: RealDovecot.Program)]
    public async Task Many_at_once_on_one_connection_and_an_abort_among_them()
    {
        await using var client = Client();
        var aborted = client.AuthenticateAsync("LOGIN", Smtp(), _ => ValueTask.FromResult<byte[]?>(null), _stop);
        var logins = Enumerable.Range(0, 50).Select(i =>
            client.AuthenticateAsync("PLAIN", Smtp(i % 2 == 0 ? "\0alice\0wonderland" : "\0alice\0no"), Never, _stop)).ToArray();
        var results = await Task.WhenAll(logins);
        Assert.All(results.Index(), r => Assert.Equal(r.Index % 2 == 0, r.Item.IsOk));
        Assert.Equal(AuthStatus.Aborted, (await aborted).Status);
    }

    [RequiresFact(root: true, program: RealDovecot.Program)]
    public async Task A_user_is_looked_up_and_an_unknown_one_is_told()
    {
        await using var client = new AuthUserdbClient(AuthAddress.TryParse(dovecot.UserdbSocket)!);
        var alice = await client.UserAsync("alice", "lmtp", _stop);
        Assert.Equal((1234u, 1234u, "/home/alice"), (alice.Uid, alice.Gid, alice.Home));
        Assert.Equal(UserdbStatus.NotFound, (await client.UserAsync("nobody-here", "lmtp", _stop)).Status);
    }
}
