using System.Text;
using Sasl.Credentials.Schemes;
using Sasl.Credentials.Sources;
using Sasl.Hosting.Configuration;
using Sasl.Mechanisms;
using Sasl.Protocols.DovecotAuth;
using Testing;
using Xunit.Abstractions;

namespace AuthServer.Tests.Mechanisms;

/// <summary>Every mechanism with a password over the auth socket, from each form that serves it; with our own client and with GNU SASL's.</summary>
public sealed class StoredSecretTests(ITestOutputHelper output) : IDisposable
{
    const string Gsasl = "/usr/bin/gsasl", Password = "wönderland 1865", All = "plain login cram-md5 digest-md5 scram-sha-1 scram-sha-224 scram-sha-256 scram-sha-384 scram-sha-512 otp";

    readonly TestServer _server = new(s => s.With(DovecotConf.AuthMechanisms, All).With(DovecotConf.AuthScramIterations, "5000"));

    public void Dispose() => _server.Dispose();

    public static TheoryData<string, string> Served
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var mechanism in All.ToUpperInvariant().Split(' ').Where(m => m != "OTP"))
                data.Add(mechanism, "PLAIN");
            foreach (var hash in ScramHash.All)
                data.Add(hash.MechanismName, hash.MechanismName);
            data.Add("CRAM-MD5", "CRAM-MD5");
            data.Add("CRAM-MD5", "CRAM-MD5.B64");
            data.Add("DIGEST-MD5", "DIGEST-MD5");
            data.Add("OTP", "OTP");
            foreach (var scheme in new[] { "CRYPT", "ARGON2ID", "SSHA256", "SCRAM-SHA-256", "CRAM-MD5", "DIGEST-MD5", "PBKDF2" })
                data.Add("PLAIN", scheme);
            data.Add("LOGIN", "SHA512-CRYPT");
            return data;
        }
    }

    void Store(string user, params string[] schemes)
    {
        var database = new Sasldb(_server["secrets.db"]);
        foreach (var text in schemes.Select(s => PasswordScheme.Make(s, Encoding.UTF8.GetBytes(Password), user)!))
            database.Set(user, "", Sasldb.KindOf(text), text);
    }

    /// <summary>A client of a server that has looked at what is stored.</summary>
    async Task<AuthClient> StoreAsync(string user, params string[] schemes)
    {
        Store(user, schemes);
        var client = Client();
        if (schemes.Contains("DIGEST-MD5"))
            await Eventually.TrueAsync(() => _server.Host.Passdbs.HasKeys(SecretKind.DigestMd5), "the keys were seen");
        return client;
    }

    AuthClient Client() => new(AuthAddress.TryParse(_server.Listen().Client)!);

    [Theory]
    [MemberData(nameof(Served))]
    public async Task Our_client(string mechanism, string scheme)
    {
        await using var client = await StoreAsync("bob", scheme);
        // A name in another spelling is the same user; but DIGEST-MD5's hash is of the name as it is typed.
        var given = mechanism == "DIGEST-MD5" || scheme == "DIGEST-MD5" ? "bob" : "BoB";
        var result = await SaslLogin.RunAsync(client, mechanism, given, Password);
        Assert.True(result.IsOk, $"{result.Code} {result.Reason} {string.Join('\n', _server.Log.Lines)}");
        Assert.Equal("bob", result.User);
        foreach (var (user, password) in new[] { ("bob", "wonderland"), ("nobody", Password) })
        {
            var refused = await SaslLogin.RunAsync(client, mechanism, user, password);
            Assert.Equal((AuthStatus.Failed, (string?)null), (refused.Status, refused.Code));
        }
        Assert.True((await SaslLogin.RunAsync(client, mechanism, given, Password)).IsOk);
    }

    [Theory]
    [InlineData("SCRAM-SHA-256", "CRYPT")]
    [InlineData("SCRAM-SHA-256", "SCRAM-SHA-1")]
    [InlineData("CRAM-MD5", "SSHA")]
    [InlineData("DIGEST-MD5", "CRAM-MD5")]
    [InlineData("OTP", "PLAIN")]
    [InlineData("PLAIN", "OTP")]
    public async Task What_does_not_serve_a_mechanism_is_a_refusal_like_any_other(string mechanism, string scheme)
    {
        await using var client = await StoreAsync("bob", scheme);
        var result = await SaslLogin.RunAsync(client, mechanism, "bob", Password);
        Assert.Equal((AuthStatus.Failed, (string?)null), (result.Status, result.Code));
    }

    [Fact]
    public async Task Keys_go_before_the_cleartext_password_and_a_hash_serves_beside_them()
    {
        await using var client = await StoreAsync("bob", "SHA512-CRYPT", "SCRAM-SHA-256", "CRAM-MD5");
        foreach (var mechanism in new[] { "PLAIN", "SCRAM-SHA-256", "CRAM-MD5" })
            Assert.True((await SaslLogin.RunAsync(client, mechanism, "bob", Password)).IsOk, mechanism);
        // Keys of another password than the hash: a password is compared with the hash alone.
        new Sasldb(_server["secrets.db"]).Set("bob", "", "scram-sha-256", PasswordScheme.Make("SCRAM-SHA-256", "other words"u8)!);
        Assert.False((await SaslLogin.RunAsync(client, "PLAIN", "bob", "other words")).IsOk);
        Assert.True((await SaslLogin.RunAsync(client, "SCRAM-SHA-256", "bob", "other words")).IsOk);
    }

    [Fact]
    public async Task A_name_without_a_realm_is_of_the_realm_that_the_client_chose()
    {
        using var server = new TestServer(s => s.With(DovecotConf.AuthMechanisms, "digest-md5").With(DovecotConf.AuthRealms, "example.com example.org"));
        var database = new Sasldb(server["secrets.db"]);
        database.Set("bob", "example.org", Sasldb.PasswordKind, PasswordScheme.Make("DIGEST-MD5", Encoding.UTF8.GetBytes(Password), "bob@example.org")!);
        await using var client = new AuthClient(AuthAddress.TryParse(server.Listen().Client)!);
        var result = await SaslLogin.RunAsync(client, "DIGEST-MD5", "bob", Password, "example.org");
        Assert.Equal("bob@example.org", result.User);
        Assert.True(result.IsOk);
        Assert.False((await SaslLogin.RunAsync(client, "DIGEST-MD5", "bob", Password, "example.com")).IsOk);
    }

    [RequiresTheory(program: Gsasl)]
    [InlineData("PLAIN", "CRYPT")]
    [InlineData("LOGIN", "SHA256")]
    [InlineData("CRAM-MD5", "PLAIN")]
    [InlineData("CRAM-MD5", "CRAM-MD5")]
    [InlineData("DIGEST-MD5", "PLAIN")]
    [InlineData("DIGEST-MD5", "DIGEST-MD5")]
    [InlineData("SCRAM-SHA-1", "PLAIN")]
    [InlineData("SCRAM-SHA-1", "SCRAM-SHA-1")]
    [InlineData("SCRAM-SHA-256", "PLAIN")]
    [InlineData("SCRAM-SHA-256", "SCRAM-SHA-256")]
    public async Task Gsasl_as_the_client(string mechanism, string scheme)
    {
        const string user = "alan";
        await using var client = await StoreAsync(user, scheme);
        Assert.Equal(AuthStatus.Ok, await GsaslAsync(client, mechanism, user, Password));
        Assert.Equal(AuthStatus.Failed, await GsaslAsync(client, mechanism, user, "wonderland"));
    }

    [RequiresFact(program: Gsasl)]
    public async Task Keys_that_gsasl_has_made()
    {
        await using var client = Client();
        var (code, made) = await Peers.Ran.AsAsync(output, Gsasl, null, "--mkpasswd", "-m", "SCRAM-SHA-256", "-p", Password, "--iteration-count", "4097");
        Assert.Equal(0, code);
        new Sasldb(_server["secrets.db"]).Set("bob", "", "scram-sha-256", made.Trim());
        Assert.True((await SaslLogin.RunAsync(client, "SCRAM-SHA-256", "bob", Password)).IsOk, made);
        Assert.True((await SaslLogin.RunAsync(client, "PLAIN", "bob", Password)).IsOk);
    }

    async Task<AuthStatus> GsaslAsync(AuthClient client, string mechanism, string user, string password)
    {
        var start = new System.Diagnostics.ProcessStartInfo("setsid",
            ["stdbuf", "-oL", Gsasl, "--client", "--quiet", "-m", mechanism, "-a", user, "-p", password, "--service", "imap", "--hostname", "mail.example.com", "-r", "", "--quality-of-protection=qop-auth", "--no-cb"])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment["LC_ALL"] = "C.UTF-8";
        using var process = System.Diagnostics.Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        try
        {
            // It says the mechanism, then what it has to say first: an empty line where that is nothing.
            await process.StandardOutput.ReadLineAsync();
            byte[]? initial = null;
            if (mechanism != "LOGIN" && await process.StandardOutput.ReadLineAsync() is { } first && SaslMechanisms.Find(mechanism)!.First == FirstMessage.Client)
                initial = Encoding.ASCII.GetBytes(first);
            var result = await client.AuthenticateAsync(mechanism, new("imap") { InitialResponse = initial }, async challenge =>
            {
                await process.StandardInput.WriteLineAsync(challenge);
                await process.StandardInput.FlushAsync();
                return await process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(30)) is { } answer ? Encoding.ASCII.GetBytes(answer) : null;
            }, default);
            if (!result.IsOk)
                return result.Status;
            process.StandardInput.Close();
            await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30));
            return result.Status;
        }
        finally
        {
            if (!process.HasExited)
                process.Kill();
            output.WriteLine(await errors);
        }
    }
}
