using CsCheck;
using Sasl.Hosting.Configuration;
using Sasl.Protocols.DovecotAuth;

namespace Sasl.Protocols.Tests.DovecotAuth;

public sealed class AuthServerSettingsTests
{
    [Fact]
    public void Any_values_survive_the_text()
    {
        var database = Gen.Select(Gen.String[Gen.Char['a', 'z'], 1, 5], Gen.String[0, 10], Gen.Dictionary(Gen.String[Gen.Char['a', 'z'], 1, 3], Gen.String[0, 10])[0, 3],
            (d, a, s) => new AuthDatabase(d, a) { Settings = s });
        Gen.Select(database.Array[0, 3], database.Array[0, 3], Gen.String[0, 10], Gen.Int[0, 100_000]).Sample((passdbs, userdbs, chars, delay) =>
        {
            var settings = new AuthServerSettings { Passdbs = passdbs, Userdbs = userdbs }
                .With(DovecotConf.AuthUsernameChars, chars).With(DovecotConf.AuthFailureDelay, $"{delay} secs").With(DovecotConf.AuthVerbose, "yes");
            var back = AuthServerSettings.Parse(settings.ToText());
            Assert.Equal(settings.ToText(), back.ToText());
            Assert.Equal(passdbs.Select(Text), back.Passdbs.Select(Text));
            Assert.Equal(userdbs.Select(Text), back.Userdbs.Select(Text));
            Assert.Equal((chars, TimeSpan.FromSeconds(delay), true), (back.Values.Text(DovecotConf.AuthUsernameChars), back.Values.Time(DovecotConf.AuthFailureDelay), back.IsVerbose));
        });

        static string Text(AuthDatabase d) => $"{d.Driver} {d.Arguments} {string.Join(' ', d.Settings.OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => $"{s.Key}={s.Value}"))}";
    }

    [Fact]
    public void Lines_of_a_newer_supervisor_are_ignored() =>
        Assert.Equal(new AuthServerSettings().ToText(), AuthServerSettings.Parse("auth_future=yes\nset\tauth_future\nnonsense\n").ToText());

    [Fact]
    public void From_a_dovecot_conf()
    {
        var problems = new List<Problem>();
        var settings = AuthServerSettings.From(DovecotCheck.Run(DovecotFile.Parse("dovecot.conf", """
            protocols =
            ssl = no
            auth_mechanisms = plain login
            auth_failure_delay = 3 secs
            auth_default_realm = example.org
            auth_verbose = yes
            passdb {
              driver = shadow
            }
            passdb {
              driver = sasldb
              args = /etc/sasl2/secrets.db
            }
            userdb {
              driver = static
              args = uid=vmail gid=vmail home=/var/vmail/%u
            }
            """, problems), problems));
        Assert.DoesNotContain(problems, p => !p.IsWarning);
        Assert.Equal(["plain", "login"], settings.Mechanisms);
        Assert.Equal([new AuthDatabase("shadow", ""), new("sasldb", "/etc/sasl2/secrets.db")], settings.Passdbs);
        Assert.Equal([new AuthDatabase("static", "uid=vmail gid=vmail home=/var/vmail/%u")], settings.Userdbs);
        Assert.Equal((TimeSpan.FromSeconds(3), "example.org", true, "%Lu"), (settings.Values.Time(DovecotConf.AuthFailureDelay), settings.Values.Text(DovecotConf.AuthDefaultRealm), settings.IsVerbose, settings.Values.Text(DovecotConf.AuthUsernameFormat)));
    }
}
