using System.Diagnostics;
using System.Text;
using Sasl.Credentials.Schemes;
using Sasl.Credentials.Sources;
using Sasl.Mechanisms;
using Testing;

namespace mailctl.Tests.Users;

public sealed class ImportCommandTests : IDisposable
{
    readonly TemporaryDirectory _directory = new();

    string Database => _directory["secrets.db"];

    public void Dispose() => _directory.Dispose();

    Task<Outcome> ImportAsync(string input, params string[] arguments) => Run.AsAsync("mailctl", input, ["user", "-f", Database, "import", .. arguments]);

    IReadOnlyList<string> Stored(string user, string realm = "") => new Sasldb(Database).FindAll(user, realm);

    static string Dump(params (string Key, string Value)[] records) =>
        "VERSION=3\nformat=print\ntype=hash\nHEADER=END\n" + string.Concat(records.Select(r => $" {r.Key.Replace("\0", "\\00")}\n {r.Value}\n")) + "DATA=END\n";

    async Task<string> CyrusAsync(string program, string input, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["SASL_CONF_PATH"] = _directory["conf"];
        using var process = Process.Start(start)!;
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, await process.StandardError.ReadToEndAsync());
        return output;
    }

    async Task SetAsync(string user, string realm, string password, params string[] more) =>
        await CyrusAsync("/usr/sbin/saslpasswd2", password, ["-p", "-c", "-f", _directory["sasldb2"], "-u", realm, .. more, user]);

    [RequiresFact(program: "/usr/bin/db_dump")]
    public async Task A_real_sasldb2_comes_over_with_every_secret()
    {
        Directory.CreateDirectory(_directory["conf"]);
        File.WriteAllText(_directory["conf/saslpasswd.conf"], "scram_secret_generate: yes\n");
        await SetAsync("alice", "example.org", "wonderland");
        await SetAsync("bob", "mail.host", "p\u00e4ss:w\\ord ");
        await SetAsync("carol", "example.org", "only keys", "-n");
        foreach (var format in (string[][])[["-p"], []])
        {
            File.Delete(Database);
            File.WriteAllText(_directory["dump"], await CyrusAsync("/usr/bin/db_dump", "", [.. format, _directory["sasldb2"]]));
            var outcome = await ImportAsync("", "--from", "sasldb2", "--drop-realm", "mail.host", _directory["dump"]);
            Assert.Equal((0, ""), (outcome.Status, outcome.Error));
            Assert.Equal("3 users taken over", outcome.Lines[^1]);
            Assert.Contains("{PLAIN}wonderland", Stored("alice", "example.org"));
            Assert.Contains("{PLAIN}p\u00e4ss:w\\ord ", Stored("bob"));
            var keys = ScramSecretText.Parse(Stored("carol", "example.org").Single(s => s.StartsWith("{SCRAM-SHA-1}", StringComparison.Ordinal)));
            Assert.True(keys!.Verify("only keys"u8));
            Assert.NotNull(OtpSecretText.Parse(Stored("alice", "example.org").Single(s => s.StartsWith("{OTP}", StringComparison.Ordinal)).AsSpan(5)));
        }
    }

    [Fact]
    public async Task Hashing_keeps_nothing_in_the_clear()
    {
        Assert.Equal(0, (await ImportAsync(Dump(("alice\0example.org\0userPassword", "wonderland")), "--from", "sasldb2", "--hash", "-")).Status);
        var stored = Stored("alice", "example.org");
        Assert.Equal(3, stored.Count);
        Assert.True(PasswordScheme.Matches("wonderland"u8, stored[0]));
        Assert.All(stored.Skip(1), s => Assert.True(ScramSecretText.Parse(s)!.Verify("wonderland"u8)));
        Assert.DoesNotContain("wonderland", string.Concat(stored));
    }

    [Fact]
    public async Task What_cannot_be_taken_is_told_one_by_one_without_its_secret_and_the_rest_is_taken()
    {
        var outcome = await ImportAsync(Dump(
            ("alice\0x.org\0userPassword", "wonderland"), ("alice\0x.org\0cmusaslsecretPLAIN", "topsecret"), ("bob\0x.org\0cmusaslsecretOTP", "topsecret"), ("eve\0x.org\0userPassword", ""),
            ("carol\0x.org\0authPassword", "topsecret"), ("b ob\0x.org\0userPassword", "topsecret"), ("dan\0x@y\0userPassword", "topsecret"), ("latin\0x.org\0userPassword", "topsecret\\ff")), "--from", "sasldb2", "-");
        Assert.Equal(65, outcome.Status);
        Assert.Equal("alice@x.org: password\n1 users taken over; 7 remarks\n", outcome.Output);
        Assert.Equal(
        [
            "line 8: alice@x.org: cmusaslsecretPLAIN: nothing here uses it", "line 10: bob@x.org: cmusaslsecretOTP: not an OTP sequence", "line 12: eve@x.org: userPassword: an empty password",
            "line 14: carol@x.org: authPassword: not SCRAM keys", "line 16: b ob@x.org: userPassword: a name with a blank or a control character",
            "line 18: dan@x@y: userPassword: a name with an \"@\" that would be taken for another's", "line 20: latin@x.org: userPassword: not UTF-8, or with a NUL in it",
        ], outcome.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l[(l.IndexOf("line", StringComparison.Ordinal))..]));
        Assert.DoesNotContain("topsecret", outcome.Error + outcome.Output);
    }

    [Fact]
    public async Task A_dry_run_changes_nothing()
    {
        var outcome = await ImportAsync(Dump(("alice\0\0userPassword", "wonderland")), "--from", "sasldb2", "--dry-run", "-");
        Assert.Equal((0, "alice: password\n1 users would be taken over\n"), (outcome.Status, outcome.Output));
        Assert.False(File.Exists(Database));
    }

    [Fact]
    public async Task Who_is_there_already_is_left_alone_unless_that_is_said()
    {
        var dump = Dump(("alice\0\0userPassword", "new"), ("bob\0\0userPassword", "new"));
        await Run.AsAsync("mailctl", "old\n", ["user", "-f", Database, "add", "alice"]);
        new Sasldb(Database).Set("alice", "", "otp", "{OTP}old");
        var outcome = await ImportAsync(dump, "--from", "sasldb2", "-n", "-");
        Assert.Contains("alice is there already", outcome.Error);
        outcome = await ImportAsync(dump, "--from", "sasldb2", "-");
        Assert.Equal((65, "bob: password\n1 users taken over; 1 remarks\n"), (outcome.Status, outcome.Output));
        Assert.True(PasswordScheme.Matches("old"u8, Stored("alice")[0]));
        Assert.Equal(0, (await ImportAsync(dump, "--from", "sasldb2", "--replace", "-")).Status);
        Assert.Equal(["{PLAIN}new"], Stored("alice"));
    }

    [Fact]
    public async Task A_passwd_file_comes_over_but_for_what_would_open_a_door()
    {
        File.WriteAllText(_directory["users"], """
            # users
            alice:{PLAIN}wonderland:1000:1000::/home/alice::userdb_mail=maildir:~/M
            bob@Example.org:$6$salt$hash
            carol:{PLAIN}topsecret::::::nologin
            dan:{PLAIN}topsecret::::::allow_nets=192.0.2.0/24 userdb_x=1
            eve
            frank:{ROT13}topsecret
            """);
        var outcome = await ImportAsync("", "--from", "passwd-file", _directory["users"]);
        Assert.Equal((65, "alice: password\nbob@example.org: password\n2 users taken over; 5 remarks\n"), (outcome.Status, outcome.Output));
        Assert.Equal(["{PLAIN}wonderland"], Stored("alice"));
        Assert.Equal(["{CRYPT}$6$salt$hash"], Stored("bob", "example.org"));
        foreach (var told in (string[])["user carol: the secrets database has no place for nologin", "user dan: the secrets database has no place for allow_nets", "user eve: no password", "user frank: unknown password scheme {ROT13}", "of 2 users belong to a userdb"])
            Assert.Contains(told, outcome.Error);
        Assert.DoesNotContain("topsecret", outcome.Error + outcome.Output);
    }

    [Theory]
    [InlineData(64, "usage:", "--from", "sasldb2")]
    [InlineData(64, "usage:", "FILE")]
    [InlineData(64, "usage:", "--from", "sasldb2", "--frobnicate", "FILE")]
    [InlineData(64, "(did you mean sasldb2?)", "--from", "sasldb", "FILE")]
    [InlineData(74, "Could not find file", "--from", "sasldb2", "/no/such/file")]
    [InlineData(65, "the dump is not whole", "--from", "sasldb2", "/dev/null")]
    public async Task Wrong_words(int status, string error, params string[] arguments)
    {
        var outcome = await ImportAsync("", arguments);
        Assert.Equal(status, outcome.Status);
        Assert.Contains(error, outcome.Error);
        Assert.False(File.Exists(Database));
    }
}
