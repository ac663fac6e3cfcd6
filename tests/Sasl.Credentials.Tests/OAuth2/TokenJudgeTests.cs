using System.Text;
using Sasl.Credentials.OAuth2;
using Testing;

namespace Sasl.Credentials.Tests.OAuth2;

/// <summary>Tokens that are judged by their signature, with keys from a server, a file or a directory.</summary>
public sealed class TokenJudgeTests : IDisposable
{
    static readonly TokenIssuer _issuer = new();

    readonly TemporaryDirectory _directory = new();
    readonly ManualTime _time = new(DateTimeOffset.UtcNow);

    public TokenJudgeTests() => File.WriteAllText(_directory["jwks.json"], _issuer.Jwks());

    OAuth2Options Options => new()
    {
        Mode = IntrospectionMode.Local, KeyFile = _directory["jwks.json"], Issuers = [TokenIssuer.Name, "https://other.example"], Audience = ["imap", "mail"], Scopes = ["mail", "all"],
    };

    public void Dispose() => _directory.Dispose();

    static Task<TokenVerdict> AskAsync(TokenJudge judge, string token) => judge.JudgeAsync(Encoding.ASCII.GetBytes(token), null, default);

    async Task<string> ReasonAsync(string token, OAuth2Options? options = null)
    {
        using var judge = new TokenJudge(options ?? Options, _ => { }, _time);
        var verdict = await AskAsync(judge, token);
        Assert.Equal(verdict.Kind == VerdictKind.Ok, verdict.Claims is not null);
        return verdict.Kind == VerdictKind.Ok ? verdict.Claims!.Text("email") ?? "" : $"{verdict.Kind}: {verdict.Reason}";
    }

    string Claims(params (string, string?)[] changes) => TokenIssuer.Claims(_time.Now, changes);

    [Theory]
    [InlineData("RS256"), InlineData("PS512"), InlineData("ES256"), InlineData("ES512")]
    public async Task A_good_token_is_good(string algorithm) => Assert.Equal("alice@example.org", await ReasonAsync(_issuer.Sign(algorithm, Claims())));

    public static TheoryData<string, string?, string> Changes => new()
    {
        { "iss", "\"https://evil.example\"", "Refused: the token is of another issuer" },
        { "iss", "\"HTTPS://ISSUER.EXAMPLE/realm\"", "Refused: the token is of another issuer" },
        { "iss", "[\"https://issuer.example/realm\"]", "Refused: the token is of another issuer" },
        { "iss", null, "Refused: the token is of another issuer" },
        { "aud", "\"calendar\"", "Refused: the token is for another audience" },
        { "aud", "[\"calendar\",\"imap\"]", "alice@example.org" },
        { "aud", "\"calendar imap\"", "Refused: the token is for another audience" },
        { "aud", null, "Refused: the token is for another audience" },
        { "exp", null, "Refused: the token never ends" },
        { "exp", "\"soon\"", "Refused: the token has a time that is none" },
        { "scope", "\"openid mailbox\"", "Refused: the token is not for the scope" },
        { "scope", "[\"all\"]", "alice@example.org" },
        // As in Dovecot: without a scope it is the audience.
        { "scope", null, "alice@example.org" },
        { "active", "false", "Refused: the token is not active" },
        { "email_verified", "false", "Refused: the token's address is not verified" },
        { "email_verified", "true", "alice@example.org" },
        { "anything", "{\"deep\":[1,2]}", "alice@example.org" },
    };

    [Theory, MemberData(nameof(Changes))]
    public async Task What_a_token_has_to_say(string claim, string? json, string expected) => Assert.Equal(expected, await ReasonAsync(_issuer.Sign("RS256", Claims((claim, json)))));

    [Theory]
    [InlineData("exp", -59, true), InlineData("exp", -60, false), InlineData("nbf", 60, true), InlineData("nbf", 61, false), InlineData("iat", 60, true), InlineData("iat", 61, false)]
    public async Task Attack_an_expired_token_and_clocks_that_differ(string claim, int seconds, bool isGood)
    {
        _time.Now = DateTimeOffset.FromUnixTimeSeconds(_time.Now.ToUnixTimeSeconds());
        var reason = await ReasonAsync(_issuer.Sign("RS256", Claims((claim, $"{_time.Now.ToUnixTimeSeconds() + seconds}"))));
        Assert.Equal(isGood, reason == "alice@example.org");
    }

    [Theory]
    [InlineData("none"), InlineData("None"), InlineData("NONE"), InlineData("nOnE"), InlineData(""), InlineData("rs256"), InlineData("RS1"), InlineData("HS256")]
    public async Task Attack_alg_none_and_algorithms_that_are_none(string algorithm)
    {
        var signed = _issuer.Sign("RS256", Claims()).Split('.');
        var header = TokenIssuer.Text(Encoding.UTF8.GetBytes($"{{\"alg\":\"{algorithm}\"}}"));
        foreach (var signature in new[] { "", signed[2] })
            Assert.StartsWith("Refused: ", await ReasonAsync($"{header}.{signed[1]}.{signature}"));
    }

    [Theory]
    [InlineData("HS256"), InlineData("HS384"), InlineData("HS512")]
    public async Task Attack_HMAC_with_the_public_key_as_its_secret(string algorithm)
    {
        // With keys of a server there is no secret at all.
        foreach (var secret in new[] { _issuer.RsaPem, _issuer.RsaPem + "\n", _issuer.Jwks() })
        {
            foreach (var header in new[] { ",\"kid\":\"k-rsa\"", "", ",\"kid\":\"default\"" })
                Assert.Equal($"Refused: no {algorithm} key of the token's", await ReasonAsync(_issuer.Sign(algorithm, Claims(), header, Encoding.UTF8.GetBytes(secret))));
        }
        // In a directory only that of its algorithm, which cannot be a public key.
        Put("default/RS256/default", _issuer.RsaPem);
        Put($"default/{algorithm}/k", _issuer.RsaPem);
        var options = new OAuth2Options { Mode = IntrospectionMode.Local, KeyDirectory = _directory["keys"] };
        Assert.Equal("alice@example.org", await ReasonAsync(_issuer.Sign("RS256", Claims(), ""), options));
        foreach (var header in new[] { ",\"kid\":\"k\"", "", ",\"kid\":\"default\"" })
            Assert.Equal($"Refused: no {algorithm} key of the token's", await ReasonAsync(_issuer.Sign(algorithm, Claims(), header, Encoding.UTF8.GetBytes(_issuer.RsaPem)), options));
    }

    [Theory]
    [InlineData("../../evil"), InlineData("..%2f..%2fevil"), InlineData("..\\u002f..\\u002fevil"), InlineData("/{d}/evil"), InlineData("default/../../../evil"), InlineData("evil\\u0000"), InlineData("k'; DROP TABLE")]
    public async Task Attack_kid_traversal_a_key_of_the_attackers_outside_the_directory_is_not_found(string kid)
    {
        // CVE-2021-29157.
        var evil = new TokenIssuer();
        Put("default/RS256/default", _issuer.RsaPem);
        File.WriteAllText(_directory["evil"], evil.RsaPem);
        File.WriteAllText(_directory["keys/evil"], evil.RsaPem);
        var options = new OAuth2Options { Mode = IntrospectionMode.Local, KeyDirectory = _directory["keys"] };
        kid = kid.Replace("{d}", _directory.Path);
        foreach (var (header, azp) in new[] { ($",\"kid\":\"{kid}\"", null), ("", $"\"{kid}\""), ($",\"kid\":\"evil\"", "\"../..\"") })
            Assert.Equal("Refused: no RS256 key of the token's", await ReasonAsync(evil.Sign("RS256", Claims(("azp", azp)), header), options));
        await using var server = new WebServer(_ => new(200, _issuer.Jwks()));
        Assert.Equal("Refused: no RS256 key of the token's", await ReasonAsync(evil.Sign("RS256", Claims(), $",\"kid\":\"{kid}\""), OfServer(server)));
        Assert.All(server.Requests, r => Assert.Equal("/keys", r.Target));
    }

    [Fact]
    public async Task Attack_a_key_that_the_token_brings_along_is_not_used()
    {
        var evil = new TokenIssuer();
        await using var server = new WebServer(_ => new(200, evil.Jwks()));
        var jwk = evil.Jwks()["{\"keys\":[".Length..].Split("},")[0] + "}";
        foreach (var header in new[] { $",\"jwk\":{jwk}", $",\"jku\":\"{server.Url}/\"", $",\"x5u\":\"{server.Url}/\"", $",\"jku\":\"{server.Url}/\",\"kid\":\"k-rsa\"" })
            Assert.StartsWith("Refused: ", await ReasonAsync(evil.Sign("RS256", Claims(), header)));
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task A_signature_of_somebody_else_and_a_token_that_was_changed_are_refused()
    {
        Assert.Equal("Refused: the token's signature is wrong", await ReasonAsync(new TokenIssuer().Sign("RS256", Claims())));
        var parts = _issuer.Sign("ES256", Claims()).Split('.');
        var other = TokenIssuer.Text(Encoding.UTF8.GetBytes(Claims(("email", "\"bob@example.org\""))));
        Assert.Equal("Refused: the token's signature is wrong", await ReasonAsync($"{parts[0]}.{other}.{parts[2]}"));
        Assert.Equal("Refused: a token of more than 8192 bytes", await ReasonAsync(new string('a', 8193)));
        Assert.Equal("Refused: no bearer token", await AskRawAsync([0xc3, 0xa9]));
        Assert.Equal("Refused: no bearer token", await AskRawAsync("a\0b"u8.ToArray()));
    }

    [Fact]
    public async Task A_user_who_is_not_active_is_disabled()
    {
        var options = new OAuth2Options { Mode = IntrospectionMode.Local, KeyFile = _directory["jwks.json"], Issuers = [TokenIssuer.Name], ActiveClaim = "enabled", ActiveValue = "true" };
        Assert.Equal("alice@example.org", await ReasonAsync(_issuer.Sign("RS256", Claims(("enabled", "true"))), options));
        Assert.Equal("Disabled: the user is not active (enabled)", await ReasonAsync(_issuer.Sign("RS256", Claims(("enabled", "false"))), options));
        Assert.Equal("Disabled: the user is not active (enabled)", await ReasonAsync(_issuer.Sign("RS256", Claims()), options));
    }

    [Fact]
    public async Task Keys_of_a_server_are_got_once_and_again_when_a_name_is_new_but_not_at_every_token()
    {
        var current = _issuer;
        await using var server = new WebServer(_ => new(200, current.Jwks()));
        using var judge = new TokenJudge(OfServer(server), _ => { }, _time);
        for (var i = 0; i < 5; i++)
            Assert.Equal(VerdictKind.Ok, (await AskAsync(judge, _issuer.Sign("RS256", Claims()))).Kind);
        Assert.Single(server.Requests);
        // Attack: names that nobody knows.
        for (var i = 0; i < 50; i++)
            Assert.Equal(VerdictKind.Refused, (await AskAsync(judge, _issuer.Sign("RS256", Claims(), $",\"kid\":\"{i}\""))).Kind);
        Assert.Single(server.Requests);
        // The issuer changes its keys.
        current = new TokenIssuer { Prefix = "new-" };
        _time.Now += TimeSpan.FromSeconds(31);
        Assert.Equal(VerdictKind.Ok, (await AskAsync(judge, current.Sign("ES256", Claims()))).Kind);
        Assert.Equal(VerdictKind.Refused, (await AskAsync(judge, _issuer.Sign("RS256", Claims()))).Kind);
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task While_the_server_is_down_its_keys_stay_good_for_a_day()
    {
        var status = 200;
        await using var server = new WebServer(_ => new(status, _issuer.Jwks()));
        using var judge = new TokenJudge(OfServer(server), _ => { }, _time);
        Assert.Equal(VerdictKind.Ok, (await AskAsync(judge, _issuer.Sign("RS256", Claims()))).Kind);
        status = 503;
        _time.Now += TimeSpan.FromHours(23);
        Assert.Equal(VerdictKind.Ok, (await AskAsync(judge, _issuer.Sign("RS256", Claims()))).Kind);
        await Eventually.TrueAsync(() => server.Requests.Count == 2, "it was asked again in the background");
        _time.Now += TimeSpan.FromHours(2);
        var verdict = await AskAsync(judge, _issuer.Sign("RS256", Claims()));
        Assert.Equal((VerdictKind.Unavailable, "jwks_url is answered with 503"), (verdict.Kind, verdict.Reason));
        status = 200;
        _time.Now += TimeSpan.FromSeconds(2);
        Assert.Equal(VerdictKind.Ok, (await AskAsync(judge, _issuer.Sign("RS256", Claims()))).Kind);
    }

    [Fact]
    public async Task Many_at_once_wait_for_one_answer()
    {
        var open = new TaskCompletionSource();
        await using var server = new WebServer(async _ =>
        {
            await open.Task;
            return new(200, _issuer.Jwks());
        });
        using var judge = new TokenJudge(OfServer(server), _ => { }, _time);
        var asked = Enumerable.Range(0, 50).Select(_ => AskAsync(judge, _issuer.Sign("RS256", Claims()))).ToList();
        await Eventually.TrueAsync(() => !server.Requests.IsEmpty, "the server is asked");
        open.SetResult();
        Assert.All(await Task.WhenAll(asked), v => Assert.Equal(VerdictKind.Ok, v.Kind));
        Assert.Single(server.Requests);
    }

    [Theory]
    [InlineData("", "jwks_url is answered with 302", 302)]
    [InlineData("nonsense", "no JWK Set: no object with a list \"keys\"", 200)]
    [InlineData("{long}", "GET http://localhost:*/keys: an answer of more than 262144 bytes", 200)]
    public async Task A_server_of_keys_that_answers_something_else(string body, string expected, int status)
    {
        await using var elsewhere = new WebServer(_ => new(200, _issuer.Jwks()));
        await using var server = new WebServer(_ => new(status, body.Replace("{long}", new string(' ', (256 * 1024) + 1))) { Headers = $"Location: {elsewhere.Url}/\r\n" });
        Assert.Equal("Unavailable: " + expected.Replace("*", $"{server.Port}"), await ReasonAsync(_issuer.Sign("RS256", Claims()), OfServer(server)));
        Assert.Empty(elsewhere.Requests);
    }

    [Fact]
    public async Task A_file_that_was_changed_is_read_again()
    {
        using var judge = new TokenJudge(Options, _ => { }, _time);
        Assert.Equal(VerdictKind.Ok, (await AskAsync(judge, _issuer.Sign("RS256", Claims()))).Kind);
        var next = new TokenIssuer { Prefix = "n-" };
        File.WriteAllText(_directory["jwks.json"], next.Jwks());
        _time.Now += TimeSpan.FromSeconds(6);
        Assert.Equal(VerdictKind.Ok, (await AskAsync(judge, next.Sign("RS256", Claims()))).Kind);
    }

    [Fact]
    public void What_does_not_go_together_is_told()
    {
        var wrong = new (OAuth2Options Options, string Problem)[]
        {
            (new() { Mode = IntrospectionMode.Local }, "introspection_mode = local needs one of"),
            (new() { Mode = IntrospectionMode.Local, KeyFile = "/x" }, "jwks_url and jwks_file need issuers"),
            (new() { KeyFile = "/x", Introspection = new("https://x") }, "keys are set, and introspection_mode is not local"),
            (new(), "neither tokeninfo_url nor introspection_url"),
            (new() { Mode = IntrospectionMode.Local, KeyDirectory = "/x", AlwaysIntrospects = true }, "force_introspection needs"),
            (new() { Grant = new("https://x"), Audience = ["a"] }, "what a token has to say"),
        };
        Assert.All(wrong, w => Assert.StartsWith(w.Problem, Assert.Throws<FormatException>(() => new TokenJudge(w.Options, _ => { }, _time)).Message));
        Assert.Throws<FileNotFoundException>(() => new TokenJudge(new() { Mode = IntrospectionMode.Local, KeyFile = "/nonexistent", Issuers = ["x"] }, _ => { }, _time));
    }

    static OAuth2Options OfServer(WebServer server) => new() { Mode = IntrospectionMode.Local, KeyUrl = new($"{server.Url}/keys"), Issuers = [TokenIssuer.Name] };

    void Put(string path, string text)
    {
        var file = Path.Combine(_directory["keys"], path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }

    async Task<string> AskRawAsync(byte[] token)
    {
        using var judge = new TokenJudge(Options, _ => { }, _time);
        var verdict = await judge.JudgeAsync(token, null, default);
        return $"{verdict.Kind}: {verdict.Reason}";
    }
}
