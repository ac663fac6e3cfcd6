using System.Text;
using Sasl.Credentials.Native;
using Sasl.Credentials.Sources;
using Testing;

namespace Sasl.Credentials.Tests.Sources;

public sealed class PasswdFileSourceTests : IDisposable
{
    readonly TemporaryDirectory _directory = new();
    readonly ListLog _log = new();
    readonly PasswdFileSource _source;

    public PasswdFileSourceTests()
    {
        Write($"bob:{Crypt.Hash("geheim"u8, "$2y$", 5)}\neve@example.com:$apr1$abcdefgh$bw9gEObk10asetVLiysIZ0\nlocked:!{Crypt.Hash("geheim"u8, "$1$")}\nempty:\n");
        _source = new(Path, HashWorkers.Inline, _log);
    }

    string Path => _directory["users"];

    [Theory]
    [InlineData("bob", "", "geheim", VerdictKind.Ok, "")]
    [InlineData("bob", "example.com", "geheim", VerdictKind.Ok, "")]
    [InlineData("bob", "", "falsch", VerdictKind.Refused, "Incorrect password")]
    [InlineData("bob", "", "", VerdictKind.Refused, "Incorrect password")]
    [InlineData("eve", "example.com", "geheim", VerdictKind.Ok, "")]
    [InlineData("eve@Example.com", "", "geheim", VerdictKind.Ok, "")]
    [InlineData("eve", "", "geheim", VerdictKind.Refused, "no such user")]
    [InlineData("mallory", "", "geheim", VerdictKind.Refused, "no such user")]
    [InlineData("locked", "", "geheim", VerdictKind.Refused, "Incorrect password")]
    [InlineData("empty", "", "", VerdictKind.Refused, "Incorrect password")]
    public async Task Who_gets_in(string user, string realm, string password, VerdictKind kind, string reason) =>
        Assert.Equal(new(kind, reason), await SasldbSourceTests.AskAsync(_source, user, realm, password));

    [Fact]
    public async Task A_changed_file_counts_at_once()
    {
        for (var i = 0; i < 50; i++)
        {
            Write($"bob:{{PLAIN}}geheim{i:00}\n");
            Assert.Equal(Verdict.Ok, await SasldbSourceTests.AskAsync(_source, "bob", "", $"geheim{i:00}"));
        }
    }

    [Fact]
    public async Task A_second_change_within_one_tick_of_the_clock_counts_too()
    {
        var source = new PasswdFileSource(Path, HashWorkers.Inline, _log, new ManualTime(DateTimeOffset.UnixEpoch.AddSeconds(1000.5)));
        foreach (var password in new[] { "eins", "zwei", "drei" })
        {
            // The same inode, length and time.
            Write($"bob:{{PLAIN}}{password}\n");
            File.SetLastWriteTimeUtc(Path, DateTime.UnixEpoch.AddSeconds(1000));
            Assert.Equal(Verdict.Ok, await SasldbSourceTests.AskAsync(source, "bob", "", password));
        }
    }

    [Fact]
    public async Task A_settled_file_is_read_once()
    {
        File.SetLastWriteTimeUtc(Path, DateTime.UtcNow.AddMinutes(-1));
        Assert.True((await SasldbSourceTests.AskAsync(_source, "bob", "", "geheim")).IsOk);
        // Changed behind its back, with the time put back: only who does not read again still knows bob.
        var (text, modified) = (File.ReadAllText(Path), File.GetLastWriteTimeUtc(Path));
        File.WriteAllText(Path, text.Replace("bob", "bab"));
        File.SetLastWriteTimeUtc(Path, modified);
        Assert.True((await SasldbSourceTests.AskAsync(_source, "bob", "", "geheim")).IsOk);
    }

    [Fact]
    public async Task Another_file_under_the_name_counts()
    {
        Assert.True((await SasldbSourceTests.AskAsync(_source, "bob", "", "geheim")).IsOk);
        File.WriteAllText(_directory["new"], "bob:{PLAIN}anders\n");
        File.SetUnixFileMode(_directory["new"], UnixFileMode.UserRead);
        File.Move(_directory["new"], Path, overwrite: true);
        Assert.Equal("Incorrect password", (await SasldbSourceTests.AskAsync(_source, "bob", "", "geheim")).Reason);
        Assert.True((await SasldbSourceTests.AskAsync(_source, "bob", "", "anders")).IsOk);
    }

    [Fact]
    public async Task A_missing_file_and_one_that_everybody_can_read_are_unavailable()
    {
        File.SetUnixFileMode(Path, (UnixFileMode)0x1A4);
        var verdict = await SasldbSourceTests.AskAsync(_source, "bob", "", "geheim");
        Assert.Equal(new(VerdictKind.Unavailable, $"password file {Path} is open to everybody (mode 644): chmod 640 {Path}"), verdict);
        File.Delete(Path);
        Assert.Equal(new(VerdictKind.Unavailable, $"there is no password file {Path}"), await SasldbSourceTests.AskAsync(_source, "bob", "", "geheim"));
    }

    [Fact]
    public async Task Bad_lines_are_in_the_log_with_file_and_line_and_without_secrets()
    {
        Write("bob:topsecret\neve:{PLAIN}geheim\n" + string.Concat(Enumerable.Range(0, 30).Select(i => $"u{i}:topsecret\n")));
        Assert.Equal("no such user", (await SasldbSourceTests.AskAsync(_source, "bob", "", "topsecret")).Reason);
        Assert.True((await SasldbSourceTests.AskAsync(_source, "eve", "", "geheim")).IsOk);
        var warnings = _log.Lines.Where(l => l.StartsWith("Warning", StringComparison.Ordinal)).ToArray();
        Assert.Equal($"Warning|auth_passwdfile : {Path}, line 1: user bob: a password without a scheme ({{PLAIN}} in front of it, if that is what is meant)", warnings[0]);
        Assert.Equal($"Warning|auth_passwdfile : {Path}: 11 more bad lines", warnings[^1]);
        Assert.Equal(21, warnings.Length);
        Assert.DoesNotContain(_log.Lines, l => l.Contains("topsecret"));
    }

    [Theory]
    [InlineData("nologin", null, VerdictKind.Disabled)]
    [InlineData("userdb_x=1 allow_nets=192.0.2.0/24,2001:db8::/32", "192.0.2.7;993", VerdictKind.Ok)]
    [InlineData("allow_nets=192.0.2.0/24,2001:db8::/32", "2001:db8::1", VerdictKind.Ok)]
    [InlineData("allow_nets=192.0.2.0/24,2001:db8::/32", "198.51.100.7", VerdictKind.Disabled)]
    [InlineData("allow_nets=192.0.2.0/24", null, VerdictKind.Disabled)]
    public async Task Extra_fields_that_restrict_a_login_do(string extra, string? remote, VerdictKind kind)
    {
        Write($"bob:{{PLAIN}}geheim:1:1:::nologin\neve:{{PLAIN}}geheim:1:1:gecos:/home:/shell:{extra}\n");
        async Task<VerdictKind> AskAsync(string user, string password) =>
            (await _source.VerifyAsync(new(user, "", "imap", Encoding.UTF8.GetBytes(password), remote), CancellationToken.None)).Kind;
        Assert.Equal(kind, await AskAsync("eve", "geheim"));
        Assert.Equal(VerdictKind.Refused, await AskAsync("eve", "falsch"));
        // A shell is no extra field.
        Assert.Equal(VerdictKind.Ok, await AskAsync("bob", "geheim"));
    }

    [Fact]
    public async Task User_enumeration_by_time_an_unknown_user_costs_a_hash_of_the_kind_that_most_have()
    {
        Assert.Equal(VerdictKind.Refused, (await SasldbSourceTests.AskAsync(_source, "mallory", "", "geheim")).Kind);
        Assert.Equal(1, _source.Dummy.Spent);
        Write("a:$apr1$abcdefgh$bw9gEObk10asetVLiysIZ0\nb:{APR1}$apr1$abcdefgh$bw9gEObk10asetVLiysIZ0\nc:{PLAIN}x\n");
        await SasldbSourceTests.AskAsync(_source, "mallory", "", "geheim");
        Assert.Equal("{CRYPT}$apr1$abcdefgh$", _source.Dummy.Setting);
    }

    void Write(string text)
    {
        File.WriteAllText(Path, text);
        File.SetUnixFileMode(Path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    public void Dispose() => _directory.Dispose();
}
