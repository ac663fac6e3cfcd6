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
    [InlineData("pwcheck_method: authdaemond", "password verifier authdaemond: not implemented in this version")]
    public void Faults_have_their_line(string line, string message)
    {
        Parse($"\n{line}\n", out var problems);
        Assert.Equal($"sasl2/smtpd.conf, line 2: {message}", Assert.Single(problems).ToString());
    }

    [Fact]
    public void Arbitrary_text_never_throws() => Gen.String.Sample(text => { Parse(text, out _); });
}
