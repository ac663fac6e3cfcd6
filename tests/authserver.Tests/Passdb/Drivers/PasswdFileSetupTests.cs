using Sasl.Hosting.Configuration;
using Sasl.Protocols.DovecotAuth;
using Testing;

namespace AuthServer.Tests.Passdb.Drivers;

/// <summary>The set-up of docs/auth-server/passwd-file.md, as it stands there.</summary>
public sealed class PasswdFileSetupTests : IDisposable
{
    readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    static string Guide(string beginning) => File.ReadAllText(Path.Combine(Binaries.Root, "docs/auth-server/passwd-file.md")).Split("```")
        .Where((_, i) => i % 2 == 1).Select(b => b[(b.IndexOf('\n') + 1)..]).Single(b => b.StartsWith(beginning, StringComparison.Ordinal));

    [Fact]
    public async Task The_guides_files_do_what_it_says()
    {
        Directory.CreateDirectory(_directory["users"]);
        File.WriteAllText(_directory["users/example.org"], Guide("# /etc/dovecot/users"));
        File.SetUnixFileMode(_directory["users/example.org"], UnixFileMode.UserRead | UnixFileMode.UserWrite);
        // "vmail" is no account here.
        File.WriteAllText(_directory["dovecot.conf"], "ssl = no\n" + Guide("passdb {\n  driver = passwd-file").Replace("/etc/dovecot", _directory.Path).Replace("uid=vmail gid=vmail", "uid=daemon gid=bin"));
        var problems = new List<Problem>();
        var read = AuthServerSettings.From(DovecotCheck.Run(DovecotFile.Load(_directory["dovecot.conf"], problems), problems));
        Assert.Empty(problems);
        using var server = new TestServer(s => s with { Passdbs = read.Passdbs, Userdbs = read.Userdbs });
        string Plain(string user, string password) => TestServer.Plain($"{user}@example.org", password);
        await server.PlayAsync($"""
            {TestServer.Handshake}
            C: VERSION|1|2
            C: CPID|1
            C: AUTH|1|PLAIN|service=imap|resp={Plain("alice", "wonderland")}
            S: OK|1|user=alice@example.org
            C: AUTH|2|PLAIN|service=imap|resp={Plain("alice", "wrong")}
            S: FAIL|2|user=alice@example.org
            C: AUTH|3|PLAIN|service=imap|resp={Plain("bob", "password")}
            S: OK|3|user=bob@example.org
            C: AUTH|4|PLAIN|service=imap|rip=192.0.2.7|resp={Plain("carol", "c4rol")}
            S: OK|4|user=carol@example.org
            C: AUTH|5|PLAIN|service=imap|rip=198.51.100.7|resp={Plain("carol", "c4rol")}
            S: FAIL|5|user=carol@example.org
            C: AUTH|6|PLAIN|service=smtp|nologin|resp={Plain("dan", "d4n")}
            S: FAIL|6|user=dan@example.org|code=user_disabled|reason=Moved
            C: AUTH|7|PLAIN|service=imap|resp={TestServer.Plain("alice@example.net", "wonderland")}
            S: FAIL|7|user=alice@example.net
            """);
        await server.PlayMasterAsync("""
            S: VERSION|1|2
            S: SPID|*
            C: VERSION|1|2
            C: USER|1|alice@example.org|service=lmtp
            S: USER|1|alice@example.org|uid=1|gid=2|home=/var/vmail/example.org/alice
            C: USER|2|bob@example.org|service=lmtp
            S: USER|2|bob@example.org|uid=1|gid=2|home=/home/bob|quota_rule=*:storage=1G
            C: LIST|3
            S: DONE|3|fail
            """);
    }
}
