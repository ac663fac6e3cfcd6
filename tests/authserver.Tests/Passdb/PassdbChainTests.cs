using System.Text;
using AuthServer.Logins;
using AuthServer.Passdb;
using Microsoft.Extensions.Logging.Abstractions;
using Sasl.Credentials;
using Sasl.Protocols.DovecotAuth;

namespace AuthServer.Tests.Passdb;

public sealed class PassdbChainTests
{
    static readonly PassdbRow _alice = ScriptedPassdb.Row("{PLAIN}wonderland"), _other = ScriptedPassdb.Row("{PLAIN}other"), _down = PassdbRow.Failed("down");

    readonly List<PassdbEntry> _entries = [];

    ScriptedPassdb Add(string settings, params (string User, PassdbRow Row)[] rows) => Add(settings, new ScriptedPassdb($"db{_entries.Count + 1}", rows));

    ScriptedPassdb Add(string settings, ScriptedPassdb passdb)
    {
        var block = new AuthDatabase(passdb.Driver, "")
        {
            Settings = settings.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(s => s.Split('=', 2)).ToDictionary(s => s[0], s => s[1]),
        };
        _entries.Add(new(passdb, PassdbRules.From(block, p => throw new FormatException(p))));
        return passdb;
    }

    async Task<(string Result, LoginFacts Login)> VerifyAsync(string user = "alice", string password = "wonderland", string mechanism = "PLAIN", string? from = null)
    {
        var login = new LoginFacts(user, user, new("imap", from, null) { Mechanism = mechanism });
        var row = await new PassdbChain(_entries, HashWorkers.Inline, NullLogger.Instance, true).VerifyAsync(login, Encoding.UTF8.GetBytes(password), default);
        return (row.Kind == PassdbKind.Found ? login.Source : row.Kind.ToString(), login);
    }

    async Task ExpectAsync(string result, string user = "alice", string password = "wonderland", string mechanism = "PLAIN", string? from = null) =>
        Assert.Equal(result, (await VerifyAsync(user, password, mechanism, from)).Result);

    [Fact]
    public async Task The_first_that_says_yes_decides()
    {
        Add("");
        Add("", ("alice", _other));
        Add("", ("alice", _alice));
        var last = Add("", ("alice", _alice));
        await ExpectAsync("db3");
        Assert.Empty(last.Asked);
        await ExpectAsync("Mismatch", password: "wrong");
        await ExpectAsync("Unknown", user: "bob");
    }

    /// <summary>That a database behind does not know the user is not why his password is wrong.</summary>
    [Fact]
    public async Task One_reason_is_kept_for_the_log_and_it_is_the_one_that_says_most()
    {
        Add("");
        Add("", ("alice", _alice));
        Add("");
        Assert.Equal(("db2", "Password mismatch", true), (await VerifyAsync(password: "wrong")).Login.Refusal);
        Assert.Equal(("db1", "unknown user", true), (await VerifyAsync(user: "bob")).Login.Refusal);
    }

    [Fact]
    public async Task One_that_is_down_hides_no_yes_and_makes_every_no_temporary()
    {
        Add("", ("alice", _down), ("bob", _down));
        Add("", ("alice", _alice));
        await ExpectAsync("db2");
        await ExpectAsync("Failed", password: "wrong");
        await ExpectAsync("Failed", user: "bob");
    }

    [Theory]
    [InlineData("result_success=continue-ok", "db1", 1)]
    [InlineData("result_success=continue", "Unknown", 1)]
    [InlineData("result_success=return-fail", "Mismatch", 0)]
    [InlineData("result_failure=return-fail", "db1", 0)]
    public async Task What_an_answer_does_to_the_chain_is_the_rules(string settings, string result, int asked)
    {
        Add(settings, ("alice", _alice));
        var second = Add("");
        await ExpectAsync(result);
        Assert.Equal(asked, second.Asked.Count);
    }

    [Fact]
    public async Task After_a_success_that_continues_the_next_is_asked_for_its_fields_and_not_for_the_password()
    {
        Add("result_success=continue-ok", ("alice", _alice));
        Add("", ("alice", ScriptedPassdb.Row("{PLAIN}quite another", ("userdb_home", "/x"))));
        var (result, login) = await VerifyAsync();
        Assert.Equal(("db2", "/x"), (result, login.Fields["userdb_home"]));
    }

    [Theory]
    [InlineData("skip=authenticated", "db1")]
    [InlineData("skip=unauthenticated", "db2")]
    public async Task Some_are_skipped(string settings, string result)
    {
        Add("result_success=continue-ok", ("alice", _alice));
        Add(settings, ("alice", _alice));
        await ExpectAsync(result);
    }

    [Fact]
    public async Task Who_is_in_a_deny_passdb_is_refused_whatever_his_password()
    {
        Add("deny=yes", ("alice", PassdbRow.Found()), ("carol", _down));
        Add("", ("alice", _alice), ("bob", _alice), ("carol", _alice));
        await ExpectAsync("Mismatch");
        await ExpectAsync("db2", user: "bob");
        await ExpectAsync("Failed", user: "carol");
    }

    [Theory]
    [InlineData("mechanisms=plain login", "alice", "PLAIN", true)]
    [InlineData("mechanisms=login", "alice", "PLAIN", false)]
    [InlineData("mechanisms=none", "alice", "", true)]
    [InlineData("username_filter=*@example.org", "alice", "PLAIN", false)]
    [InlineData("username_filter=a* !alice", "alice", "PLAIN", false)]
    [InlineData("username_filter=!bob", "alice", "PLAIN", true)]
    public async Task Filters_keep_a_passdb_for_some(string settings, string user, string mechanism, bool isAsked)
    {
        var passdb = Add(settings, (user, _alice));
        await VerifyAsync(user, mechanism: mechanism);
        Assert.Equal(isAsked, passdb.Asked.Count > 0);
    }

    [Theory]
    [InlineData("allow_nets", "192.0.2.0/24,2001:db8::/32", "192.0.2.9", "db1")]
    [InlineData("allow_nets", "192.0.2.0/24", "198.51.100.1", "Unknown")]
    [InlineData("allow_nets", "192.0.2.0/24", null, "Unknown")]
    [InlineData("allow_nets", "local", null, "db1")]
    [InlineData("allow_nets", "nonsense", "192.0.2.9", "Unknown")]
    [InlineData("nologin", "yes", "192.0.2.9", "Disabled")]
    public async Task Fields_of_a_user_restrict_him(string name, string value, string? from, string result)
    {
        Add("", ("alice", ScriptedPassdb.Row("{PLAIN}wonderland", (name, value))));
        await ExpectAsync(result, from: from);
    }

    [Fact]
    public async Task A_passdb_may_rename_the_user_and_the_block_may_add_fields()
    {
        Add("default_fields=quota=1 home=/d/%n;override_fields=quota=%s", ("alice", ScriptedPassdb.Row("{PLAIN}wonderland", ("user", "alice@example.org"), ("home", "/own"))));
        var (_, login) = await VerifyAsync();
        Assert.Equal(("alice@example.org", "imap", "/own"), (login.User, login.Fields["quota"], login.Fields["home"]));
    }

    [Fact]
    public void Unknown_words_are_told()
    {
        Assert.Equal("result_success: unknown word retrn-ok (one of: return-ok return return-fail continue continue-ok continue-fail)",
            Assert.Throws<FormatException>(() => Add("result_success=retrn-ok")).Message);
        Assert.Equal("unknown variable %x", Assert.Throws<FormatException>(() => Add("default_fields=home=/%x")).Message);
    }
}
