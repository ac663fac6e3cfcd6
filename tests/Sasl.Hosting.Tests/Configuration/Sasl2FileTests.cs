using CsCheck;
using Sasl.Hosting.Configuration;

namespace Sasl.Hosting.Tests.Configuration;

public sealed class Sasl2FileTests
{
    static Sasl2File Parse(string text, out List<Problem> problems)
    {
        problems = [];
        return Sasl2File.Parse("sasl2/smtpd.conf", text, problems);
    }

    [Fact]
    public void The_walkthroughs_file()
    {
        var file = Parse("# SMTP\npwcheck_method: saslauthd\nMech_List: PLAIN LOGIN\nlog_level: 3\nsaslauthd_path: /var/run/saslauthd/mux\n", out var problems);
        Assert.Empty(problems);
        Assert.Equal("smtpd", file.Name);
        Assert.Equal(["saslauthd"], file.PwcheckMethod);
        Assert.Equal(["PLAIN", "LOGIN"], file.MechList);
        Assert.Equal(3, file.LogLevel);
        Assert.Equal("/var/run/saslauthd/mux", file.SaslauthdPath);
    }

    [Fact]
    public void The_first_of_duplicates_counts()
    {
        Assert.Equal(2, Parse("log_level: 2\nlog_level: 5\n", out var problems).LogLevel);
        Assert.True(Assert.Single(problems) is { Line: 2, IsWarning: true });
    }

    [Theory]
    [InlineData("pwcheck_method = saslauthd", "no ':' in \"pwcheck_method = saslauthd\" (key: value) (did you mean \"pwcheck_method : saslauthd\"?)")]
    [InlineData("mech_list:", "option \"mech_list\" has no value")]
    [InlineData("mech_lst: PLAIN", "unknown option: mech_lst (did you mean \"mech_list\"?)")]
    [InlineData("pwcheck_method: saslauth", "unknown password verifier saslauth (did you mean \"saslauthd\"?)")]
    [InlineData("pwcheck_method: {}", "unknown password verifier {}")]
    [InlineData("pwcheck_method: authdaemond", "password verifier authdaemond: not implemented in this version (auxprop and saslauthd are)")]
    [InlineData("scram_iteration_counter: 1000", "invalid scram_iteration_counter parameter value 1000 < 4096 (did you mean \"4096\"?)")]
    [InlineData("scram_iteration_counter: many", "Error in setting scram_iteration_counter: Invalid number many")]
    [InlineData("auto_transition: always", "bad value: auto_transition = always (one of: no, noplain, yes)")]
    [InlineData("sql_usessl: enabled", "Error in setting sql_usessl: Invalid boolean value: enabled (use yes or no) (did you mean \"yes\"?)")]
    [InlineData("canon_user_plugin: ldapdb", "bad value: canon_user_plugin = ldapdb (one of: INTERNAL)")]
    [InlineData("ntlm_server: x", "warning: ntlm_server: not implemented in this version, ignored")]
    [InlineData("sql_passwd = geheim", "no ':' in \"sql_passwd\" (key: value) (did you mean \"sql_passwd\"?)")]
    public void Faults_have_their_line(string line, string message)
    {
        Parse($"\n{line}\n", out var problems);
        Assert.Equal($"sasl2/smtpd.conf, line 2: {message}", Assert.Single(problems).ToString());
    }

    [Theory]
    [InlineData("1")]
    [InlineData("On")]
    [InlineData("T")]
    public void Switches_are_read_as_cyrus_reads_them(string value) => Assert.Equal("yes", Parse($"sql_usessl: {value}", out _).Text("sql_usessl"));

    [Fact]
    public void Arbitrary_text_never_throws() => Gen.String.Sample(text => { Parse(text, out _); });
}
