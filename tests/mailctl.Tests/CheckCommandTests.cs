using Testing;

namespace mailctl.Tests;

public sealed class CheckCommandTests
{
    [Fact]
    public async Task Every_problem_is_printed_and_an_error_is_status_1()
    {
        using var directory = new TemporaryDirectory();
        File.WriteAllText(directory["main.cf"], "smtpd_helo_requierd = yes\nmyhostname = $mydomian\nbad\n");
        var outcome = await Run.MailctlAsync("check", "-c", directory.Path);
        Assert.Equal(1, outcome.Status);
        Assert.Equal(
            [
                $"{directory["main.cf"]}, line 1: unknown parameter: smtpd_helo_requierd (did you mean \"smtpd_helo_required\"?)",
                $"{directory["main.cf"]}, line 3: missing '=' after attribute name: \"bad\"",
                $"{directory["main.cf"]}, line 2: warning: myhostname: undefined parameter: $mydomian (did you mean \"mydomain\"?)",
                "2 errors, 1 warning",
            ], outcome.Lines);
    }

    [Fact]
    public async Task A_good_configuration_is_status_0()
    {
        using var directory = new TemporaryDirectory();
        File.WriteAllText(directory["main.cf"], "biff = yes\n");
        Assert.Equal((0, "no problem found\n"), await Run.MailctlAsync("check", "-c", directory.Path) is var o ? (o.Status, o.Output) : default);
        File.WriteAllText(directory["main.cf"], "biff = no\n");
        Assert.Equal(0, (await Run.MailctlAsync("check", "-c", directory.Path)).Status);
        Assert.Equal(64, (await Run.MailctlAsync("check", "-x")).Status);
    }
}
