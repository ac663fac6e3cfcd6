using System.Diagnostics;
using System.Text;
using Sasl.Credentials.Schemes;
using Sasl.Credentials.Sources;
using Testing;

namespace mailctl.Tests.Users;

public sealed class UserCommandTests : IDisposable
{
    readonly TemporaryDirectory _directory = new();

    string Database => _directory["secrets.db"];

    public void Dispose() => _directory.Dispose();

    Task<Outcome> UserAsync(string input, params string[] arguments) => Run.AsAsync("mailctl", input, ["user", "-f", Database, .. arguments]);

    bool Matches(string user, string realm, ReadOnlySpan<byte> password) =>
        PasswordScheme.Matches(password, new Sasldb(Database).Find(user, realm)!) is true;

    [Fact]
    public async Task Add_change_list_and_delete()
    {
        Assert.Equal(0, (await UserAsync("secret\n", "add", "bob")).Status);
        Assert.Equal(0, (await UserAsync("other word\n", "add", "alice@Example.com")).Status);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Database));
        Assert.True(Matches("bob", "", "secret"u8));
        Assert.True(Matches("alice", "example.com", "other word"u8));
        Assert.Equal(["bob: password, scram-sha-256", "alice@example.com: password, scram-sha-256"], (await UserAsync("", "list")).Lines);

        Assert.Equal(0, (await UserAsync("new\n", "passwd", "bob")).Status);
        Assert.True(Matches("bob", "", "new"u8));
        Assert.False(Matches("bob", "", "secret"u8));

        Assert.Equal(0, (await UserAsync("", "delete", "bob")).Status);
        Assert.Equal(["alice@example.com: password, scram-sha-256"], (await UserAsync("", "list")).Lines);
    }

    [Theory]
    [InlineData("argon2id", "{ARGON2ID}$argon2id$", "password, scram-sha-256")]
    [InlineData("PLAIN", "{PLAIN}geheimes Wort", "password")]
    [InlineData("SCRAM-SHA-1", "{SCRAM-SHA-1}4096,", "scram-sha-1")]
    [InlineData("DIGEST-MD5", "{DIGEST-MD5}", "digest-md5")]
    public async Task Another_scheme(string scheme, string beginning, string kinds)
    {
        Assert.Equal(0, (await UserAsync("geheimes Wort\n", "--scheme", scheme, "add", "bob")).Status);
        Assert.Equal([$"bob: {kinds}"], (await UserAsync("", "list")).Lines);
        var stored = new Sasldb(Database).FindAll("bob", "");
        Assert.StartsWith(beginning, stored[0]);
        Assert.All(stored, s => Assert.True(PasswordScheme.Matches("geheimes Wort"u8, s, "bob")));
    }

    [Fact]
    public async Task The_default_is_a_hash_that_needs_memory_and_keys_of_the_rounds_that_are_configured()
    {
        File.WriteAllText(_directory["dovecot.conf"], "auth_scram_iterations = 5000\n");
        Assert.Equal(0, (await UserAsync("geheimes Wort\n", "-c", _directory.Path, "add", "bob")).Status);
        var stored = new Sasldb(Database).FindAll("bob", "");
        Assert.StartsWith("{CRYPT}$y$", stored[0]);
        Assert.StartsWith("{SCRAM-SHA-256}5000,", stored[1]);
        // Another password: nothing of the old one stays.
        new Sasldb(Database).Set("bob", "", "cram-md5", PasswordScheme.Make("CRAM-MD5", "geheimes Wort"u8)!);
        Assert.Equal(0, (await UserAsync("anderes\n", "passwd", "bob")).Status);
        Assert.All(new Sasldb(Database).FindAll("bob", ""), s => Assert.True(PasswordScheme.Matches("anderes"u8, s)));
        Assert.Equal(64, (await UserAsync("x\n", "--scheme", "PLAIN-TRUNC", "add", "eve")).Status);
    }

    [Fact]
    public async Task A_user_that_is_there_is_not_added_again()
    {
        await UserAsync("one\n", "add", "bob");
        Assert.Equal(73, (await UserAsync("two\n", "add", "bob")).Status);
        Assert.True(Matches("bob", "", "one"u8));
    }

    [Fact]
    public async Task A_user_that_is_not_there_is_said_with_a_suggestion()
    {
        await UserAsync("one\n", "add", "robert");
        Assert.Equal((67, "user: no user robret (did you mean \"robert\"?)\n"), await UserAsync("x\n", "passwd", "robret") is var o ? (o.Status, o.Error) : default);
        Assert.Equal(67, (await UserAsync("", "delete", "nobody")).Status);
    }

    [Fact]
    public async Task A_password_is_never_an_argument_and_never_printed()
    {
        var outcome = await UserAsync("", "add", "bob", "hunter2");
        Assert.Equal(64, outcome.Status);
        Assert.DoesNotContain("hunter2", outcome.Error + outcome.Output);
        Assert.False(File.Exists(Database));
    }

    [Theory]
    [InlineData("", "add", "bob", 65)]
    [InlineData("\n", "add", "bob", 65)]
    [InlineData("x\n", "add", "bad name", 65)]
    [InlineData("x\n", "add", "@example.com", 65)]
    [InlineData("x\n", "passwd", "bob", 69)]
    [InlineData("x\n", "ad", "bob", 64)]
    public async Task What_cannot_be_done_changes_nothing(string input, string verb, string name, int status)
    {
        Assert.Equal(status, (await UserAsync(input, verb, name)).Status);
        Assert.False(File.Exists(Database));
    }

    [Fact]
    public async Task On_a_terminal_the_password_is_asked_for_twice_and_never_shown()
    {
        // script(1) gives the program a terminal of its own and copies everything that appears on it.
        var (code, shown) = await OnTerminalAsync("add carol", ["New password for carol: ", "hidden words\r", "Again: ", "hidden words\r"]);
        Assert.True(code == 0, shown);
        Assert.DoesNotContain("hidden", shown);
        Assert.True(Matches("carol", "", "hidden words"u8));

        (code, shown) = await OnTerminalAsync("passwd carol", ["New password for carol: ", "one\r", "Again: ", "two\r"]);
        Assert.True(code != 0, shown);
        Assert.Contains("the passwords differ; nothing is changed", shown);
        Assert.True(Matches("carol", "", "hidden words"u8));
    }

    /// <summary>Waits for each odd text and types each even one.</summary>
    async Task<(int Code, string Shown)> OnTerminalAsync(string arguments, string[] dialogue)
    {
        var program = typeof(MailControl.Command).Assembly.Location;
        var start = new ProcessStartInfo("script", ["-q", "-e", "-c", $"dotnet {program} user -f {Database} {arguments}", "/dev/null"])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment["TERM"] = "dumb";
        using var process = Process.Start(start)!;
        var shown = new StringBuilder();
        var reading = Task.Run(async () =>
        {
            var buffer = new char[256];
            while (await process.StandardOutput.ReadAsync(buffer) is > 0 and var n)
            {
                lock (shown)
                    shown.Append(buffer, 0, n);
            }
        });
        for (var i = 0; i < dialogue.Length; i += 2)
        {
            var prompt = dialogue[i];
            await Eventually.TrueAsync(() => { lock (shown) return shown.ToString().Contains(prompt); }, prompt, TimeSpan.FromSeconds(60));
            await process.StandardInput.WriteAsync(dialogue[i + 1]);
            await process.StandardInput.FlushAsync();
        }
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));
        await reading;
        return (process.ExitCode, shown.ToString());
    }
}
