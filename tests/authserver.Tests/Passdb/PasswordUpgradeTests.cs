using System.Text;
using AuthServer.Tests.Mechanisms;
using Sasl.Credentials.Schemes;
using Sasl.Credentials.Sources;
using Sasl.Hosting.Configuration;
using Sasl.Protocols.DovecotAuth;
using Testing;

namespace AuthServer.Tests.Passdb;

public sealed class PasswordUpgradeTests : IDisposable
{
    const string Password = "geheimes Wort";

    readonly TestServer _server = new(s => s.With(DovecotConf.AuthMechanisms, "plain scram-sha-256 cram-md5").With(DovecotConf.AuthUpgradePasswords, "yes")
        .With(DovecotConf.AuthAllowWeakSchemes, "yes").With(DovecotConf.AuthScramIterations, "5000"));

    readonly AuthClient _client;
    readonly Sasldb _database;

    public PasswordUpgradeTests()
    {
        _client = new(AuthAddress.TryParse(_server.Listen().Client)!);
        _database = new(_server["secrets.db"]);
    }

    public void Dispose() => _server.Dispose();

    void Store(params string[] schemes)
    {
        foreach (var text in schemes.Select(s => PasswordScheme.Make(s, Encoding.UTF8.GetBytes(Password), "bob")!))
            _database.Set("bob", "", Sasldb.KindOf(text), text);
    }

    IReadOnlyList<string> Stored => _database.FindAll("bob", "");

    IEnumerable<string> Names => Stored.Select(PasswordScheme.NameOf);

    Task<AuthResult> LoginAsync(string password = Password, string mechanism = "PLAIN") => SaslLogin.RunAsync(_client, mechanism, "bob", password);

    [Theory]
    [InlineData("MD5-CRYPT", "CRYPT SCRAM-SHA-256")]
    [InlineData("DES-CRYPT", "CRYPT SCRAM-SHA-256")]
    [InlineData("SSHA", "CRYPT SCRAM-SHA-256")]
    [InlineData("SHA512-CRYPT", "CRYPT SCRAM-SHA-256")]
    [InlineData("YESCRYPT", "YESCRYPT SCRAM-SHA-256")]
    [InlineData("CRAM-MD5", "CRAM-MD5 SCRAM-SHA-256")]
    public async Task After_a_login_in_plain_it_is_stored_better_and_serves_SCRAM(string scheme, string then)
    {
        Store(scheme);
        Assert.True((await LoginAsync()).IsOk);
        await Eventually.TrueAsync(() => string.Join(' ', Names) == then, "it is stored anew");
        Assert.StartsWith("{SCRAM-SHA-256}5000,", Stored[^1]);
        if (then.StartsWith("CRYPT"))
            Assert.StartsWith("{CRYPT}$y$", Stored[0]);
        await Eventually.TrueAsync(() => _server.Log.Lines.Any(l => l.EndsWith($"the stored password was upgraded from {scheme} to {then.Replace(" ", ", ")}")), "a line says so");
        Assert.True((await LoginAsync()).IsOk);
        Assert.True((await LoginAsync(mechanism: "SCRAM-SHA-256")).IsOk);
        Assert.False((await LoginAsync("other")).IsOk);
        Assert.DoesNotContain(_server.Log.Lines, l => l.Contains(Password) || l.Contains("$y$") || l.Contains("5000,"));
        // Once is enough.
        Assert.Single(_server.Log.Lines, l => l.Contains("upgraded"));
    }

    [Theory]
    [InlineData("PLAIN", Password)]
    [InlineData("CRYPT SCRAM-SHA-256", Password)]
    [InlineData("SCRAM-SHA-256", Password)]
    [InlineData("MD5-CRYPT", "wrong")]
    public async Task What_is_good_stays_and_what_was_wrong_changes_nothing(string schemes, string password)
    {
        Store(schemes.Split(' '));
        var before = Stored;
        await LoginAsync(password);
        // Another user's is done after it.
        _database.Set("alice", "", Sasldb.PasswordKind, PasswordScheme.Make("SSHA", Encoding.UTF8.GetBytes(Password))!);
        Assert.True((await SaslLogin.RunAsync(_client, "PLAIN", "alice", Password)).IsOk);
        await Eventually.TrueAsync(() => _server.Log.Lines.Any(l => l.Contains("(alice): the stored password was upgraded")), "the next one is done");
        Assert.Equal(before, Stored);
    }

    [Fact]
    public async Task Keys_of_other_mechanisms_stay()
    {
        Store("SSHA", "CRAM-MD5", "SCRAM-SHA-1");
        Assert.True((await LoginAsync()).IsOk);
        await Eventually.TrueAsync(() => Names.Count() == 4, "it is stored anew");
        Assert.Equal(["CRYPT", "CRAM-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256"], Names);
        Assert.True((await LoginAsync(mechanism: "CRAM-MD5")).IsOk);
    }

    [Fact]
    public async Task Many_logins_at_once_upgrade_once()
    {
        Store("SSHA");
        Assert.All(await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => LoginAsync())), r => Assert.True(r.IsOk));
        await Eventually.TrueAsync(() => Names.Count() == 2, "it is stored anew");
        Assert.True((await LoginAsync()).IsOk);
        Assert.Single(_server.Log.Lines, l => l.Contains("upgraded"));
    }

    [Fact]
    public void A_password_that_was_changed_meanwhile_is_left_alone()
    {
        Store("SSHA");
        var before = Stored;
        _database.Set("bob", "", Sasldb.PasswordKind, "{PLAIN}changed");
        Assert.False(_database.TryReplace("bob", "", before, ["{CRYPT}$y$x"]));
        Assert.Equal(["{PLAIN}changed"], Stored);
        Assert.True(_database.TryReplace("bob", "", Stored, ["{CRYPT}$y$x", "{SCRAM-SHA-1}y"]));
        Assert.Equal(["{CRYPT}$y$x", "{SCRAM-SHA-1}y"], Stored);
        Assert.False(_database.TryReplace("nobody", "", [], ["{PLAIN}x"]));
        Assert.Empty(_database.FindAll("nobody", ""));
    }

    [Fact]
    public async Task Nothing_is_upgraded_unless_it_is_asked_for()
    {
        using var server = new TestServer();
        var database = new Sasldb(server["secrets.db"]);
        database.Set("bob", "", Sasldb.PasswordKind, PasswordScheme.Make("SSHA", Encoding.UTF8.GetBytes(Password))!);
        await using var client = new AuthClient(AuthAddress.TryParse(server.Listen().Client)!);
        var login = new AuthServer.Logins.LoginFacts("bob", "bob", new("imap", null, null) { Mechanism = "PLAIN" });
        Assert.True((await SaslLogin.RunAsync(client, "PLAIN", "bob", Password)).IsOk);
        Assert.Equal(AuthServer.Passdb.PassdbKind.Found, (await server.Host.Passdbs.VerifyAsync(login, Encoding.UTF8.GetBytes(Password), default)).Kind);
        Assert.Null(login.Upgrade);
    }
}
