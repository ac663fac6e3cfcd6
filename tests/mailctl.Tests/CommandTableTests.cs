namespace mailctl.Tests;

public sealed class CommandTableTests
{
    [Fact]
    public async Task Help_names_every_command()
    {
        var outcome = await Run.MailctlAsync("--help");
        Assert.Equal(0, outcome.Status);
        foreach (var name in new[] { "postconf", "check", "user", "certificate" })
            Assert.Contains(outcome.Lines, line => line.StartsWith($"  {name} "));
        Assert.Equal(64, (await Run.MailctlAsync()).Status);
    }

    [Fact]
    public async Task An_unknown_command_is_refused_with_a_suggestion()
    {
        var outcome = await Run.MailctlAsync("chekc");
        Assert.Equal((64, "mailctl: unknown command \"chekc\" (did you mean \"check\"?)\n"), (outcome.Status, outcome.Error));
    }

    [Fact]
    public async Task A_link_is_its_command()
    {
        var outcome = await Run.AsAsync("/usr/sbin/postconf", "", "-d", "mydomain");
        Assert.Equal((0, "mydomain = localdomain\n"), (outcome.Status, outcome.Output));
    }

    [Fact]
    public async Task The_self_test_passes() => Assert.Equal(0, (await Run.MailctlAsync("--self-test")).Status);
}
