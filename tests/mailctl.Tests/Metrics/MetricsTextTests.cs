using System.Text.RegularExpressions;
using CsCheck;
using MailControl.Metrics;

namespace mailctl.Tests.Metrics;

public sealed partial class MetricsTextTests
{
    const string Heads = "# HELP mail_a_total A.\n# TYPE mail_a_total counter\n";

    [GeneratedRegex("^[a-z_0-9]+\\{process=\"[^\"]*\"(,[a-z_0-9]+=\"([^\"\\\\]|\\\\.)*\")*\\} -?[0-9]+$")]
    private static partial Regex Sample();

    static string Merge(params (string Process, string? Text)[] texts)
    {
        var merged = new MetricsText();
        foreach (var (process, text) in texts)
            merged.Add(process, text);
        return merged.ToString();
    }

    [Fact]
    public void One_metric_of_two_processes_stands_together()
    {
        Assert.Equal("""
            # HELP mail_a_total A.
            # TYPE mail_a_total counter
            mail_a_total{process="queue"} 3
            mail_a_total{process="smtpd-smtp",outcome="ok"} 4
            # HELP mail_process_up Whether the process told its metrics.
            # TYPE mail_process_up gauge
            mail_process_up{process="queue"} 1
            mail_process_up{process="smtpd-smtp"} 1
            mail_process_up{process="gone"} 0

            """, Merge(("queue", Heads + "mail_a_total 3\n"), ("smtpd-smtp", Heads + "mail_a_total{outcome=\"ok\"} 4\n"), ("gone", null)));
    }

    [Theory]
    [InlineData("mail_a_total{process=\"root\"} 1")]
    [InlineData("mail_a_total{outcome=\"ok\",process=\"root\"} 1")]
    [InlineData("mail_a_total{outcome=\"ok\" 1")]
    [InlineData("mail_a_total{outcome=\"o\"k\"} 1")]
    [InlineData("mail_a_total{outcome=\"ok\\\"} 1")]
    [InlineData("mail_a_total{outcome=ok} 1")]
    [InlineData("mail_a_total{} 1")]
    [InlineData("mail_a_total one")]
    [InlineData("mail_a_total 1 2")]
    [InlineData("mail_a_total\x1b[0m 1")]
    [InlineData("mail_process_up 1")]
    [InlineData("never_declared 1")]
    [InlineData("# EOF")]
    public void A_line_that_is_none_of_ours_is_left_out(string line)
    {
        var text = Merge(("evil", Heads + line + "\n"));
        Assert.Equal("mail_process_up{process=\"evil\"} 1", Assert.Single(text.Split('\n'), l => l.Length > 0 && l[0] != '#'));
    }

    [Fact]
    public void Whatever_a_process_says_every_line_of_the_result_is_one_of_ours()
    {
        var piece = Gen.OneOf(new[] { "{", "}", "\"", "\\", ",", "=", " ", "\n", "1", "process", "mail_a_total", "outcome", "ok", "# HELP mail_b B\n", "# TYPE mail_b gauge\n", "mail_b", "\x01", "é" }.Select(p => Gen.Const(p)).ToArray());
        var labels = piece.Array[0, 12].Select(p => $"mail_a_total{{{string.Concat(p)}}} 1\n");
        Gen.OneOf(piece, labels).Array[0, 30].Select(string.Concat).Sample(text =>
        {
            foreach (var line in Merge(("p", Heads + text)).Split('\n').Where(l => l.Length > 0 && l[0] != '#'))
                Assert.Matches(Sample(), line);
        }, iter: 20_000);
    }
}
