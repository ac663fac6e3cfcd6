using CsCheck;
using Sasl.Hosting.Configuration;

namespace Sasl.Hosting.Tests.Configuration;

public sealed class MasterFileTests
{
    static IReadOnlyList<MasterService> Parse(string text, out List<Problem> problems)
    {
        problems = [];
        return MasterFile.Parse("master.cf", text, problems);
    }

    [Fact]
    public void Inet_services_with_their_overrides()
    {
        var services = Parse("""
            # service type private unpriv chroot wakeup maxproc command
            smtp      inet  n - y - - smtpd
            submission inet n - n - 20 smtpd -v
              -o syslog_name=postfix/submission
              -osmtpd_tls_security_level=encrypt
            # a comment in between
              -o { smtpd_recipient_restrictions = permit_sasl_authenticated, reject }
            [::1]:10025 inet n - n - - smtpd
            127.0.0.1:smtps inet n - n - - smtpd -o smtpd_tls_wrappermode=yes
            pickup    unix  n - y 60 1 pickup
            cleanup   unix  n - y - 0 cleanup
            maildrop  unix  - n n - - pipe flags=DRXhu user=vmail argv=/usr/bin/maildrop -d ${recipient}
            """, out var problems);
        Assert.Empty(problems);
        Assert.Equal([25, 587, 10025, 465], services.Select(s => s.Port));
        Assert.Equal([null, null, "::1", "127.0.0.1"], services.Select(s => s.Host));
        Assert.Equal(20, services[1].ProcessLimit);
        Assert.Equal(3, services[1].Line);
        Assert.Equal(
            [
                new("syslog_name", "postfix/submission"), new("smtpd_tls_security_level", "encrypt"),
                new("smtpd_recipient_restrictions", "permit_sasl_authenticated, reject"),
            ], services[1].Overrides);
        var main = MainCf.Create(new Dictionary<string, string>(), MainCfTests.System);
        Assert.True(services[3].IsWrapper(main));
        Assert.False(services[0].IsWrapper(main));
        Assert.Equal("encrypt", services[1].SettingsFor(main).Text(MainCf.SmtpdTlsSecurityLevel));
    }

    [Theory]
    [InlineData("smtp inet n - n - smtpd", "bad master.cf entry: 7 of 8 fields (service type private unpriv chroot wakeup maxproc command)")]
    [InlineData("smtp inte n - n - - smtpd", "bad transport type: inte (did you mean \"inet\"?)")]
    [InlineData("smtp inet x - n - - smtpd", "field \"private\": bad value: \"x\" (y, n or -)")]
    [InlineData("smtp inet n - n z - smtpd", "field \"wake_up\": bad value: \"z\"")]
    [InlineData("smtp inet n - n - many smtpd", "field \"max_proc\": bad value: \"many\"")]
    [InlineData("submision inet n - n - - smtpd", "unknown service name or port: submision (did you mean \"submission\"?)")]
    [InlineData("70000 inet n - n - - smtpd", "unknown service name or port: 70000")]
    [InlineData("smtp inet n - n - - smtpd -o nothing", "service \"smtp\": -o: missing '=' after attribute name: \"nothing\"")]
    [InlineData("smtp inet n - n - - smtpd -o", "service \"smtp\": -o: missing '=' after attribute name: \"\"")]
    [InlineData("smtp inet n - n - - smtpd --x", "service \"smtp\": unknown argument \"--x\"")]
    public void Faults_have_their_line(string line, string message)
    {
        Parse($"# first\n\n{line}\n", out var problems);
        Assert.Equal($"master.cf, line 3: {message}", Assert.Single(problems).ToString());
    }

    [Fact]
    public void Another_network_service_and_a_duplicate_are_warnings()
    {
        var services = Parse("smtp inet n - y - 1 postscreen\nsmtp inet n - y - - smtpd\n", out var problems);
        Assert.Single(services);
        Assert.Equal(
            [
                "master.cf, line 1: warning: service \"smtp\": postscreen is not implemented in this version; the service is not started",
                "master.cf, line 2: warning: duplicate master.cf entry for service \"smtp\" (inet)",
            ], problems.Select(p => p.ToString()));
    }

    [Fact]
    public void Arbitrary_text_never_throws() =>
        Gen.String[Gen.Char["smtp inet-n:[]{}o= \n#dy0"], 0, 200].Sample(text => { Parse(text, out _); });
}
