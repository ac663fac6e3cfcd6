using Sasl.Credentials.Sources;
using Sasl.Hosting.Unix;
using Testing;

namespace Sasl.Credentials.Tests.Sources;

public sealed class SasldbTests : IDisposable
{
    readonly TemporaryDirectory _directory = new();
    readonly Sasldb _database;

    public SasldbTests()
    {
        _database = new(_directory["secrets.db"]);
        _database.Create();
    }

    [Fact]
    public void The_file_is_the_owners_alone() => Assert.Equal(0x180u, Files.Status(_directory["secrets.db"])!.Value.Permissions);

    [Fact]
    public void Creating_it_again_keeps_what_is_there()
    {
        _database.TryAdd("bob", "", "{PLAIN}x");
        _database.Create();
        Assert.Equal("{PLAIN}x", _database.Find("bob", ""));
    }

    [Fact]
    public void Add_change_delete_say_whether_the_user_was_there()
    {
        Assert.False(_database.TryChange("bob", "example.com", "{PLAIN}a"));
        Assert.True(_database.TryAdd("bob", "example.com", "{PLAIN}a"));
        Assert.False(_database.TryAdd("bob", "EXAMPLE.com", "{PLAIN}b"));
        Assert.Equal("{PLAIN}a", _database.Find("bob", "Example.Com"));
        Assert.True(_database.TryChange("bob", "example.com", "{PLAIN}b"));
        Assert.Equal("{PLAIN}b", _database.Find("bob", "example.com"));
        Assert.True(_database.Delete("bob", "example.com"));
        Assert.False(_database.Delete("bob", "example.com"));
        Assert.Null(_database.Find("bob", "example.com"));
    }

    [Fact]
    public void A_new_password_drops_the_secrets_that_were_made_from_the_old_one()
    {
        _database.TryAdd("bob", "", "{PLAIN}a");
        _database.Set("bob", "", "SCRAM-SHA-256", "4096,…");
        Assert.Equal(["SCRAM-SHA-256", "password"], _database.List().Single().Kinds.Order());
        _database.TryChange("bob", "", "{PLAIN}b");
        Assert.Equal(["password"], _database.List().Single().Kinds);
    }

    [Fact]
    public void Users_of_one_name_in_two_realms_are_two_users()
    {
        _database.TryAdd("bob", "a.example", "{PLAIN}a");
        _database.TryAdd("bob", "b.example", "{PLAIN}b");
        Assert.Equal("{PLAIN}b", _database.Find("bob", "b.example"));
        Assert.Null(_database.Find("bob", ""));
        Assert.Equal(["a.example", "b.example"], _database.List().Select(u => u.Realm));
    }

    /// <summary>CVE-2022-24407: a stored value was pasted into the statement.</summary>
    [Theory]
    [InlineData("bob'; DROP TABLE secret; --")]
    [InlineData("' OR '1'='1")]
    [InlineData("\"")]
    [InlineData("%")]
    public void Cve_2022_24407_sql_in_a_name_or_a_secret_is_only_text(string text)
    {
        _database.TryAdd("alice", "", "{PLAIN}other");
        Assert.Null(_database.Find(text, ""));
        Assert.True(_database.TryAdd(text, "", text));
        Assert.Equal(text, _database.Find(text, ""));
        Assert.Equal("{PLAIN}other", _database.Find("alice", ""));
        Assert.True(_database.Delete(text, ""));
        Assert.Equal("alice", _database.List().Single().User);
    }

    [Fact]
    public void A_missing_or_foreign_file_is_an_io_error_that_names_it()
    {
        Assert.Contains("nothing.db", Assert.Throws<IOException>(() => new Sasldb(_directory["nothing.db"]).Find("bob", "")).Message);
        File.WriteAllText(_directory["foreign.db"], new string('x', 5000));
        Assert.Contains("foreign.db", Assert.Throws<IOException>(() => new Sasldb(_directory["foreign.db"]).Find("bob", "")).Message);
    }

    [Theory]
    [InlineData(0x1A4)]
    [InlineData(0x181)]
    [InlineData(0x1B6)]
    public void A_file_that_everybody_may_open_is_refused_until_its_mode_is_put_right(int mode)
    {
        _database.TryAdd("bob", "", "{PLAIN}a");
        Files.ChangeMode(_database.Path, (uint)mode);
        var refusal = Assert.Throws<IOException>(() => _database.Find("bob", "")).Message;
        Assert.Equal($"secrets database {_database.Path} is open to everybody (mode {Convert.ToString(mode, 8)}): chmod 600 {_database.Path}", refusal);
        Assert.Throws<IOException>(() => _database.TryChange("bob", "", "{PLAIN}b"));
        File.CreateSymbolicLink(_directory["link.db"], _database.Path);
        Assert.Throws<IOException>(() => new Sasldb(_directory["link.db"]).Find("bob", ""));
        // Owned by root and readable for the auth server's group: a server that is taken over cannot change it.
        Files.ChangeMode(_database.Path, 0x1A0);
        Assert.Equal("{PLAIN}a", new Sasldb(_directory["link.db"]).Find("bob", ""));
    }

    [RequiresFact(root: true)]
    public async Task Who_may_not_read_the_file_is_told_whose_it_is()
    {
        File.SetUnixFileMode(_directory.Path, (UnixFileMode)0x1ED);
        var told = await Command.RunAsync("/usr/bin/setpriv",
            ["--reuid=65534", "--regid=65534", "--clear-groups", Binaries.Path("mailctl"), "user", "-f", _database.Path, "list"]);
        Assert.NotEqual(0, told.ExitCode);
        Assert.Contains("(owner 0, group 0, mode 600; this process is uid 65534, gid 65534)", told.Error);
    }

    [Fact]
    public async Task A_writer_that_was_killed_in_the_middle_stops_no_login()
    {
        for (var i = 0; i < 300; i++)
            _database.TryAdd($"user{i}", "", $"{{PLAIN}}{new string('x', 200)}");
        // Everything is changed and half of it written when the power goes; what is left is a journal that must be played back.
        var killed = await Command.RunAsync("/usr/bin/python3", ["-c", """
            import os, sqlite3, sys
            connection = sqlite3.connect(sys.argv[1], isolation_level=None)
            connection.execute("PRAGMA cache_size = 1")
            connection.execute("BEGIN")
            connection.execute("UPDATE secret SET value = '{PLAIN}half' || value")
            os.kill(os.getpid(), 9)
            """, _database.Path]);
        Assert.NotEqual(0, killed.ExitCode);
        Assert.True(File.Exists($"{_database.Path}-journal"));
        Assert.Equal($"{{PLAIN}}{new string('x', 200)}", _database.Find("user299", ""));
        Assert.False(File.Exists($"{_database.Path}-journal"));
    }

    [Fact]
    public void What_another_process_writes_is_seen_by_the_next_question()
    {
        var other = new Sasldb(_database.Path);
        other.Set("bob", "", Sasldb.PasswordKind, "{PLAIN}a");
        Assert.Equal("{PLAIN}a", _database.Find("bob", ""));
        other.Set("bob", "", Sasldb.PasswordKind, "{PLAIN}b");
        Assert.Equal("{PLAIN}b", _database.Find("bob", ""));
        other.Delete("bob", "");
        Assert.Null(_database.Find("bob", ""));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_file_that_takes_the_databases_place_is_seen_by_the_next_question(bool throughLink)
    {
        var replacement = new Sasldb(_directory["new.db"]);
        replacement.Create();
        replacement.Set("bob", "", Sasldb.PasswordKind, "{PLAIN}new");
        _database.Set("bob", "", Sasldb.PasswordKind, "{PLAIN}old");
        File.CreateSymbolicLink(_directory["link.db"], _database.Path);
        var asked = throughLink ? new Sasldb(_directory["link.db"]) : _database;
        Assert.Equal("{PLAIN}old", asked.Find("bob", ""));
        File.Move(replacement.Path, _database.Path, overwrite: true);
        Assert.Equal("{PLAIN}new", asked.Find("bob", ""));
        File.Delete(_database.Path);
        Assert.ThrowsAny<IOException>(() => asked.Find("bob", ""));
    }

    [Fact]
    public async Task Readers_and_writers_of_several_threads_do_not_fail()
    {
        _database.TryAdd("bob", "", "{PLAIN}a");
        await Task.WhenAll(Enumerable.Range(0, 4).Select(n => Task.Run(() =>
        {
            for (var i = 0; i < 10; i++)
            {
                _database.TryAdd($"user{n}-{i}", "", "{PLAIN}x");
                Assert.Equal("{PLAIN}a", _database.Find("bob", ""));
            }
        })));
        Assert.Equal(41, _database.List().Count);
    }

    public void Dispose() => _directory.Dispose();
}
