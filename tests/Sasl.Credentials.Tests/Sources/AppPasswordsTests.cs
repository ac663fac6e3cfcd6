using System.Text;
using CsCheck;
using Sasl.Credentials.Sources;
using Sasl.Hosting.Unix;
using Sasl.Mechanisms;
using Testing;

namespace Sasl.Credentials.Tests.Sources;

public sealed class AppPasswordsTests : IDisposable
{
    readonly TemporaryDirectory _directory = new();
    readonly AppPasswords _store;

    public AppPasswordsTests()
    {
        _store = new(_directory[AppPasswords.FileName]);
        _store.Create();
    }

    public void Dispose() => _directory.Dispose();

    string Add(string user, string name, params ScramSecret[] salts)
    {
        var text = AppPasswordText.Generate();
        Assert.True(_store.TryAdd(new(user, name) { Created = DateTimeOffset.UnixEpoch }, text, salts));
        return text;
    }

    [Fact]
    public void All_of_one_user_share_salt_and_rounds_and_none_of_two_users()
    {
        var (phone, laptop) = (Add("alice", "phone"), Add("alice", "laptop"));
        Add("bob", "phone");
        var found = _store.Find("alice").Passwords;
        Assert.Equal(["laptop", "phone"], found.Select(p => p.Name).Order());
        foreach (var hash in AppPasswords.Hashes)
        {
            var secrets = found.Select(p => p.SecretOf(hash)!).ToArray();
            Assert.True(secrets[0].CanStandBeside(secrets[1]));
            Assert.False(secrets[0].CanStandBeside(_store.Find("bob").Passwords[0].SecretOf(hash)!));
            Assert.True(found.Single(p => p.Name == "phone").SecretOf(hash)!.Verify(Encoding.ASCII.GetBytes(phone)));
            Assert.False(found.Single(p => p.Name == "laptop").SecretOf(hash)!.Verify(Encoding.ASCII.GetBytes(phone)));
        }
        Assert.NotEqual(phone, laptop);
        Assert.Equal(0x180u, Files.Status(_store.Path)!.Value.Permissions);
        Assert.DoesNotContain(phone, Encoding.Latin1.GetString(File.ReadAllBytes(_store.Path)));
        Assert.DoesNotContain("SCRAM", found[0].ToString());
    }

    [Fact]
    public void The_salt_of_the_users_own_secret_is_taken_over()
    {
        var own = ScramSecret.Derive(ScramHash.Sha256, "pencil"u8, "a salt of its own"u8.ToArray(), 10_000);
        Add("alice", "phone", own);
        Assert.True(_store.Find("alice").Passwords[0].SecretOf(ScramHash.Sha256)!.CanStandBeside(own));
    }

    [Fact]
    public void Names_are_a_users_own_and_every_change_is_a_generation()
    {
        var before = _store.Generation();
        Add("alice", "phone");
        Assert.False(_store.TryAdd(new("alice", "phone"), AppPasswordText.Generate(), []));
        Assert.NotEqual(before, before = _store.Generation());
        _store.MarkUsed("alice", "phone", DateTimeOffset.UnixEpoch.AddDays(1));
        Assert.Equal(before, _store.Generation());
        Assert.Equal(DateTimeOffset.UnixEpoch.AddDays(1), _store.Find("alice").Passwords[0].Used);
        Assert.False(_store.Revoke("bob", "phone"));
        Assert.True(_store.Revoke("alice", "phone"));
        Assert.False(_store.Revoke("alice", "phone"));
        Assert.Empty(_store.Users());
        _store.SetMain("carol", isOff: true);
        Assert.Equal(["carol"], _store.Users());
        Assert.True(_store.Find("carol").IsMainOff);
        _store.SetMain("carol", isOff: false);
        Assert.Empty(_store.Users());
        Assert.False(_store.Find("carol").IsMainOff);
        for (var i = 0; i < AppPasswords.MostOfOneUser; i++)
            Add("dora", $"device{i}");
        Assert.False(_store.TryAdd(new("dora", "one more"), AppPasswordText.Generate(), []));
    }

    [Theory]
    [InlineData("", "", null, "imap", "192.0.2.1", true)]
    [InlineData("imap pop3", "", null, "imap", "192.0.2.1", true)]
    [InlineData("imap pop3", "", null, "smtp", "192.0.2.1", false)]
    [InlineData("smtp", "", null, "submission", null, true)]
    [InlineData("submission", "", null, "smtp", null, true)]
    [InlineData("", "192.0.2.0/24 2001:db8::/32", null, "imap", "2001:db8::1", true)]
    [InlineData("", "192.0.2.0/24", null, "imap", "198.51.100.1", false)]
    [InlineData("", "192.0.2.0/24", null, "imap", null, false)]
    [InlineData("", "nonsense", null, "imap", "192.0.2.1", false)]
    [InlineData("", "", 1, "imap", "192.0.2.1", true)]
    [InlineData("", "", 0, "imap", "192.0.2.1", false)]
    public void What_one_is_for(string services, string networks, int? expires, string service, string? address, bool isFor)
    {
        var now = DateTimeOffset.UtcNow;
        var password = new AppPassword("alice", "phone") { Services = services.Split(' ', StringSplitOptions.RemoveEmptyEntries), Networks = networks.Split(' ', StringSplitOptions.RemoveEmptyEntries), Expires = expires is { } days ? now.AddDays(days) : null };
        Assert.Equal(isFor, password.IsFor(service, address, now));
    }

    [Fact]
    public void A_generated_one_has_a_shape_and_is_read_however_it_is_typed()
    {
        Gen.Int[0, 1_000_000].Sample(_ =>
        {
            var text = AppPasswordText.Generate();
            Assert.Matches("^[0-9a-hjkmnp-tv-z]{5}(-[0-9a-hjkmnp-tv-z]{5}){4}$", text);
            foreach (var typed in new[] { text, text.Replace("-", ""), text.Replace('-', ' '), text.ToUpperInvariant(), $" {text} " })
                Assert.Equal(text, AppPasswordText.Normalize(Encoding.ASCII.GetBytes(typed)));
        });
        Assert.Equal(1000, Enumerable.Range(0, 1000).Select(_ => AppPasswordText.Generate()).Distinct().Count());
    }

    [Fact]
    public void What_is_typed_wrong_is_none_and_neither_is_another_password()
    {
        Gen.Select(Gen.Int[0, 28], Gen.Char["0123456789abcdefghjkmnpqrstvwxyz"]).Sample((at, c) =>
        {
            var text = AppPasswordText.Generate();
            if (text[at] != '-' && text[at] != c)
                Assert.Null(AppPasswordText.Normalize(Encoding.ASCII.GetBytes(text[..at] + c + text[(at + 1)..])));
        });
        foreach (var other in new[] { "", "hunter2", new string('0', 25), new string('-', 30), AppPasswordText.Generate() + "0", AppPasswordText.Generate()[..^1] })
            Assert.Null(AppPasswordText.Normalize(Encoding.UTF8.GetBytes(other)));
    }

    [Fact]
    public void Anything_may_be_typed() => Gen.Byte.Array[0, 80].Sample(typed => Assert.True(AppPasswordText.Normalize(typed) is null or { Length: 29 }));
}
