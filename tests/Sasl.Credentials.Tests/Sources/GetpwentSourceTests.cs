using System.Text;
using Sasl.Credentials.Native;
using Sasl.Credentials.Sources;
using Testing;

namespace Sasl.Credentials.Tests.Sources;

public sealed class GetpwentSourceTests
{
    static readonly string _hash = Crypt.Hash("geheim"u8, "$6$", 1000)!;

    readonly GetpwentSource _source = new(HashWorkers.Inline);

    [Theory]
    [InlineData("HASH", "geheim", VerdictKind.Ok, "", 0)]
    [InlineData("HASH", "falsch", VerdictKind.Refused, "Incorrect password", 0)]
    [InlineData("HASH", "", VerdictKind.Refused, "Incorrect password", 1)]
    [InlineData("x", "geheim", VerdictKind.Refused, "Incorrect password", 1)]
    [InlineData("x", "x", VerdictKind.Refused, "Incorrect password", 1)]
    [InlineData("", "", VerdictKind.Refused, "Incorrect password", 1)]
    [InlineData("*", "*", VerdictKind.Refused, "Incorrect password", 1)]
    [InlineData("!HASH", "geheim", VerdictKind.Refused, "Incorrect password", 1)]
    [InlineData(null, "geheim", VerdictKind.Refused, "Invalid username", 1)]
    public void User_enumeration_by_time_who_has_no_usable_hash_costs_one(string? field, string password, VerdictKind kind, string reason, int spent)
    {
        Assert.Equal(new(kind, reason), _source.Judge(new("bob", "", "imap", Encoding.UTF8.GetBytes(password), null), field?.Replace("HASH", _hash)));
        Assert.Equal(spent, _source.Dummy.Spent);
    }

    [RequiresFact(root: true)]
    public async Task A_real_account_with_its_hash_in_the_passwd_file()
    {
        await using var account = await ThrowawayAccount.CreateAsync(password: "anders");
        Assert.Equal("Incorrect password", (await SasldbSourceTests.AskAsync(_source, account.Name, "", "geheim")).Reason);
        await account.MoveHashToPasswdAsync(_hash);
        Assert.Equal(Verdict.Ok, await SasldbSourceTests.AskAsync(_source, account.Name, "", "geheim"));
        Assert.Equal("Incorrect password", (await SasldbSourceTests.AskAsync(_source, account.Name, "", "anders")).Reason);
        Assert.Equal("Invalid username", (await SasldbSourceTests.AskAsync(_source, "no-such-user-here", "", "geheim")).Reason);
    }
}
