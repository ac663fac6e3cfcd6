using Sasl.Hosting.Configuration;
using Saslauthd.Defaults;

namespace Sasl.Credentials.Tests.Saslauthd.Defaults;

public sealed class DefaultsFileTests
{
    readonly List<Problem> _problems = [];

    /// <summary>As Debian ships it, with the line that its administrator adds.</summary>
    const string Debian = """
        DESC="SASL Authentication Daemon"
        NAME="saslauthd"
        MECHANISMS="shadow"
        MECH_OPTIONS=""
        THREADS=5
        # Example for chroot Postfix users: "-c -m /var/spool/postfix/var/run/saslauthd"
        OPTIONS="-c -m /var/run/saslauthd"
        START=yes
        """;

    [Theory]
    [InlineData("MECH=shadow\nSOCKETDIR=/run/saslauthd\nFLAGS=\n", "-a shadow -m /run/saslauthd")]
    [InlineData("SOCKETDIR=/run/saslauthd\nMECH=sasldb\nFLAGS=\"-r -O /etc/secrets.db -n 0\"\n", "-m /run/saslauthd -a sasldb -r -O /etc/secrets.db -n 0")]
    [InlineData("SASLAUTHD_AUTHMECH=shadow\nSASLAUTHD_THREADS=3\nSASLAUTHD_PARAMS=\"-r\"\n", "-a shadow -n 3 -r")]
    [InlineData("SASLAUTHD_OPTS=\"${SASLAUTHD_OPTS} -a shadow -c\"\n", "-a shadow -c")]
    [InlineData("START=yes\nMECHANISMS=sasldb\nMECH_OPTIONS=/etc/secrets.db\nPWDIR=/run/x\nPARAMS=\"-m ${PWDIR} -r\"\nPIDFILE=\"${PWDIR}/saslauthd.pid\"\n",
        "-a sasldb -O /etc/secrets.db -m /run/x -m /run/x -r")]
    [InlineData(Debian, "-a shadow -n 5 -c -m /var/run/saslauthd")]
    public void Files_of_every_family(string text, string options)
    {
        var read = DefaultsFile.Parse("file", text, _problems);
        Assert.Empty(_problems);
        Assert.True(read.IsEnabled);
        Assert.Equal(options, string.Join(' ', read.Arguments));
    }

    [Theory]
    [InlineData("START=yes", "")]
    [InlineData("START=yes", "START=no")]
    [InlineData("START=yes", "START=\"YES\"")]
    public void Without_START_yes_Debians_service_is_not_started(string old, string @new)
    {
        Assert.False(DefaultsFile.Parse("file", Debian.Replace(old, @new), _problems).IsEnabled);
        Assert.Empty(_problems);
    }

    [Theory]
    [InlineData("\"-c -m /var/run/saslauthd\"", "\"-d -m /run/x\"", "file, line 7: OPTIONS: the debug option (-d) is not for a service")]
    [InlineData("\"-c -m /var/run/saslauthd\"", "\"-cd -m /run/x\"", "file, line 7: OPTIONS: the debug option (-d) is not for a service")]
    [InlineData("\"-c -m /var/run/saslauthd\"", "\"-c\"", "file, line 7: OPTIONS: no run directory (-m) (did you mean \"-c -m /var/run/saslauthd\"?)")]
    [InlineData("\"-c -m /var/run/saslauthd\"", "\"-c -m\"", "file, line 7: OPTIONS: saslauthd: option requires an argument -- 'm'", "OPTIONS: no run directory")]
    [InlineData("\"-c -m /var/run/saslauthd\"", "\"-m /run/x -Q\"", "file, line 7: OPTIONS: saslauthd: invalid option -- 'Q'", "OPTIONS: no run directory")]
    [InlineData("\"-c -m /var/run/saslauthd\"", "\"-m run\"", "file, line 7: OPTIONS: -m requires an absolute pathname", "OPTIONS: no run directory")]
    [InlineData("\"-c -m /var/run/saslauthd\"", "\"-m /run/x -c /run/y\"", "file, line 7: OPTIONS: \"/run/y\" is no option", "OPTIONS: no run directory")]
    [InlineData("MECHANISMS=\"shadow\"", "MECHANISMS=\"shadow sasldb\"", "file, line 3: MECHANISMS: several mechanisms have commas between them: \"shadow sasldb\" (did you mean \"shadow,sasldb\"?)")]
    [InlineData("MECHANISMS=\"shadow\"", "MECHANISMS=\"shadwo\"", "file, line 3: MECHANISMS: unknown authentication mechanism: shadwo")]
    [InlineData("MECHANISMS=\"shadow\"", "MECHANISMS=", "file: no mechanism: MECHANISMS is not set")]
    [InlineData("THREADS=5", "THREADS=many", "file, line 5: THREADS: not a number: \"many\"")]
    [InlineData("THREADS=5", "THREADS=`nproc`", "file, line 5: THREADS: commands are not run here")]
    [InlineData("THREADS=5", "MECH=shadow", "file, line 5: MECH is a variable of Red Hat's, the others here are Debian's")]
    public void What_Debians_script_refuses_and_what_makes_no_sense_is_told_with_its_line(string old, string @new, string problem, string? besides = null)
    {
        DefaultsFile.Parse("file", Debian.Replace(old, @new), _problems);
        Assert.Equal(problem, Assert.Single(_problems, p => besides is null || !p.Message.StartsWith(besides, StringComparison.Ordinal)).ToString());
        Assert.False(_problems[0].IsWarning);
    }

    [Fact]
    public void Every_problem_is_told_at_once()
    {
        DefaultsFile.Parse("file", Debian.Replace("\"shadow\"", "shadwo").Replace("=5", "=x").Replace("-c -m", "-d -s 0 -m"), _problems);
        Assert.Equal([3, 5, 7, 7], _problems.Select(p => p.Line).Order());
    }

    [Fact]
    public void Without_OPTIONS_Debians_default_counts_and_is_told()
    {
        var read = DefaultsFile.Parse("file", "START=yes\nMECHANISMS=shadow\nMECHANISM=x\n", _problems);
        Assert.Equal("-a shadow -c -m /var/run/saslauthd", string.Join(' ', read.Arguments));
        Assert.Equal(["file, line 3: warning: MECHANISM means nothing to saslauthd (did you mean \"MECHANISMS\"?)", "file: warning: OPTIONS is not set: -c -m /var/run/saslauthd"],
            _problems.Select(p => p.ToString()));
    }

    [Fact]
    public void A_file_about_something_else_is_a_problem()
    {
        DefaultsFile.Parse("file", "LANG=C\n", _problems);
        Assert.Contains("no variable that says how to start saslauthd", Assert.Single(_problems).Message);
    }
}
