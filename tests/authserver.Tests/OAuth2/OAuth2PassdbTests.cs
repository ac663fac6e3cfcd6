using System.Diagnostics;
using System.Text;
using AuthServer.Composition;
using AuthServer.Logins;
using AuthServer.Passdb;
using AuthServer.Passdb.Drivers;
using AuthServer.Tests.Peers;
using Sasl.Credentials;
using Sasl.Hosting.Configuration;
using Sasl.Protocols.DovecotAuth;
using Testing;

namespace AuthServer.Tests.OAuth2;

/// <summary>passdb oauth2, with servers of the test's own that are asked about tokens.</summary>
public sealed class OAuth2PassdbTests : IDisposable
{
    const string Good = "good-token.1", Alice = """{"active":true,"email":"Alice@Example.org","sub":"7","scope":"mail","groups":["a"]}""";

    static readonly TokenIssuer _issuer = new();

    readonly TemporaryDirectory _directory = new();
    readonly CapturedLog _log = new();

    public OAuth2PassdbTests()
    {
        File.WriteAllText(_directory["jwks.json"], _issuer.Jwks());
        File.WriteAllText(_directory["ca.pem"], TestCertificates.Authority);
    }

    string Local => $"introspection_mode = local\njwks_file = {_directory["jwks.json"]}\nissuers = {TokenIssuer.Name}\naudience = mail";

    public void Dispose() => _directory.Dispose();

    static AuthDatabase Block(string settings) => new("oauth2", "")
    {
        Settings = settings.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(l => l.Split('=', 2, StringSplitOptions.TrimEntries)).GroupBy(l => l[0]).ToDictionary(g => g.Key, g => g.Last()[1]),
    };

    IPassdb Open(string settings) => OAuth2Passdb.Open(new(Block(settings), new(), HashWorkers.Inline, HashWorkers.Inline, _log, TimeProvider.System));

    static LoginFacts Login(string user, string mechanism = "XOAUTH2") => new(user, user, new("imap", "192.0.2.1", null) { Mechanism = mechanism }) { Explanation = new() };

    async Task<string> AskAsync(string settings, string token = Good, string user = "alice@example.org")
    {
        var passdb = Open(settings);
        var row = await passdb.ValidateAsync(Login(user), Encoding.ASCII.GetBytes(token), default);
        ((IDisposable)passdb).Dispose();
        Assert.DoesNotContain(_log.Lines, l => l.Contains(token));
        return row.Kind == PassdbKind.Found ? $"Found {string.Join(' ', row.Fields.Select(f => $"{f.Name}={f.Value}"))}".TrimEnd() : $"{row.Kind}: {row.Reason}";
    }

    static WebServer Introspection(bool tls = false) => new(r => r.Target.StartsWith("/i", StringComparison.Ordinal)
        && (r.Target.EndsWith($"={Good}", StringComparison.Ordinal) || r.Headers.GetValueOrDefault("Authorization") == $"Bearer {Good}" || r.Body == $"token={Good}")
            ? new(200, Alice) : r.Method == "POST" ? new(200, """{"active":false}""") : new(401, """{"error":"invalid_token"}"""), tls);

    [Theory]
    [InlineData("auth", "/i", "GET")]
    [InlineData("get", "/i?access_token=", "GET")]
    [InlineData("post", "/i", "POST")]
    public async Task A_server_is_asked_in_each_way(string mode, string path, string method)
    {
        await using var server = Introspection();
        var settings = $"introspection_mode = {mode}\nintrospection_url = {server.Url}{path}\nactive_attribute = active\nactive_value = true";
        Assert.Equal("Found", await AskAsync(settings));
        Assert.Equal(method, server.Requests.Single().Method);
        Assert.Equal("Mismatch", (await AskAsync(settings, "other-token.0"))[..8]);
        Assert.Equal("Mismatch: the token is another user's", await AskAsync(settings, user: "bob@example.org"));
    }

    [Fact]
    public async Task A_clients_name_and_secret_go_along_in_a_post()
    {
        await using var server = new WebServer(_ => new(200, Alice));
        Assert.Equal("Found", await AskAsync($"introspection_mode = post\nintrospection_url = {server.Url}/i\nclient_id = me:1\nclient_secret = ge heim"));
        Assert.Equal("Found", await AskAsync($"introspection_mode = post\nintrospection_url = {server.Url.Replace("//", "//you:their%20secret@")}/i"));
        Assert.Equal(["me%3A1:ge%20heim", "you:their secret"], server.Requests.Select(r => Encoding.UTF8.GetString(Convert.FromBase64String(r.Headers["Authorization"]["Basic ".Length..]))));
        Assert.All(server.Requests, r => Assert.Equal(Good, r.Form["token"]));
    }

    [Theory]
    [InlineData("auth", 400, "Mismatch: the token is refused (400)")]
    [InlineData("auth", 403, "Mismatch: the token is refused (403)")]
    [InlineData("auth", 404, "Failed: the server answers with 404")]
    [InlineData("auth", 302, "Failed: the server answers with 302")]
    [InlineData("auth", 500, "Failed: the server answers with 500")]
    [InlineData("post", 401, "Failed: the server answers with 401")]
    [InlineData("post", 400, "Failed: the server answers with 400")]
    [InlineData("auth", 200, "Failed: the server's answer is no object of JSON")]
    public async Task Answers_that_are_no_yes(string mode, int status, string expected)
    {
        await using var elsewhere = new WebServer(_ => new(200, Alice));
        await using var server = new WebServer(_ => new(status, "[]") { Headers = $"Location: {elsewhere.Url}/\r\n" });
        Assert.Equal(expected, await AskAsync($"introspection_mode = {mode}\nintrospection_url = {server.Url}/i"));
        Assert.Empty(elsewhere.Requests);
    }

    [Theory]
    [InlineData("""{"email":"alice@example.org"}""", "", "Found")]
    [InlineData("""{"email":"alice@example.org","active":false}""", "", "Mismatch: the token is not active")]
    [InlineData("""{"email":"alice@example.org","exp":1000}""", "", "Mismatch: the token is expired")]
    [InlineData("""{"email":"alice@example.org","iss":"https://evil.example"}""", "issuers = https://issuer.example", "Mismatch: the token is of another issuer")]
    [InlineData("""{"email":"alice@example.org"}""", "audience = mail", "Mismatch: the token is for another audience")]
    [InlineData("""{"email":"alice@example.org","scope":"calendar"}""", "scope = mail all", "Mismatch: the token is not for the scope")]
    [InlineData("""{"email":"alice@example.org"}""", "active_attribute = enabled", "Disabled: the user is not active (enabled)")]
    [InlineData("""{"sub":"alice@example.org"}""", "", "Mismatch: the token does not say whose it is (username_attribute = email)")]
    [InlineData("""{"sub":"alice@example.org"}""", "username_attribute = sub", "Found")]
    [InlineData("""{"email":["alice@example.org"]}""", "", "Mismatch: the token does not say whose it is (username_attribute = email)")]
    [InlineData("""{"email":"alice@elsewhere.example"}""", "", "Mismatch: the token is another user's")]
    [InlineData("""{"email":"alice@elsewhere.example"}""", "username_format = %n", "Found")]
    [InlineData("""{"email":"alice@example.org\u0000"}""", "", "Mismatch: the token is another user's")]
    [InlineData("""{"email":"alice@example.org","sub":"7","x":"a\nb"}""", "pass_attrs = userdb_id=%{oauth2:sub} x=%{oauth2:x} y=%{oauth2:none} z=%u", "Found userdb_id=7 z=alice@example.org")]
    [InlineData("""{"email":"alice@example.org","email":"bob@example.org"}""", "", "Failed: the server's answer is no object of JSON")]
    public async Task What_an_answer_has_to_say(string answer, string settings, string expected)
    {
        await using var server = new WebServer(_ => new(200, answer));
        Assert.Equal(expected, await AskAsync($"introspection_url = {server.Url}/i\n{settings}"));
    }

    [Fact]
    public async Task Who_names_nobody_is_whom_the_token_names()
    {
        await using var server = Introspection();
        Assert.Equal("Found user=alice@example.org", await AskAsync($"introspection_url = {server.Url}/i", user: ""));
    }

    [Fact]
    public async Task Tokeninfo_comes_first_and_introspection_behind_it_where_something_is_missing()
    {
        await using var server = new WebServer(r => new(200, r.Target.StartsWith("/info", StringComparison.Ordinal) ? """{"azp":"x"}""" : Alice));
        var both = $"tokeninfo_url = {server.Url}/info?access_token=\nintrospection_url = {server.Url}/i";
        Assert.Equal("Found", await AskAsync(both));
        Assert.Equal([$"/info?access_token={Good}", "/i"], server.Requests.Select(r => r.Target));
        server.Requests.Clear();
        Assert.Equal("Found", await AskAsync(both + "\nusername_attribute = azp", user: "x"));
        Assert.Single(server.Requests);
        server.Requests.Clear();
        Assert.Equal("Mismatch: the token does not say whose it is (username_attribute = azp)", await AskAsync(both + "\nusername_attribute = azp\nforce_introspection = yes", user: "x"));
        Assert.Equal(2, server.Requests.Count);
        server.Requests.Clear();
        var jwt = _issuer.Sign("RS256", TokenIssuer.Claims(DateTimeOffset.UtcNow));
        Assert.Equal("Found", await AskAsync($"{Local}\nforce_introspection = yes\nintrospection_url = {server.Url}/i\naudience =", jwt));
        Assert.Equal($"Bearer {jwt}", server.Requests.Single().Headers["Authorization"]);
    }

    [Fact]
    public async Task A_server_that_never_answers_costs_the_deadline_and_nobody_else()
    {
        await using var hung = new WebServer(async _ =>
        {
            await Task.Delay(-1, default);
            return new(200, "");
        });
        await using var server = Introspection();
        var slow = Open($"introspection_url = {hung.Url}/i\ntimeout_msecs = 2000");
        var waiting = Enumerable.Range(0, 20).Select(_ => slow.ValidateAsync(Login("alice"), "t"u8.ToArray(), default).AsTask()).ToList();
        Assert.Equal("Found", await AskAsync($"introspection_url = {server.Url}/i"));
        Assert.All(await Task.WhenAll(waiting), r => Assert.Equal((PassdbKind.Failed, "no answer within 2 s"), (r.Kind, r.Reason)));
        Assert.StartsWith("Failed: GET http://localhost:1/i: ", await AskAsync("introspection_url = http://localhost:1/i"));
    }

    [Fact]
    public async Task Attack_a_server_with_a_certificate_that_nobody_vouches_for_hears_no_token()
    {
        await using var server = Introspection(tls: true);
        Assert.StartsWith("Failed: GET https://localhost", await AskAsync($"introspection_url = {server.Url}/i"));
        await using var other = new WebServer(_ => Task.FromResult(new WebAnswer(200, Alice)), tls: true, certificate: TestCertificates.Elsewhere);
        Assert.StartsWith("Failed: GET https://localhost", await AskAsync($"introspection_url = {other.Url}/i\ntls_ca_cert_file = {_directory["ca.pem"]}"));
        Assert.Empty(server.Requests.Concat(other.Requests));
        Assert.Equal("Found", await AskAsync($"introspection_url = {server.Url}/i\ntls_ca_cert_file = {_directory["ca.pem"]}"));
        Assert.Equal("Found", await AskAsync($"introspection_url = {server.Url}/i\ntls_allow_invalid_cert = yes"));
    }

    [Fact]
    public async Task A_password_goes_to_the_server_of_tokens_only_where_the_block_says_so()
    {
        await using var server = Introspection();
        Assert.Equal(PassdbAbilities.Tokens, Open($"introspection_url = {server.Url}/i").Abilities);
        Assert.Equal(PassdbAbilities.Tokens, Open($"introspection_url = {server.Url}/i\nmechanisms = xoauth2 oauthbearer").Abilities);
        var passdb = Open($"introspection_url = {server.Url}/i\nmechanisms = plain");
        Assert.Equal(PassdbAbilities.Tokens | PassdbAbilities.Passwords, passdb.Abilities);
        Assert.Equal(PassdbKind.Found, (await passdb.VerifyAsync(Login("alice@example.org", "PLAIN"), Encoding.ASCII.GetBytes(Good), default)).Kind);
        Assert.Equal(PassdbKind.Mismatch, (await passdb.VerifyAsync(Login("alice@example.org", "PLAIN"), "geheim"u8.ToArray(), default)).Kind);
        Assert.Equal(PassdbKind.Mismatch, (await passdb.VerifyAsync(Login("bob@example.org", "PLAIN"), Encoding.ASCII.GetBytes(Good), default)).Kind);
        Assert.Equal(PassdbKind.Mismatch, (await passdb.VerifyAsync(Login("alice@example.org", "PLAIN"), default, default)).Kind);
        var before = server.Requests.Count;
        foreach (var password in new[] { "ge heim\r\nX: y", "geh\u00e9im", "a\0b" })
            Assert.NotEqual(PassdbKind.Found, (await passdb.VerifyAsync(Login("alice@example.org", "PLAIN"), Encoding.UTF8.GetBytes(password), default)).Kind);
        Assert.Equal(before, server.Requests.Count);
    }

    [Theory]
    [InlineData("geheim", "Found")]
    [InlineData("falsch", "Mismatch")]
    [InlineData("broken&client_id=x", "Failed")]
    public async Task The_password_grant(string password, string expected)
    {
        await using var server = new WebServer(r => r.Target == "/i" ? new(200, Alice)
            : r.Form["password"] == "geheim" && r.Form["username"] == "alice@example.org" && r.Form["grant_type"] == "password" && r.Form["client_id"] == "me" ? new(200, $$"""{"access_token":"{{Good}}"}""")
            : r.Form["password"] == "falsch" ? new(400, """{"error":"invalid_grant"}""") : new(401, """{"error":"invalid_client"}"""));
        foreach (var more in new[] { "", $"\nintrospection_url = {server.Url}/i" })
        {
            var passdb = Open($"use_grant_password = yes\ngrant_url = {server.Url}/token\nclient_id = me\nclient_secret = s{more}");
            var row = await passdb.VerifyAsync(Login("alice@example.org", "PLAIN"), Encoding.UTF8.GetBytes(password), default);
            Assert.Equal(expected, row.Kind.ToString());
            if (password == "geheim" && more.Length > 0)
                Assert.Equal($"Bearer {Good}", server.Requests.Last().Headers["Authorization"]);
        }
    }

    [Fact]
    public async Task Both_mechanisms_over_the_auth_socket()
    {
        using var auth = Auth("xoauth2 oauthbearer");
        var now = DateTimeOffset.UtcNow;
        var (good, bad) = (_issuer.Sign("ES256", TokenIssuer.Claims(now)), _issuer.Sign("ES256", TokenIssuer.Claims(now, ("exp", "1000"))));
        string X(string user, string token) => Convert.ToBase64String(Encoding.ASCII.GetBytes($"user={user}\u0001auth=Bearer {token}\u0001\u0001"));
        string O(string user, string token) => Convert.ToBase64String(Encoding.ASCII.GetBytes($"n,{(user.Length > 0 ? $"a={user}" : "")},\u0001host=h\u0001auth=Bearer {token}\u0001\u0001"));
        var refusal = Convert.ToBase64String(Encoding.UTF8.GetBytes("""{"status":"invalid_token","scope":"mail","openid-configuration":"https://issuer.example/.well-known/openid-configuration"}"""));
        await auth.PlayAsync($"""
            C: VERSION|1|2
            C: CPID|1
            S: VERSION|1|4
            S: MECH|XOAUTH2*
            S: MECH|OAUTHBEARER*
            S: SPID|*
            S: CUID|*
            S: COOKIE|*
            S: DONE
            C: AUTH|1|XOAUTH2|service=imap|resp={X("alice@example.org", good)}
            S: OK|1|user=alice@example.org
            C: AUTH|2|XOAUTH2|service=imap|resp={X("Alice@Example.ORG", good)}
            S: OK|2|user=alice@example.org*
            C: AUTH|3|OAUTHBEARER|service=imap|resp={O("Alice@example.org", good)}
            S: OK|3|user=alice@example.org*
            C: AUTH|4|OAUTHBEARER|service=imap|resp={O("", good)}
            S: OK|4|user=alice@example.org
            C: AUTH|5|OAUTHBEARER|service=imap|resp={O("alice@example.org", bad)}
            S: CONT|5|{refusal}
            C: CONT|5|AQ==
            S: FAIL|5|user=alice@example.org
            C: AUTH|6|XOAUTH2|service=imap|resp={X("bob@example.org", good)}
            S: CONT|6|*
            C: CONT|6|
            S: FAIL|6|user=bob@example.org
            """);
        Assert.Contains(auth.Log.Lines, l => l.Contains("oauth2(alice@example.org): the token is expired"));
        Assert.Contains(auth.Log.Lines, l => l.Contains("oauth2(bob@example.org): the token is another user's"));
        Assert.DoesNotContain(auth.Log.Lines, l => l.Contains(good[^20..]) || l.Contains(bad[^20..]));
    }

    [RequiresTheory(root: true, program: "/usr/sbin/postfix")]
    [InlineData("XOAUTH2")]
    [InlineData("OAUTHBEARER")]
    public async Task Curl_logs_in_through_a_real_Postfix(string mechanism)
    {
        using var auth = Auth("xoauth2 oauthbearer");
        var socket = auth.Listen().Client;
        File.SetUnixFileMode(Path.GetDirectoryName(socket)!, (UnixFileMode)0x1ED);
        File.SetUnixFileMode(socket, (UnixFileMode)0x1B6);
        await using var postfix = await RealPostfix.StartAsync(socket);
        int port;
        using (var probe = await postfix.ConnectAsync())
            port = ((System.Net.IPEndPoint)probe.Client.RemoteEndPoint!).Port;
        var now = DateTimeOffset.UtcNow;
        foreach (var (user, token, exit) in new[]
        {
            ("Alice@Example.org", _issuer.Sign("RS256", TokenIssuer.Claims(now)), 0),
            ("alice@example.org", _issuer.Sign("RS256", TokenIssuer.Claims(now, ("exp", "1000"))), 67),
            ("bob@example.org", _issuer.Sign("RS256", TokenIssuer.Claims(now)), 67),
        })
        {
            // The token is no secret of anybody but this test.
            using var curl = Process.Start(new ProcessStartInfo("curl", ["-sS", "-m", "20", $"smtp://127.0.0.1:{port}", "-X", "NOOP", "--user", $"{user}:", "--oauth2-bearer", token, "--login-options", $"AUTH={mechanism}"]) { RedirectStandardError = true })!;
            var error = await curl.StandardError.ReadToEndAsync();
            await curl.WaitForExitAsync();
            Assert.True(exit == curl.ExitCode, $"{user}: {curl.ExitCode} {error} {postfix.Log}");
        }
    }

    [Theory]
    [InlineData("", "neither tokeninfo_url nor introspection_url nor local validation is set: no token could be judged")]
    [InlineData("introspection_url = ftp://x", "introspection_url is no URL of a web server")]
    [InlineData("introspection_url = https://x/#y", "introspection_url is no URL of a web server")]
    [InlineData("introspection_url = https://x\nintrospection_mode = put", "introspection_mode: unknown word put (one of: auth get post local)")]
    [InlineData("introspection_mode = local\njwks_url = https://x", "jwks_url and jwks_file need issuers: whose tokens are they the keys for?")]
    [InlineData("introspection_mode = local\nissuers = x\njwks_url = http://198.51.100.1/", "jwks_url: keys that come without TLS are anybody's")]
    [InlineData("introspection_mode = local\nlocal_validation_key_dict = redis:host=x", "local_validation_key_dict: only a directory can be used (fs:posix:prefix=/etc/dovecot/keys/)")]
    [InlineData("introspection_mode = local\nlocal_validation_key_dict = fs:posix:prefix=/nonexistent/keys/", "Could not find a part of the path '/nonexistent/keys'.")]
    [InlineData("use_grant_password = yes", "use_grant_password needs grant_url")]
    [InlineData("introspection_url = https://x\nusername_format = %y", "username_format: unknown variable %y")]
    [InlineData("introspection_url = https://x\npass_attrs = a=%{oauth2:}", "pass_attrs: %{}: no name")]
    [InlineData("introspection_url = https://x\ntimeout_msecs = soon", "timeout_msecs: soon is no number")]
    [InlineData("introspection_url = https://x\ntls_ca_cert_file = /nonexistent", "Could not find file '/nonexistent'.")]
    public void What_is_wrong_in_a_block_is_told(string settings, string problem) => Assert.Equal(problem, Assert.Throws<FormatException>(() => Open(settings)).Message);

    [Fact]
    public void What_a_block_has_that_nobody_reads_or_should_not_is_told()
    {
        Open($"{Local}\naudience =\nraw = x\nrawlog_dir = /x\ntls_allow_invalid_cert = yes");
        Open("introspection_url = http://198.51.100.1/");
        Assert.Equal(
        [
            "Warning: oauth2: raw is no setting of oauth2",
            "Warning: oauth2: rawlog_dir is not supported",
            "Warning: oauth2: tls_allow_invalid_cert = yes: certificates of the servers are not verified",
            "Warning: oauth2: neither audience nor scope is set: every token of the issuer is good here, whatever it was made for",
            "Warning: oauth2: introspection_url begins with http: tokens go over the network in the clear",
        ], _log.Lines);
    }

    [Fact]
    public void Bearer_mechanisms_need_it()
    {
        using var databases = new Databases();
        var problems = new List<string>();
        var settings = new AuthServerSettings { Passdbs = [Block("use_grant_password = yes\ngrant_url = https://x")] }.With(DovecotConf.AuthStateDir, "").With(DovecotConf.AuthMechanisms, "plain xoauth2");
        databases.Open(settings, _log, TimeProvider.System, problems);
        Assert.Equal(["auth_mechanisms: xoauth2 needs a passdb oauth2"], problems);
    }

    TestServer Auth(string mechanisms) => new(s => (s with
    {
        Passdbs = [Block($"{Local}\nscope = mail\nopenid_configuration_url = https://issuer.example/.well-known/openid-configuration\nmechanisms = xoauth2 oauthbearer")],
    }).With(DovecotConf.AuthMechanisms, mechanisms));
}
