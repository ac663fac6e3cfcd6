using System.Diagnostics;
using AuthServer.Logins;
using AuthServer.Passdb;
using AuthServer.Passdb.Drivers;
using Sasl.Credentials;
using Sasl.Protocols.DovecotAuth;
using Testing;

namespace AuthServer.Tests.Passdb.Drivers;

public sealed class PasswdFilePassdbTests : IDisposable
{
    readonly TemporaryDirectory _directory = new();
    readonly CapturedLog _log = new();

    string Path => _directory["users"];

    public void Dispose() => _directory.Dispose();

    void Write(string text, string? path = null)
    {
        File.WriteAllText(path ?? Path, text);
        File.SetUnixFileMode(path ?? Path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        // As if it had been there for a while: then it is read once.
        File.SetLastWriteTimeUtc(path ?? Path, DateTime.UtcNow.AddMinutes(-1 - Random.Shared.NextDouble()));
    }

    IPassdb Open(string arguments, TimeProvider? time = null) =>
        PasswdFilePassdb.Open(new(new AuthDatabase("passwd-file", arguments), new(), HashWorkers.Inline, HashWorkers.Inline, _log, time ?? TimeProvider.System));

    static LoginFacts Login(string user, string service = "imap") => new(user, user, new(service, "192.0.2.1", null));

    static async Task<string> AskAsync(IPassdb passdb, string user)
    {
        var row = await passdb.FindAsync(Login(user), default);
        return row.Kind == PassdbKind.Found ? string.Join(' ', row.Passwords.Concat(row.Fields.Select(f => $"{f.Name}={f.Value}"))) : $"{row.Kind}: {row.Reason}";
    }

    [Theory]
    [InlineData("", "bob:{PLAIN}secret", "{PLAIN}secret")]
    [InlineData("", "bob:$6$salt$hash", "{CRYPT}$6$salt$hash")]
    [InlineData("scheme=plain ", "bob:secret", "{PLAIN}secret")]
    [InlineData("scheme=PLAIN-MD5 ", "bob:5f4dcc3b5aa765d61d8327deb882cf99", "{PLAIN-MD5}5f4dcc3b5aa765d61d8327deb882cf99")]
    [InlineData("", "bob:ab01FAX.bQRSU[13]", "{CRYPT}ab01FAX.bQRSU")]
    [InlineData("", "bob:5f4dcc3b5aa765d61d8327deb882cf99[34]", "{PLAIN-MD5}5f4dcc3b5aa765d61d8327deb882cf99")]
    [InlineData("", "bob:5f4dcc3b5aa765d61d8327deb882cf99[56]", "{DIGEST-MD5}5f4dcc3b5aa765d61d8327deb882cf99")]
    [InlineData("", "bob:$1$a$b[34]", "{MD5-CRYPT}$1$a$b[34]")]
    [InlineData("", "bob", "")]
    [InlineData("", "bob::::::", "")]
    [InlineData("", "bob:{PLAIN}x:1:1:Bob:/home/bob:/bin/sh:userdb_mail=maildir:~/M nodelay allow_nets=::1,192.0.2.0/24", "{PLAIN}x userdb_mail=maildir:~/M nodelay=yes allow_nets=::1,192.0.2.0/24")]
    [InlineData("", "bob:{PLAIN}x::::::userdb_quota_rule=*:storage=10%% userdb_home=/m/%n/%s", "{PLAIN}x userdb_quota_rule=*:storage=10% userdb_home=/m/bob/imap")]
    public async Task Lines_as_Dovecot_takes_them(string arguments, string line, string expected)
    {
        Write($"# users\n:skipped\n\n{line}\r\neve:{{PLAIN}}other\n");
        Assert.Equal(expected, await AskAsync(Open(arguments + Path), "bob"));
        Assert.DoesNotContain(_log.Lines, l => l.StartsWith("Warning", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Who_is_not_there_is_unknown_and_so_is_everybody_who_only_looks_like_one()
    {
        Write("bob:{PLAIN}x\nAnn@Example.org:{PLAIN}y\n");
        var passdb = Open(Path);
        foreach (var user in (string[])["mallory", "bob@example.org", "Bob", "ann@example.org", ":bob", "bob:", ""])
            Assert.Equal("Unknown: unknown user", await AskAsync(passdb, user));
        Assert.Equal("{PLAIN}y", await AskAsync(passdb, "Ann@example.org"));
    }

    [Fact]
    public async Task The_name_in_the_file_may_be_another_form_of_the_login()
    {
        Write("bob:{PLAIN}x\n");
        Assert.Equal("{PLAIN}x", await AskAsync(Open($"username_format=%n {Path}"), "bob@example.org"));
    }

    [Fact]
    public async Task Each_domain_has_a_file_and_one_without_a_file_has_no_users()
    {
        Directory.CreateDirectory(_directory["a.example"]);
        Write("bob:{PLAIN}of a\n", _directory["a.example/passwd"]);
        var passdb = Open($"username_format=%n {_directory["%d/passwd"]}");
        Assert.Equal("{PLAIN}of a", await AskAsync(passdb, "bob@a.example"));
        Assert.Equal("Unknown: unknown user", await AskAsync(passdb, "bob@b.example"));
        Assert.Equal("Failed: there is no password file /no/such/file", await AskAsync(Open("/no/such/file"), "bob"));
    }

    [Theory]
    [InlineData("bob@../../etc")]
    [InlineData("bob@..")]
    [InlineData("bob@.")]
    [InlineData("bob@a/b")]
    [InlineData("bob@")]
    [InlineData("bob")]
    [InlineData("bob@x\0y")]
    public async Task Attack_path_traversal_a_domain_is_one_component_of_a_path_or_no_file(string user)
    {
        Directory.CreateDirectory(_directory["sub"]);
        Write("bob:{PLAIN}x\n", _directory["passwd"]);
        Write("bob:{PLAIN}x\n", _directory["sub/passwd"]);
        Assert.Equal("Unknown: no file: a value is no part of a path", await AskAsync(Open($"username_format=%n {_directory["sub/%d/passwd"]}"), user));
    }

    [Fact]
    public async Task While_nothing_has_changed_the_answer_comes_at_once_and_costs_nothing()
    {
        Write("bob:{PLAIN}x:1:1::::nodelay\n");
        var (passdb, login) = (Open(Path), Login("bob"));
        await passdb.FindAsync(Login("eve"), default);
        await passdb.FindAsync(login, default);
        var (before, found) = (GC.GetAllocatedBytesForCurrentThread(), 0);
        for (var i = 0; i < 1000; i++)
            found += IsFoundAtOnce(passdb.FindAsync(login, default)) ? 1 : 0;
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1000);
        Assert.Equal(1000, found);
    }

    static bool IsFoundAtOnce(ValueTask<PassdbRow> asked) => asked is { IsCompletedSuccessfully: true, Result.Kind: PassdbKind.Found };

    [Fact]
    public async Task A_changed_file_counts_at_once_and_so_does_one_that_went_and_came()
    {
        var passdb = Open(Path);
        for (var i = 0; i < 30; i++)
        {
            File.WriteAllText(Path, $"bob:{{PLAIN}}secret{i:00}\n");
            File.SetUnixFileMode(Path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            Assert.Equal($"{{PLAIN}}secret{i:00}", await AskAsync(passdb, "bob"));
        }
        Write("bob:{PLAIN}secret98\n");
        Assert.Equal("{PLAIN}secret98", await AskAsync(passdb, "bob"));
        File.Delete(Path);
        Assert.Equal($"Failed: there is no password file {Path}", await AskAsync(passdb, "bob"));
        Write("bob:{PLAIN}again\n");
        Assert.Equal("{PLAIN}again", await AskAsync(passdb, "bob"));
    }

    [Fact]
    public async Task A_second_change_within_one_tick_of_the_clock_counts_too()
    {
        var passdb = Open(Path, new StoppedTime());
        foreach (var password in (string[])["eins", "zwei", "drei"])
        {
            // The same inode, length and time.
            File.WriteAllText(Path, $"bob:{{PLAIN}}{password}\n");
            File.SetUnixFileMode(Path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            File.SetLastWriteTimeUtc(Path, DateTime.UnixEpoch.AddSeconds(1000));
            Assert.Equal($"{{PLAIN}}{password}", await AskAsync(passdb, "bob"));
        }
    }

    /// <summary>Half a second after the file was written.</summary>
    sealed class StoppedTime : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddSeconds(1000.5);
    }

    [Fact]
    public async Task Passwords_that_everybody_can_read_are_refused_until_the_mode_is_right_and_a_list_of_names_is_not()
    {
        Write("bob:{PLAIN}x\n");
        var passdb = Open(Path);
        Assert.Equal("{PLAIN}x", await AskAsync(passdb, "bob"));
        File.SetUnixFileMode(Path, (UnixFileMode)0x1A4);
        Assert.Equal($"Failed: password file {Path} is open to everybody (mode 644): chmod 640 {Path}", await AskAsync(passdb, "bob"));
        Assert.Equal($"Failed: password file {Path} is open to everybody (mode 644): chmod 640 {Path}", await AskAsync(passdb, "eve"));
        File.SetUnixFileMode(Path, (UnixFileMode)0x1A0);
        Assert.Equal("{PLAIN}x", await AskAsync(passdb, "bob"));
        Write("bob\n");
        File.SetUnixFileMode(Path, (UnixFileMode)0x1A4);
        Assert.Equal("", await AskAsync(passdb, "bob"));
    }

    [Fact]
    public async Task Bad_lines_are_in_the_log_once_and_without_secrets()
    {
        Write("bob:{PLAIN}x::::::home=%{usr}\nbob2:{PLAIN}topsecret\nbob2:{PLAIN}topsecret\nt wo:{PLAIN}topsecret\n");
        var passdb = Open(Path);
        Assert.Equal("Unknown: unknown user", await AskAsync(passdb, "bob"));
        await AskAsync(passdb, "bob2");
        Assert.Equal(
        [
            $"Warning: passwd-file: {Path}, line 3: user bob2 is there already; the first one counts",
            $"Warning: passwd-file: {Path}, line 4: no user name, or one with blanks",
            $"Warning: passwd-file: {Path}: user bob: home: unknown variable %{{usr}} (did you mean %{{user}}?)",
        ], _log.Lines.Where(l => l.StartsWith("Warning", StringComparison.Ordinal)));
        Assert.DoesNotContain(_log.Lines, l => l.Contains("topsecret"));
    }

    [Fact]
    public async Task More_domains_than_are_kept_are_served_all_the_same()
    {
        for (var i = 0; i < 300; i++)
            Write($"bob:{{PLAIN}}{i}\n", _directory[$"d{i}.example"]);
        var passdb = Open($"username_format=%n {_directory["%d"]}");
        for (var round = 0; round < 2; round++)
        {
            for (var i = 0; i < 300; i++)
                Assert.Equal($"{{PLAIN}}{i}", await AskAsync(passdb, $"bob@d{i}.example"));
        }
    }

    [Theory]
    [InlineData("", "no absolute path")]
    [InlineData("users", "unknown argument users")]
    [InlineData("shceme=plain /users", "unknown argument shceme=plain")]
    [InlineData("/users/%q", "unknown variable %q")]
    [InlineData("/users/%w", "a password is no part of a path or a name")]
    [InlineData("username_format=%w /users", "a password is no part of a path or a name")]
    public void Wrong_arguments_are_told(string arguments, string problem) =>
        Assert.Equal(problem, Assert.Throws<FormatException>(() => Open(arguments)).Message);

    [Fact]
    public async Task Everything_of_a_login_through_the_socket()
    {
        using var server = new TestServer(s => s with { Passdbs = [new("passwd-file", Path)], Userdbs = [new("prefetch", ""), new("passwd-file", Path)] });
        Write("alice:{PLAIN}wonderland:1001:1002::/home/alice::userdb_mail=maildir:~/M\nbob:{PLAIN}builder:0:0::/root\ncarol:{PLAIN}c:1003:1003:::: nologin=y reason=moved\n");
        await server.PlayAsync($"""
            {TestServer.Handshake}
            C: VERSION|1|2
            C: CPID|1
            C: AUTH|1|PLAIN|service=imap|resp={TestServer.Right}
            S: OK|1|user=alice*
            C: AUTH|2|PLAIN|service=imap|resp={TestServer.Wrong}
            S: FAIL|2|user=alice*
            """);
        await server.PlayMasterAsync("""
            S: VERSION|1|2
            S: SPID|*
            C: VERSION|1|2
            C: USER|1|alice|service=lmtp
            S: USER|1|alice|uid=1001|gid=1002|home=/home/alice|mail=maildir:~/M
            C: USER|2|bob|service=lmtp
            S: NOTFOUND|2
            C: LIST|3
            S: LIST|3|alice
            S: LIST|3|bob
            S: LIST|3|carol
            S: DONE|3|
            """);
        Assert.Contains(server.Log.Lines, l => l.Contains("user bob: uid 0 cannot be used"));
    }
}
