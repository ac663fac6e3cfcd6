using Sasl.Credentials.Native;
using Sasl.Credentials.Sources;
using Testing;

namespace Sasl.Credentials.Tests.Sources;

public sealed class ShadowSourceTests : IDisposable
{
    const long Today = 20000;
    static readonly string Hash = Crypt.Hash("geheim"u8, "$6$", 1000)!;

    readonly HashWorkers _workers = new();

    /// <summary>hash, last change, maximum, inactive, expires; "-1" is an empty field.</summary>
    [Theory]
    [InlineData(19000, 99999, -1, -1, VerdictKind.Ok, "")]
    [InlineData(-1, -1, -1, -1, VerdictKind.Ok, "")]
    [InlineData(19000, -1, -1, -1, VerdictKind.Ok, "")]
    [InlineData(19000, 99999, -1, Today, VerdictKind.Ok, "")]
    [InlineData(19000, 99999, -1, Today - 1, VerdictKind.Disabled, "Account expired")]
    [InlineData(19000, 99999, -1, 0, VerdictKind.Ok, "")]
    [InlineData(19000, 1000, -1, -1, VerdictKind.Ok, "")]
    [InlineData(19000, 999, -1, -1, VerdictKind.Expired, "Password expired")]
    [InlineData(19000, 999, 1, -1, VerdictKind.Expired, "Password expired")]
    [InlineData(19000, 999, 0, -1, VerdictKind.Disabled, "Account expired")]
    [InlineData(0, 99999, -1, -1, VerdictKind.Expired, "Password expired")]
    public void The_dates_of_shadow_5(long lastChange, long maximum, long inactive, long expires, VerdictKind kind, string reason)
    {
        var source = Source();
        var entry = new ShadowEntry(Hash, lastChange, maximum, inactive, expires);
        Assert.Equal(new Verdict(kind, reason), source.Judge("geheim"u8, entry));
        Assert.Equal(new Verdict(VerdictKind.Refused, "Incorrect password"), source.Judge("falsch"u8, entry));
    }

    [Theory]
    [InlineData("")]
    [InlineData("*")]
    [InlineData("!")]
    [InlineData("!!")]
    [InlineData("!*")]
    [InlineData("*LK*")]
    [InlineData("!HASH")]
    public void User_enumeration_by_time_an_account_without_a_usable_hash_costs_a_hash(string field)
    {
        var source = Source();
        var entry = new ShadowEntry(field.Replace("HASH", Hash), 19000, 99999, -1, -1);
        Assert.Equal(new Verdict(VerdictKind.Refused, "Incorrect password"), source.Judge("geheim"u8, entry));
        Assert.Equal(new Verdict(VerdictKind.Refused, "Incorrect password"), source.Judge(""u8, entry));
        Assert.Equal(2, source.Dummy.Spent);
    }

    [Fact]
    public async Task User_enumeration_by_time_an_unknown_user_costs_a_hash()
    {
        var source = Source();
        var verdict = await SasldbSourceTests.AskAsync(source, "no-such-user-here", "", "geheim");
        Assert.Equal(new Verdict(VerdictKind.Refused, "Invalid username"), verdict);
        Assert.Equal(1, source.Dummy.Spent);
    }

    [RequiresTheory(root: true)]
    [InlineData("$y$", 0u)]
    [InlineData("$6$", 0u)]
    [InlineData("$5$", 0u)]
    [InlineData("$2b$", 5u)]
    [InlineData("$1$", 0u)]
    public async Task Real_accounts_of_every_scheme(string prefix, uint cost)
    {
        await using var account = await ThrowawayAccount.CreateAsync(hash: Crypt.Hash("Grüße geheim"u8, prefix, cost));
        var source = new ShadowSource(_workers);
        Assert.Equal(Verdict.Ok, await SasldbSourceTests.AskAsync(source, account.Name, "", "Grüße geheim"));
        Assert.Equal("Incorrect password", (await SasldbSourceTests.AskAsync(source, account.Name, "", "grüße geheim")).Reason);
        Assert.Equal("Incorrect password", (await SasldbSourceTests.AskAsync(source, account.Name, "", "")).Reason);
    }

    [RequiresFact(root: true)]
    public async Task A_real_account_as_chpasswd_chage_and_usermod_leave_it()
    {
        await using var account = await ThrowawayAccount.CreateAsync(password: "geheim");
        var source = new ShadowSource(_workers);
        var day = DateTimeOffset.UtcNow.ToUnixTimeSeconds() / 86400;
        Assert.Equal("", await ReasonAsync());
        await account.ChageAsync("-E", $"{day - 1}");
        Assert.Equal("Account expired", await ReasonAsync());
        await account.ChageAsync("-E", "0");
        Assert.Equal("", await ReasonAsync());
        await account.ChageAsync("-E", "-1", "-d", $"{day - 10}", "-M", "9");
        Assert.Equal("Password expired", await ReasonAsync());
        await account.ChageAsync("-M", "10");
        Assert.Equal("", await ReasonAsync());
        await account.ChageAsync("-d", "0");
        Assert.Equal("Password expired", await ReasonAsync());
        await account.ChageAsync("-d", $"{day}");
        await account.UsermodAsync("-L");
        Assert.Equal("Incorrect password", await ReasonAsync());
        await account.UsermodAsync("-U");
        Assert.Equal("", await ReasonAsync());

        async Task<string> ReasonAsync() => (await SasldbSourceTests.AskAsync(source, account.Name, "", "geheim")).Reason;
    }

    [RequiresFact(root: true)]
    public async Task An_account_that_never_got_a_password_lets_nobody_in()
    {
        await using var account = await ThrowawayAccount.CreateAsync();
        foreach (var password in new[] { "", "!", "*", "x" })
            Assert.Equal("Incorrect password", (await SasldbSourceTests.AskAsync(new ShadowSource(_workers), account.Name, "", password)).Reason);
    }

    ShadowSource Source() => new(_workers, new ManualTime(DateTimeOffset.UnixEpoch.AddDays(Today).AddHours(23)));

    public void Dispose() => _workers.Dispose();
}
