using CsCheck;
using Sasl.Hosting.Configuration;

namespace Sasl.Hosting.Tests.Configuration;

public sealed class SaslauthdFileTests
{
    static Settings Parse(string text, out List<Problem> problems)
    {
        problems = [];
        return SaslauthdFile.Parse("saslauthd.conf", text, problems);
    }

    [Theory]
    [InlineData("1", true)]
    [InlineData("Yes", true)]
    [InlineData("on", true)]
    [InlineData("t", true)]
    [InlineData("0", false)]
    [InlineData("off", false)]
    public void Cyrus_words_for_yes_and_no(string word, bool expected)
    {
        Assert.Equal(expected, Parse($"Log_Success: {word}\n", out var problems).Boolean(SaslauthdConf.LogSuccess));
        Assert.Empty(problems);
    }

    [Fact]
    public void Trailing_blanks_are_no_part_of_a_value_and_comments_are_none()
    {
        var settings = Parse("# comment\n\nworker_user:   mail  \t\r\n", out var problems);
        Assert.Empty(problems);
        Assert.Equal("mail", settings.Text(SaslauthdConf.WorkerUser));
    }

    [Theory]
    [InlineData("worker_usr: x", "unknown key worker_usr (did you mean \"worker_user\"?)")]
    [InlineData("worker_user", "no ':' in \"worker_user\" (key: value)")]
    [InlineData("worker_user:", "worker_user does not have a value")]
    [InlineData("request_timeout: 0", "invalid request_timeout parameter value 0 < 1 (did you mean \"1\"?)")]
    [InlineData("log_facility: kern", "bad value: log_facility = kern (one of: auth, authpriv, mail, daemon, local0, local1, local2, local3, local4, local5, local6, local7)")]
    [InlineData("log_success: enabled?", "Error in setting log_success: Invalid boolean value: enabled? (use yes or no)")]
    public void Each_mistake_has_its_line(string line, string message)
    {
        Parse($"\n{line}\n", out var problems);
        Assert.Equal($"saslauthd.conf, line 2: {message}", Assert.Single(problems).ToString());
    }

    [Fact]
    public void All_mistakes_are_told_at_once_and_the_good_lines_count()
    {
        var settings = Parse("a: 1\nworker_user: mail\nb: 2\nworker_user: mail\nworker_user: other\n", out var problems);
        Assert.Equal([1, 3, 4, 5], problems.Select(p => p.Line));
        Assert.Equal([false, false, true, false], problems.Select(p => p.IsWarning));
        Assert.Equal("mail", settings.Text(SaslauthdConf.WorkerUser));
    }

    [Fact]
    public void A_name_that_stands_for_many_has_a_value_for_each_word()
    {
        var settings = Parse("krb5_imap_instance: mail\nKrb5_SMTP_instance: send\nkrb5_conv_krb4_instance: yes\n", out var problems);
        Assert.Empty(problems);
        Assert.Equal("mail", settings.Text(SaslauthdConf.Krb5ServiceInstance.Of("imap")));
        Assert.Equal("send", settings.Text(SaslauthdConf.Krb5ServiceInstance.Of("smtp")));
        Assert.Equal("", settings.Text(SaslauthdConf.Krb5ServiceInstance.Of("pop")));
        Assert.True(settings.Boolean(SaslauthdConf.Krb5ConvKrb4Instance));
        Assert.Equal("mail", Settings.Deserialize(SaslauthdConf.Table, settings.Serialize()).Text(SaslauthdConf.Krb5ServiceInstance.Of("imap")));
    }

    [Theory]
    [InlineData("krb5_imap_instance: a/b", "krb5_imap_instance: \"a/b\" cannot be a part of a principal's name")]
    [InlineData("krb5_<service>_instance: mail", "unknown key krb5_<service>_instance")]
    [InlineData("krb5__instance: mail", "unknown key krb5__instance")]
    [InlineData("krb5_im ap_instance: mail", "unknown key krb5_im ap_instance")]
    [InlineData("krb5_imap_instances: mail", "unknown key krb5_imap_instances")]
    public void A_mistake_in_such_a_name_has_its_line(string line, string message)
    {
        Parse($"{line}\nkrb5_pop_instance: x\nkrb5_pop_instance: y\n", out var problems);
        Assert.StartsWith($"saslauthd.conf, line 1: {message}", problems[0].ToString());
        Assert.Equal("saslauthd.conf, line 3: krb5_pop_instance is set already; the first one counts", problems[1].ToString());
    }

    [Fact]
    public void Arbitrary_text_never_throws() => Gen.String.Sample(text => { Parse(text, out _); });
}
