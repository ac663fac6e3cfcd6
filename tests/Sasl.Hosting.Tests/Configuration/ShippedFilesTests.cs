using Sasl.Hosting.Configuration;

namespace Sasl.Hosting.Tests.Configuration;

/// <summary>The files under conf/ are what an administrator starts from.</summary>
public sealed class ShippedFilesTests
{
    static readonly string _conf = Path.Combine(Root(), "conf");

    public static string Root()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory!.FullName, "Sasl.sln")))
            directory = directory.Parent;
        return directory.FullName;
    }

    [Fact]
    public void They_load_without_a_problem()
    {
        var (configuration, problems) = MailConfiguration.Load(_conf, MainCfTests.System);
        Assert.Empty(problems);
        Assert.Equal([25], configuration.Services.Select(s => s.Port));
        Assert.Equal("shadow", Assert.Single(configuration.Dovecot.Passdbs).Driver);
        Assert.Equal(["saslauthd"], configuration.Sasl2["smtpd"].PwcheckMethod);
    }

    [Theory]
    [InlineData("main.cf")]
    [InlineData("master.cf")]
    [InlineData("conf.d/10-auth.conf")]
    [InlineData("conf.d/10-mail.conf")]
    public void What_is_commented_out_is_right_as_well(string name)
    {
        var text = string.Join('\n', File.ReadAllLines(Path.Combine(_conf, name)).Select(l => IsCode(l) ? l[1..] : l));
        var problems = new List<Problem>();
        if (name == "main.cf")
            Assert.All(PostfixFile.Parse(name, text, problems), e => Assert.NotNull(MainCf.Table.Find(e.Name)));
        else if (name == "master.cf")
            Assert.Equal([25, 587, 465], MasterFile.Parse(name, text, problems).Select(s => s.Port));
        else
            DovecotCheck.Run(DovecotFile.Parse(name, $"{text}\nssl = no\n", problems), problems);
        Assert.DoesNotContain(problems, p => !p.IsWarning);
    }

    /// <summary>"#x = 1" and "#  -o x=1" are settings that are off, "# Text" is a comment.</summary>
    static bool IsCode(string line) => line is ['#', not ' ', ..] or ['#', ' ', ' ', ..];
}
