using Sasl.Credentials.Tests.Saslauthd;
using Testing;

namespace Sasl.Credentials.Tests.Ldap;

/// <summary>"saslauthd -a ldap -O FILE" as it is built, with its worker, against OpenLDAP.</summary>
public sealed class LdapDaemonTests : IDisposable
{
    readonly TemporaryDirectory _directory = new();

    async Task<RunningDaemon> StartAsync(string configuration)
    {
        await File.WriteAllTextAsync(_directory["saslauthd.conf"], configuration);
        File.SetUnixFileMode(_directory["saslauthd.conf"], UnixFileMode.UserRead);
        return await RunningDaemon.StartAsync(_directory["run"], "-a", "ldap", "-O", _directory["saslauthd.conf"]);
    }

    [RequiresFact(program: Slapd.Program)]
    public async Task It_answers_many_at_once_and_logs_the_reason()
    {
        await using var slapd = await Slapd.StartAsync();
        // Only root may read the authority's file: the worker is given its contents.
        File.SetUnixFileMode(slapd.Authority, UnixFileMode.UserRead);
        await using var daemon = await StartAsync(LdapHouse.Conf(slapd.Url, $"ldap_start_tls: yes\nldap_tls_cacert_file: {slapd.Authority}"));
        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => daemon.AskAsync("alice", i % 2 == 0 ? "geheim" : "falsch")));
        Assert.All(answers.Where((_, i) => i % 2 == 0), answer => Assert.StartsWith("OK", answer));
        Assert.All(answers.Where((_, i) => i % 2 == 1), answer => Assert.StartsWith("NO", answer));
        await Eventually.TrueAsync(() => daemon.Lines.Any(l => l.EndsWith("auth failure: [user=alice] [service=smtp] [realm=] [mech=ldap] [reason=Invalid password]")),
            "the reason is in the log", log: () => string.Join('\n', daemon.Lines));
        Assert.DoesNotContain(daemon.Lines, l => l.Contains("geheim") || l.Contains("falsch") || l.Contains(Slapd.LookupPassword));
    }

    [RequiresTheory(program: Slapd.Program)]
    [InlineData("ldap_auth_method: fastbind", "ldap_filter: with fastbind it is the DN to bind as")]
    [InlineData("ldap_tls_cacert_file: /etc/hostname", "no certificate of an authority")]
    [InlineData("ldap_scope: deep", "line 1")]
    public async Task A_configuration_that_cannot_work_does_not_start(string configuration, string problem)
    {
        await using var daemon = await StartAsync(configuration);
        await Eventually.TrueAsync(() => daemon.HasExited, "it ends", log: () => string.Join('\n', daemon.Lines));
        await Eventually.TrueAsync(() => daemon.Lines.Any(l => l.Contains(problem)), "it says why", log: () => string.Join('\n', daemon.Lines));
    }

    public void Dispose() => _directory.Dispose();
}
