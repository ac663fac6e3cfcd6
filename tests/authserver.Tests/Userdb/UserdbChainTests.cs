using AuthServer.Logins;
using AuthServer.Userdb;
using Sasl.Credentials;
using Sasl.Protocols.DovecotAuth;
using Testing;

namespace AuthServer.Tests.Userdb;

public sealed class UserdbChainTests : IDisposable
{
    readonly List<UserdbEntry> _entries = [];
    readonly CapturedLog _log = new();
    readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    ScriptedUserdb Add(string settings, Lookup answer)
    {
        var userdb = new ScriptedUserdb(answer);
        var block = new AuthDatabase("db", "") { Settings = settings.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(s => s.Split('=', 2)).ToDictionary(s => s[0], s => s[1]) };
        _entries.Add(new(userdb, UserdbRules.From(block, p => throw new FormatException(p))));
        return userdb;
    }

    static Lookup Found(string fields) => Lookup.Found(fields.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(f => f.Split('=', 2)).Select(f => (f[0], f[1])));

    async Task<string> FindAsync(LoginFacts? login = null, bool isAuthenticated = false, string uid = "", string gid = "")
    {
        login ??= new("bob", "bob", new("imap", null, null));
        var found = await new UserdbChain(_entries, new(HashWorkers.Inline, uid, gid), _log).FindAsync(login, isAuthenticated, default);
        return found.Kind == LookupKind.Found ? $"{login.User} {found.Uid} {found.Gid} {found.Home} {string.Join(' ', found.Fields)}".TrimEnd() : $"{found.Kind} {found.Reason}".TrimEnd();
    }

    [Fact]
    public async Task The_first_that_knows_him_answers_and_one_that_is_down_hides_no_other()
    {
        Add("", Lookup.Failed("down"));
        Add("", Lookup.NotFound);
        Add("", Found("uid=1001 gid=1002 home=/h mail=m"));
        var last = Add("", Found("uid=9 gid=9"));
        Assert.Equal("bob 1001 1002 /h mail=m", await FindAsync());
        Assert.Equal(0, last.Asked);
    }

    [Fact]
    public async Task Nobody_is_unknown_while_one_could_not_be_asked()
    {
        Add("", Lookup.NotFound);
        Assert.Equal("NotFound", await FindAsync());
        Add("", Lookup.Failed("down"));
        Assert.Equal("Failed down", await FindAsync());
    }

    [Theory]
    [InlineData("result_success=continue-ok", "", "bob 1001 1002 /2 a=1 b=2")]
    [InlineData("result_success=return-fail", "", "NotFound")]
    [InlineData("result_success=continue", "skip=notfound", "NotFound")]
    [InlineData("result_success=continue-ok", "skip=found", "bob 1001 1001 /1 a=1")]
    [InlineData("result_success=continue-ok", "result_success=return", "bob 1001 1002 /2 a=1 b=2")]
    [InlineData("result_success=continue-ok", "result_success=continue-fail", "NotFound")]
    public async Task What_an_answer_does_to_the_chain_is_the_rules(string first, string second, string expected)
    {
        Add(first, Found("uid=1001 gid=1001 home=/1 a=1"));
        Add(second, Found("gid=1002 home=/2 b=2"));
        Assert.Equal(expected, await FindAsync());
    }

    [Fact]
    public async Task Merged_answers_need_every_database()
    {
        Add("result_success=continue-ok", Found("uid=1001 gid=1001"));
        Add("", Lookup.Failed("down"));
        Assert.Equal("Failed down", await FindAsync());
    }

    [Fact]
    public async Task A_block_has_fields_of_its_own()
    {
        Add("default_fields=uid=1001 gid=1001 home=/d/%n quota=1;override_fields=mail=maildir:/m/%n", Found("home=/own mail=x"));
        Assert.Equal("bob 1001 1001 /own mail=maildir:/m/bob quota=1", await FindAsync());
    }

    [Theory]
    [InlineData("uid=daemon gid=bin", "", "", "bob 1 2")]
    [InlineData("uid=1", "", "", "bob 1 1")]
    [InlineData("home=/h", "daemon", "bin", "bob 1 2 /h")]
    [InlineData("home=/h", "daemon", "", "bob 1 1 /h")]
    [InlineData("uid=no-such-user gid=1", "", "", "Failed uid=no-such-user: no such user")]
    [InlineData("uid=1 gid=no-such-group", "", "", "Failed gid=no-such-group: no such group")]
    [InlineData("home=/h", "", "", "Failed no uid, and mail_uid is not set")]
    [InlineData("uid=4294967295 gid=1", "", "", "Failed no uid, and mail_uid is not set")]
    [InlineData("uid=0 gid=1", "", "", "NotFound")]
    [InlineData("uid=root gid=1", "", "", "NotFound")]
    [InlineData("uid=1 gid=root", "", "", "NotFound")]
    [InlineData("uid=00 gid=1", "", "", "NotFound")]
    [InlineData("uid=1 gid=1 tempfail=y reason=moving", "", "", "Failed moving")]
    [InlineData("uid=1 gid=1 tempfail=y", "", "", "Failed the userdb says so (tempfail)")]
    [InlineData("uid=1 gid=1 user=carol chroot=/c system_groups_user=carol", "", "", "carol 1 1  chroot=/c system_groups_user=carol")]
    [InlineData("uid=1 gid=1 user=car\u0001ol", "", "", "Failed the field user has a control character")]
    [InlineData("uid=1 gid=1 uidgid_file=/no/such/file", "", "", "Failed uidgid_file: there is no /no/such/file")]
    public async Task Some_fields_mean_more_than_their_text(string fields, string uid, string gid, string expected)
    {
        Add("", Found(fields));
        Assert.Equal(expected, await FindAsync(uid: uid, gid: gid));
    }

    [RequiresFact(root: true)]
    public async Task A_file_may_say_whose_a_mailbox_is()
    {
        File.WriteAllText(_directory["mbox"], "");
        Sasl.Hosting.Unix.Files.ChangeOwner(_directory["mbox"], 1234, 1235);
        Add("", Found($"uid=1 gid=1 uidgid_file={_directory["mbox"]}"));
        Assert.Equal("bob 1234 1235", await FindAsync());
    }

    [Fact]
    public async Task What_the_passdbs_said_comes_first_after_a_login_and_only_then()
    {
        Add("", Found("uid=1001 gid=1001 mail=db"));
        LoginFacts Login()
        {
            var login = new LoginFacts("bob", "bob", new("imap", null, null));
            login.Fields.Set([("userdb_mail", "passdb"), ("userdb_quota", "1"), ("proxy", "y")]);
            return login;
        }
        Assert.Equal("bob 1001 1001  mail=db quota=1", await FindAsync(Login(), isAuthenticated: true));
        Assert.Equal("bob 1001 1001  mail=db", await FindAsync(Login()));
    }

    [Fact]
    public async Task Prefetch_has_what_the_passdbs_said_and_nothing_else()
    {
        var prefetch = AuthServer.Userdb.Drivers.PrefetchUserdb.Open(null!, null!);
        _entries.Add(new(prefetch, new()));
        Add("", Found("uid=9 gid=9"));
        var login = new LoginFacts("bob", "bob", new("imap", null, null));
        login.Fields.Set([("userdb_uid", "1001"), ("userdb_gid", "bin"), ("userdb_home", "/p")]);
        Assert.Equal("bob 1001 2 /p", await FindAsync(login, isAuthenticated: true));
        Assert.Equal("bob 9 9", await FindAsync(new("bob", "bob", new("lmtp", null, null))));
        Assert.Equal("bob 9 9", await FindAsync(new("bob", "bob", new("imap", null, null)), isAuthenticated: true));
    }

    [Fact]
    public async Task One_users_fields_are_gone_when_the_next_look_up_begins()
    {
        Add("result_success=continue-ok", Found("uid=1001 gid=1001 admin=y"));
        var login = new LoginFacts("bob", "bob", new("imap", null, null));
        Assert.Equal("bob 1001 1001  admin=y", await FindAsync(login));
        _entries.Clear();
        Add("", Found("uid=1002 gid=1002"));
        Assert.Equal("bob 1002 1002", await FindAsync(login));
    }

    sealed class ScriptedUserdb(Lookup answer) : IUserdb
    {
        public int Asked { get; private set; }

        public string Driver => "db";

        public ValueTask<Lookup> FindAsync(LoginFacts login, bool isAuthenticated, CancellationToken stop)
        {
            Asked++;
            return new(answer);
        }
    }
}
