using System.Text;
using Sasl.Credentials.Sources;
using Sasl.Hosting.Configuration;
using Sasl.Mechanisms;
using Sasl.Protocols.DovecotAuth;

namespace AuthServer.Tests.Mechanisms;

/// <summary>One-time passwords: what was used once is used up, whoever is quicker.</summary>
public sealed class OtpTests : IDisposable
{
    const string PassPhrase = "this is a test", Seed = "ke1234";

    readonly TestServer _server = new(s => s.With(DovecotConf.AuthMechanisms, "otp plain").With(DovecotConf.AuthCacheSize, "1M"));
    readonly Sasldb _database;

    public OtpTests()
    {
        _database = new(_server["secrets.db"]);
        _database.Set("bob", "", "otp", $"{{OTP}}{OtpSecretText.Format(OtpSecret.Derive(OtpHash.Md5, Encoding.UTF8.GetBytes(PassPhrase), 100, Seed))}");
    }

    public void Dispose() => _server.Dispose();

    AuthClient Client() => new(AuthAddress.TryParse(_server.Listen().Client)!);

    static string Password(int number) => $"hex:{OtpHash.Md5.Compute(Encoding.UTF8.GetBytes(PassPhrase), Seed, number):x16}";

    static AuthParameters Begin(string user) => new("imap") { InitialResponse = Encoding.ASCII.GetBytes(Convert.ToBase64String(Encoding.UTF8.GetBytes($"\0{user}"))) };

    static Task<AuthResult> LoginAsync(AuthClient client, Func<string, ValueTask<byte[]?>> answer, string user = "bob") =>
        client.AuthenticateAsync("OTP", Begin(user), challenge => answer(Encoding.UTF8.GetString(Convert.FromBase64String(challenge))), default);

    static ValueTask<byte[]?> Base64(string text) => new(Encoding.ASCII.GetBytes(Convert.ToBase64String(Encoding.UTF8.GetBytes(text))));

    string Stored => _database.Find("bob", "", "otp")!;

    [Fact]
    public async Task Each_password_counts_once_and_is_gone_for_the_next_login_and_after_a_restart()
    {
        await using var client = Client();
        for (var number = 99; number > 95; number--)
            Assert.True((await LoginAsync(client, _ => Base64(Password(number)))).IsOk);
        Assert.StartsWith($"{{OTP}}md5 96 {Seed} ", Stored);
        Assert.False((await LoginAsync(client, _ => Base64(Password(96)))).IsOk);
        Assert.True((await LoginAsync(client, _ => Base64(Password(95)))).IsOk);
    }

    // CVE-2026-27855: two logins with the same one-time password at once.
    [Fact]
    public async Task Replay_two_logins_with_the_same_password_at_once_never_both_succeed()
    {
        await using AuthClient first = Client(), second = new(AuthAddress.TryParse(_server["auth-client"])!);
        for (var number = 99; number > 79; number--)
        {
            var at = number;
            var results = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => LoginAsync(i % 2 == 0 ? first : second, _ => Base64(Password(at)))));
            Assert.InRange(results.Count(r => r.IsOk), 0, 1);
            if (!results.Any(r => r.IsOk))
                Assert.True((await LoginAsync(first, _ => Base64(Password(at)))).IsOk);
            Assert.StartsWith($"{{OTP}}md5 {number} ", Stored);
        }
    }

    [Fact]
    public async Task Replay_another_server_has_used_the_password_between_challenge_and_answer()
    {
        await using var client = Client();
        var result = await LoginAsync(client, challenge =>
        {
            Assert.StartsWith("otp-md5 99 ", challenge);
            _database.Set("bob", "", "otp", $"{{OTP}}md5 99 {Seed} {OtpHash.Md5.Compute(Encoding.UTF8.GetBytes(PassPhrase), Seed, 99):x16}");
            return Base64(Password(99));
        });
        Assert.Equal("temp_fail", result.Code);
        Assert.StartsWith("{OTP}md5 99 ", Stored);
    }

    [Fact]
    public async Task While_a_challenge_is_out_nobody_else_gets_one_and_giving_up_frees_the_user()
    {
        await using var client = Client();
        var other = default(AuthResult);
        var result = await LoginAsync(client, async _ =>
        {
            other = await LoginAsync(client, _ => Base64(Password(99)));
            return await Base64("hex:0000000000000000");
        });
        Assert.Equal("temp_fail", other!.Code);
        Assert.Equal((AuthStatus.Failed, (string?)null), (result.Status, result.Code));
        Assert.True((await LoginAsync(client, _ => Base64(Password(99)))).IsOk);
    }

    [Fact]
    public async Task A_user_who_is_not_there_gets_a_challenge_that_stays()
    {
        await using var client = Client();
        var challenges = new List<string>();
        for (var i = 0; i < 2; i++)
        {
            var result = await LoginAsync(client, challenge =>
            {
                challenges.Add(challenge);
                return Base64("hex:0000000000000000");
            }, "nobody");
            Assert.Equal((AuthStatus.Failed, (string?)null), (result.Status, result.Code));
        }
        Assert.StartsWith("otp-md5 ", challenges[0]);
        Assert.Single(challenges.Distinct());
    }

    [Fact]
    public async Task The_pass_phrase_is_nobodys_password()
    {
        await using var client = Client();
        var result = await SaslLogin.RunAsync(client, "PLAIN", "bob", PassPhrase);
        Assert.Equal((AuthStatus.Failed, (string?)null), (result.Status, result.Code));
    }
}
