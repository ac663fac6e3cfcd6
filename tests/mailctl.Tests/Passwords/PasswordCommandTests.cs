using Sasl.Credentials.Schemes;
using Testing;

namespace mailctl.Tests.Passwords;

public sealed class PasswordCommandTests
{
    static Task<Outcome> PasswordAsync(string input, params string[] arguments) => Run.AsAsync("mailctl", input, ["password", .. arguments]);

    [Theory]
    [InlineData("{CRYPT}$")]
    [InlineData("{ARGON2ID}$argon2id$", "-s", "ARGON2ID")]
    [InlineData("{SHA512-CRYPT}$6$rounds=20000$", "-s", "sha512-crypt", "-r", "20000")]
    [InlineData("{BLF-CRYPT}$2b$06$", "-s", "BLF-CRYPT", "-r", "6")]
    [InlineData("{SCRAM-SHA-256}5000,", "-s", "SCRAM-SHA-256", "-r", "5000")]
    [InlineData("{DIGEST-MD5}", "-s", "DIGEST-MD5", "-u", "bob@example.com")]
    public async Task What_it_hashes_it_verifies(string beginning, params string[] options)
    {
        var made = await PasswordAsync("geheim\n", [.. options, "hash"]);
        Assert.Equal(0, made.Status);
        Assert.StartsWith(beginning, made.Lines.Single());
        var user = options.Contains("-u") ? options[^2..] : [];
        Assert.Equal(0, (await PasswordAsync($"{made.Lines[0]}\ngeheim\n", [.. user, "verify"])).Status);
        var wrong = await PasswordAsync($"{made.Lines[0]}\nfalsch\n", [.. user, "verify"]);
        Assert.Equal(1, wrong.Status);
        Assert.EndsWith(": another password\n", wrong.Output);
        Assert.DoesNotContain("falsch", wrong.Output + wrong.Error);
    }

    [Fact]
    public async Task What_is_stored_may_be_in_a_file()
    {
        using var directory = new TemporaryDirectory();
        File.WriteAllText(directory["hash"], PasswordScheme.Make("SSHA", "geheim"u8) + "\n");
        Assert.Equal((0, "SSHA: the password is right\n"), await PasswordAsync("geheim\n", "verify", directory["hash"]) is var o ? (o.Status, o.Output) : default);
    }

    [Theory]
    [InlineData("x\n", 64, "no new passwords are stored as PLAIN-TRUNC", "-s", "PLAIN-TRUNC", "hash")]
    [InlineData("x\n", 64, "unknown password scheme SHA513 (did you mean SHA512?)", "-s", "SHA513", "hash")]
    [InlineData("x\n", 65, "DIGEST-MD5 needs the user's login name: -u", "-s", "DIGEST-MD5", "hash")]
    [InlineData("x\n", 65, "SCRAM-SHA-256 cannot store this, or not with so many rounds", "-s", "SCRAM-SHA-256", "-r", "1000", "hash")]
    [InlineData("", 65, "no password given", "hash")]
    [InlineData("", 64, "a password is never an argument", "hash", "geheim")]
    [InlineData("{ROT13}x\ny\n", 65, "unknown password scheme {ROT13}", "verify")]
    [InlineData("{NTLM}x\ny\n", 65, "password scheme {NTLM} is not supported", "verify")]
    [InlineData("{SHA}x\ny\n", 65, "damaged: not what {SHA} looks like", "verify")]
    [InlineData("", 65, "what is stored", "verify")]
    [InlineData("", 64, "usage:", "-t", "{PLAIN}x")]
    [InlineData("", 64, "usage:")]
    public async Task What_cannot_be_done_is_said(string input, int status, string said, params string[] arguments)
    {
        var outcome = await PasswordAsync(input, arguments);
        Assert.Equal(status, outcome.Status);
        Assert.Contains(said, outcome.Error);
    }

    [Fact]
    public async Task A_weak_scheme_is_made_with_a_warning()
    {
        var made = await PasswordAsync("geheim\n", "-s", "MD5-CRYPT", "hash");
        Assert.Equal(0, made.Status);
        Assert.Contains("MD5-CRYPT is weak", made.Error);
    }

    [Fact]
    public async Task The_list_has_every_scheme_once()
    {
        var lines = (await PasswordAsync("", "list")).Lines;
        Assert.Equal(PasswordScheme.All.Select(s => s.Name), lines.Select(l => l.Split(' ')[0]));
        Assert.Contains(lines, l => l.StartsWith("MD5-CRYPT") && l.EndsWith("weak"));
    }
}
