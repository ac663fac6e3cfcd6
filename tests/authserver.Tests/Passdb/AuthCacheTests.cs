using System.Text;
using AuthServer.Logins;
using AuthServer.Passdb;
using CsCheck;
using Microsoft.Extensions.Logging.Abstractions;
using Sasl.Credentials;

namespace AuthServer.Tests.Passdb;

public sealed class AuthCacheTests
{
    readonly SteppedTime _time = new();
    readonly AuthCache _cache;

    public AuthCacheTests() => _cache = new(100_000, TimeSpan.FromHours(1), TimeSpan.FromMinutes(5), _time);

    static LoginFacts Login(string user, string? from = null) => new(user, user, new("imap", from, null) { Mechanism = "PLAIN" });

    PassdbChain Chain(IPassdb passdb) => new([new(CachedPassdb.Of(passdb, _cache, 0), new())], HashWorkers.Inline, NullLogger.Instance, false);

    static async Task<PassdbKind> VerifyAsync(PassdbChain chain, string user, string password) =>
        (await chain.VerifyAsync(Login(user), Encoding.UTF8.GetBytes(password), default)).Kind;

    [Fact]
    public async Task A_user_is_looked_up_once_until_his_time_is_over()
    {
        var rows = new ScriptedPassdb("db", ("alice", ScriptedPassdb.Row("{PLAIN}wonderland"))) { Variables = ["user"] };
        var chain = Chain(rows);
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(PassdbKind.Found, await VerifyAsync(chain, "alice", "wonderland"));
            Assert.Equal(PassdbKind.Unknown, await VerifyAsync(chain, "bob", "x"));
        }
        Assert.Equal(["alice", "bob"], rows.Asked);
        _time.Advance(TimeSpan.FromMinutes(6));
        await VerifyAsync(chain, "alice", "wonderland");
        await VerifyAsync(chain, "bob", "x");
        Assert.Equal(["alice", "bob", "bob"], rows.Asked);
        _time.Advance(TimeSpan.FromHours(1));
        await VerifyAsync(chain, "alice", "wonderland");
        Assert.Equal(4, rows.Asked.Count);
    }

    [Fact]
    public async Task A_password_changed_in_the_database_works_at_once_and_guessing_does_not_reach_it()
    {
        var row = ScriptedPassdb.Row("{PLAIN}old");
        var rows = new ChangingPassdb(() => row);
        var chain = Chain(rows);
        Assert.Equal(PassdbKind.Found, await VerifyAsync(chain, "alice", "old"));
        row = ScriptedPassdb.Row("{PLAIN}new");
        Assert.Equal(PassdbKind.Found, await VerifyAsync(chain, "alice", "new"));
        Assert.Equal(2, rows.Asked);
        for (var i = 0; i < 5; i++)
            Assert.Equal(PassdbKind.Mismatch, await VerifyAsync(chain, "alice", $"guess {i}"));
        Assert.Equal(3, rows.Asked);
        _time.Advance(TimeSpan.FromMinutes(5));
        await VerifyAsync(chain, "alice", "guess");
        Assert.Equal(4, rows.Asked);
    }

    [Fact]
    public async Task When_the_database_is_down_an_old_answer_serves()
    {
        var row = ScriptedPassdb.Row("{PLAIN}wonderland");
        var chain = Chain(new ChangingPassdb(() => row));
        await VerifyAsync(chain, "alice", "wonderland");
        _time.Advance(TimeSpan.FromHours(2));
        row = PassdbRow.Failed("down");
        Assert.Equal(PassdbKind.Found, await VerifyAsync(chain, "alice", "wonderland"));
        Assert.Equal(PassdbKind.Failed, await VerifyAsync(chain, "bob", "wonderland"));
    }

    [Fact]
    public async Task Of_a_database_that_only_verifies_the_right_password_is_remembered_and_no_other()
    {
        var rows = new ScriptedPassdb("pam", ("alice", PassdbRow.Found())) { Variables = ["user"], Abilities = PassdbAbilities.Passwords };
        var chain = Chain(rows);
        await VerifyAsync(chain, "alice", "one");
        await VerifyAsync(chain, "alice", "one");
        Assert.Single(rows.Asked);
        await VerifyAsync(chain, "alice", "two");
        await VerifyAsync(chain, "bob", "one");
        Assert.Equal(["alice", "alice", "bob"], rows.Asked);
    }

    /// <summary>CVE-2025-30189: drivers whose key was the same for every user.</summary>
    [Fact]
    public void Cve_2025_30189_no_two_users_have_one_key()
    {
        var key = AuthCacheKey.Of("P1", [])!;
        Gen.Select(Gen.String, Gen.String).Where((a, b) => a != b).Sample((a, b) => Assert.NotEqual(key.For(Login(a)), key.For(Login(b))));
    }

    [Fact]
    public void The_key_has_every_variable_and_no_two_lists_of_values_are_one()
    {
        var key = AuthCacheKey.Of("P1", ["user", "remote_ip"])!;
        Assert.NotEqual(key.For(Login("alice", "192.0.2.1")), key.For(Login("alice", "192.0.2.2")));
        Assert.NotEqual(key.For(Login("alice")), key.For(Login("alice", "")));
        Assert.NotEqual(key.For(Login("a\tb", "c")), key.For(Login("a", "b\tc")));
        Assert.NotEqual(key.For(Login("a\u0001t", "c")), key.For(Login("a\t", "c")));
        Assert.NotEqual(key.For(Login("alice")), key.For(new("alice", "alice", new("imap", null, null)) { MasterUser = "root" }));
        Assert.NotEqual(AuthCacheKey.Of("P2", ["user"])!.For(Login("alice")), AuthCacheKey.Of("P1", ["user"])!.For(Login("alice")));
    }

    [Fact]
    public void What_depends_on_the_password_or_on_nobody_knows_what_is_not_remembered()
    {
        Assert.Null(AuthCacheKey.Of("P1", ["user", "password"]));
        Assert.Null(AuthCacheKey.Of("P1", null));
    }

    [Fact]
    public void It_never_holds_more_than_its_size_and_forgets_the_least_used()
    {
        _cache.Put("keep", "keep", "x", true, default, null, 10);
        for (var i = 0; i < 2000; i++)
        {
            _cache.Put($"k{i}", $"user{i}", "x", i % 2 == 0, default, null, 100);
            Assert.NotNull(_cache.Find("keep", default));
            var status = _cache.Status(reset: false);
            Assert.InRange(status.PositiveSize + status.NegativeSize, 1, status.MaxSize);
        }
        Assert.Null(_cache.Find("k0", default));
        Assert.NotNull(_cache.Find("k1999", default));
        _cache.Put("big", "big", "x", true, default, null, 200_000);
        Assert.Null(_cache.Find("big", default));
    }

    [Fact]
    public void It_is_flushed_by_mask_and_tells_what_it_did()
    {
        foreach (var user in new[] { "alice@a.example", "bob@a.example", "carol@b.example" })
            _cache.Put(user, user, "x", true, default, null, 1);
        Assert.NotNull(_cache.Find("bob@a.example", default));
        Assert.Equal(2, _cache.Flush(["*@a.example"]));
        Assert.Null(_cache.Find("bob@a.example", default));
        Assert.NotNull(_cache.Find("carol@b.example", default));
        var status = _cache.Status(reset: true);
        Assert.Equal((2L, 1L, 1), (status.Hits, status.Misses, status.PositiveEntries));
        Assert.Equal(0, _cache.Status(reset: false).Hits);
        Assert.Equal(1, _cache.Flush([]));
    }

    [Fact]
    public void An_answer_older_than_the_databases_state_is_not_fresh()
    {
        _cache.Put("k", "u", "x", true, new(null, null, 1), null, 1);
        Assert.True(_cache.Find("k", new(null, null, 1))!.Value.IsFresh);
        Assert.False(_cache.Find("k", new(null, null, 2))!.Value.IsFresh);
    }

    sealed class ChangingPassdb(Func<PassdbRow> row) : IPassdb
    {
        public int Asked { get; private set; }

        public string Driver => "changing";

        public PassdbAbilities Abilities => PassdbAbilities.Secrets;

        public IReadOnlyCollection<string>? Variables { get; } = ["user"];

        public ValueTask<PassdbRow> FindAsync(LoginFacts login, CancellationToken stop)
        {
            Asked++;
            return new(row());
        }
    }
}
