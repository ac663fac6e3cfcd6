using CsCheck;
using Sasl.Hosting.Configuration;

namespace Sasl.Hosting.Tests.Configuration;

public sealed class ShellVariablesTests
{
    static Dictionary<string, string> Parse(string text, out List<Problem> problems)
    {
        problems = [];
        return ShellVariables.Parse("saslauthd", text, problems).ToDictionary(v => v.Key, v => v.Value.Value);
    }

    [Fact]
    public void Files_of_both_families()
    {
        var variables = Parse("""
            # Red Hat
            SOCKETDIR=/var/run/saslauthd
            MECH=shadow
            FLAGS=
            # Debian
            export START=yes
            MECHANISMS="pam"   # one only
            OPTIONS="-c -m $SOCKETDIR"
            DESC='a $literal "text"'
            MIXED="a"b'c'\ d"\$x${MECH}"
            """, out var problems);
        Assert.Empty(problems);
        Assert.Equal("/var/run/saslauthd", variables["SOCKETDIR"]);
        Assert.Equal(("shadow", "", "yes", "pam"), (variables["MECH"], variables["FLAGS"], variables["START"], variables["MECHANISMS"]));
        Assert.Equal("-c -m /var/run/saslauthd", variables["OPTIONS"]);
        Assert.Equal("a $literal \"text\"", variables["DESC"]);
        Assert.Equal("abc d$xshadow", variables["MIXED"]);
    }

    [Fact]
    public void A_variable_knows_the_line_that_set_it_last() =>
        Assert.Equal(new ShellVariable("2", 3), ShellVariables.Parse("saslauthd", "A=1\n# c\nA=2\n", [])["A"]);

    [Theory]
    [InlineData("MECH = pam", "not NAME=value: \"MECH = pam\" (did you mean \"MECH=pam\"?)")]
    [InlineData("if [ -f x ]; then", "not NAME=value: \"if [ -f x ]; then\"")]
    [InlineData("X=$(id)", "X: commands are not run here")]
    [InlineData("X=`id`", "X: commands are not run here")]
    [InlineData("X=\"`id`\"", "X: commands are not run here")]
    [InlineData("X=a; rm -rf /", "X: commands are not run here")]
    [InlineData("X=-c -m /run", "X: words after the value: \"-m /run\"; put the value in quotes")]
    [InlineData("X=\"open", "X: \" without its end")]
    public void Nothing_is_run_and_faults_have_their_line(string line, string message)
    {
        Parse($"A=1\n{line}\n", out var problems);
        Assert.Equal($"saslauthd, line 2: {message}", Assert.Single(problems).ToString());
    }

    [Fact]
    public void Arbitrary_text_never_throws() => Gen.String[Gen.Char["AB=\"'\\$`(){} \n#;"], 0, 80].Sample(text => { Parse(text, out _); });
}
