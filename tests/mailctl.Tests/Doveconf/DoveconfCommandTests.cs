using Testing;

namespace mailctl.Tests.Doveconf;

public sealed class DoveconfCommandTests : IDisposable
{
    readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    async Task<Outcome> DoveconfAsync(string text, params string[] arguments)
    {
        File.WriteAllText(_directory["dovecot.conf"], text);
        return await Run.AsAsync("doveconf", "", ["-c", _directory["dovecot.conf"], .. arguments]);
    }

    [Fact]
    public async Task Secrets_are_not_shown()
    {
        var outcome = await DoveconfAsync("""
            ssl = no
            ssl_key_password = geheim1
            sql_driver = pgsql
            ldap_auth_dn_password = geheim2
            ldap_uris = ldap://x
            pgsql localhost {
              parameters {
                user = mail
                password = geheim3
              }
            }
            passdb {
              driver = static
              args = password=geheim4 nologin=y
            }
            passdb ldap {
              ldap_auth_dn_password = geheim5
            }
            passdb masters {
              driver = static
              password = geheim6
            }
            oauth2 {
              introspection_url = https://client:geheim7@example.org/
            }

            """, "-n");
        Assert.DoesNotContain("geheim", outcome.Output + outcome.Error);
        Assert.Contains("ldap_auth_dn_password = # hidden", outcome.Lines);
        Assert.Contains("  args = password=… nologin=y", outcome.Lines);
        Assert.Contains("sql_driver = pgsql", outcome.Lines);
    }

    [Fact]
    public async Task What_is_wrong_is_told_and_the_rest_is_shown()
    {
        var outcome = await DoveconfAsync("ssl = no\nauth_mechanism = plain\nauth_verbose = yes\n", "-n");
        Assert.Equal((1, $"doveconf: Error: {_directory["dovecot.conf"]}, line 2: Unknown setting: auth_mechanism (did you mean \"auth_mechanisms\"?)\n"), (outcome.Status, outcome.Error));
        Assert.Contains("auth_verbose = yes", outcome.Lines);
    }

    [Fact]
    public async Task A_name_that_nobody_knows_has_a_suggestion()
    {
        var outcome = await DoveconfAsync("ssl = no\n", "auth_cache_sise");
        Assert.Equal((1, "", "doveconf: Error: Unknown setting: auth_cache_sise (did you mean \"auth_cache_size\"?)\n"), (outcome.Status, outcome.Output, outcome.Error));
    }

    [Fact]
    public async Task Everything_has_a_value_with_a()
    {
        var outcome = await DoveconfAsync("ssl = no\npassdb pam {\n}\n", "-a");
        Assert.Contains("auth_cache_ttl = 1 hours", outcome.Lines);
        Assert.Contains("passdb pam {", outcome.Lines);
        Assert.Contains("  result_success = return-ok", outcome.Lines);
        Assert.Contains("  unix_listener /run/dovecot/auth-client {", outcome.Lines);
    }

    [Theory]
    [InlineData("-P", "-P: secrets are never shown")]
    [InlineData("-q", "invalid option -- 'q'")]
    public async Task Other_options_are_refused(string option, string message) =>
        Assert.StartsWith($"doveconf: Fatal: {message}", (await DoveconfAsync("ssl = no\n", option)).Error);

    [Fact]
    public async Task A_file_that_is_not_there() =>
        Assert.Equal((1, "doveconf: Fatal: /nonexistent: No such file or directory\n"), await Run.AsAsync("doveconf", "", "-c", "/nonexistent") is var outcome ? (outcome.Status, outcome.Error) : default);
}
