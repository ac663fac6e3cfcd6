using CsCheck;
using Sasl.Hosting.Configuration;

namespace Sasl.Hosting.Tests.Configuration;

public sealed class DovecotDriverFileTests
{
    static IReadOnlyDictionary<string, string> Parse(string text, out string[] problems, string driver = "ldap")
    {
        var list = new List<Problem>();
        var values = DovecotDriverFile.Parse("dovecot-ldap.conf.ext", text, DovecotDatabaseConf.OfDriver(driver)!, list);
        problems = [.. list.Select(p => p.ToString())];
        return values;
    }

    [Fact]
    public void Lines_go_on_are_quoted_and_have_comments()
    {
        var values = Parse("# c\nbase = dc=x, \\\n   dc=y\ndnpass = \"a # \\\"b\\\" \"  # comment\nauth_bind=YES\ndn =\n", out var problems);
        Assert.Empty(problems);
        Assert.Equal(("dc=x, dc=y", "a # \"b\" ", "yes", ""), (values["base"], values["dnpass"], values["auth_bind"], values["dn"]));
    }

    [Theory]
    [InlineData("pass_filtr = x", "Unknown setting: pass_filtr (did you mean \"pass_filter\"?)")]
    [InlineData("auth_bind = on", "Error in setting auth_bind: Invalid boolean value: on (use yes or no) (did you mean \"yes\"?)")]
    [InlineData("scope = sub", "bad value: scope = sub (one of: subtree, onelevel, base)")]
    [InlineData("tls_cipher_suite = HIGH", "warning: tls_cipher_suite: not implemented in this version, ignored")]
    [InlineData("!include x", "neither includes nor sections can stand in this file")]
    [InlineData("ldap {", "neither includes nor sections can stand in this file")]
    [InlineData("dnpass: geheim", "Expecting '=' after \"dnpass\"")]
    [InlineData("dnpass geheim", "Expecting '=' after \"dnpass\"")]
    [InlineData("dnpass = ge#heim", "warning: '#' begins a comment; quote the value if it belongs to it")]
    public void Faults_have_their_line(string line, string message)
    {
        Parse($"uris = ldap://x\n\n{line}\n", out var problems);
        Assert.Equal($"dovecot-ldap.conf.ext, line 3: {message}", Assert.Single(problems));
    }

    [Fact]
    public void Values_come_back_from_quotes() => Gen.Char["ab \t#'\"\\="].Array[0, 12].Select(c => new string(c)).Sample(value =>
        Parse($"dnpass = \"{value.Replace("\\", "\\\\").Replace("\"", "\\\"")}\"\n", out var problems)["dnpass"] == value && problems.Length == 0);

    [Fact]
    public void Arbitrary_text_never_throws() => Gen.String.Sample(text => { Parse(text, out _); });

    [Fact]
    public void A_secret_is_in_no_problem() => Gen.Char["=#\"' {}!\\:"].Array[0, 4].Select(Gen.Char["=#\"' {}!\\:"].Array[0, 4], (a, b) => $"dnpass{new string(a)}geheim{new string(b)}").Sample(line =>
    {
        Parse($"{line}\n", out var problems);
        return !Array.Exists(problems, p => p.Contains("= geheim", StringComparison.Ordinal) || p.Contains(": geheim", StringComparison.Ordinal));
    });
}
