using System.Text;
using Sasl.Credentials.Schemes;
using Sasl.Credentials.Sources;
using Testing;

namespace Sasl.Credentials.Tests.Sources;

public sealed class SasldbSourceTests : IDisposable
{
    readonly TemporaryDirectory _directory = new();
    readonly HashWorkers _workers = new();
    readonly Sasldb _database;

    public SasldbSourceTests()
    {
        _database = new(_directory["secrets.db"]);
        _database.Create();
        _database.TryAdd("bob", "", PasswordScheme.Make("SHA512-CRYPT", "geheim"u8)!);
        _database.TryAdd("eve", "example.com", PasswordScheme.Make("MD5-CRYPT", "geheim"u8)!);
    }

    [Theory]
    [InlineData("bob", "", "geheim", VerdictKind.Ok)]
    [InlineData("bob", "", "Geheim", VerdictKind.Refused)]
    [InlineData("bob", "example.com", "geheim", VerdictKind.Refused)]
    [InlineData("eve", "example.com", "geheim", VerdictKind.Ok)]
    [InlineData("eve@example.com", "", "geheim", VerdictKind.Ok)]
    [InlineData("eve@EXAMPLE.COM", "", "geheim", VerdictKind.Ok)]
    [InlineData("eve", "", "geheim", VerdictKind.Refused)]
    [InlineData("mallory", "", "geheim", VerdictKind.Refused)]
    public async Task Login_and_realm_name_one_user(string user, string realm, string password, VerdictKind expected) =>
        Assert.Equal(expected, (await AskAsync(new SasldbSource(_database, _workers), user, realm, password)).Kind);

    [Fact]
    public async Task The_default_realm_counts_for_a_login_without_one() =>
        Assert.True((await AskAsync(new SasldbSource(_database, _workers, "example.com"), "eve", "", "geheim")).IsOk);

    [Fact]
    public async Task The_login_without_a_realm_comes_before_that_of_the_default_realm()
    {
        _database.TryAdd("bob", "example.com", PasswordScheme.Make("MD5-CRYPT", "anders"u8)!);
        Assert.True((await AskAsync(new SasldbSource(_database, _workers, "example.com"), "bob", "", "geheim")).IsOk);
        Assert.False((await AskAsync(new SasldbSource(_database, _workers, "example.com"), "bob", "", "anders")).IsOk);
    }

    [Fact]
    public async Task A_missing_database_is_unavailable_and_no_exception() =>
        Assert.Equal(VerdictKind.Unavailable,
            (await AskAsync(new SasldbSource(new(_directory["nothing.db"]), _workers), "bob", "", "geheim")).Kind);

    [Fact]
    public async Task An_unknown_scheme_is_unavailable()
    {
        _database.TryAdd("odd", "", "{ROT13}trurvz");
        Assert.Equal(VerdictKind.Unavailable, (await AskAsync(new SasldbSource(_database, _workers), "odd", "", "geheim")).Kind);
    }

    [Fact]
    public async Task User_enumeration_by_time_an_unknown_user_costs_a_hash_of_the_kind_that_most_have()
    {
        _database.TryAdd("carol", "", PasswordScheme.Make("SHA256-CRYPT", "geheim"u8)!);
        _database.TryAdd("dave", "", PasswordScheme.Make("SHA256-CRYPT", "geheim"u8)!);
        var source = new SasldbSource(_database, _workers);
        Assert.Equal(VerdictKind.Refused, (await AskAsync(source, "mallory", "", "geheim")).Kind);
        Assert.Equal(1, source.Dummy.Spent);
        Assert.StartsWith("{CRYPT}$5$", source.Dummy.Setting);
        await AskAsync(source, "carol", "", "falsch");
        Assert.Equal(1, source.Dummy.Spent);
    }

    internal static async Task<Verdict> AskAsync(IPasswordSource source, string user, string realm, string password) =>
        await source.VerifyAsync(new(user, realm, "imap", Encoding.UTF8.GetBytes(password), null), CancellationToken.None);

    public void Dispose()
    {
        _workers.Dispose();
        _directory.Dispose();
    }
}
