using CsCheck;
using Sasl.Hosting.Configuration;
using Testing;

namespace Sasl.Hosting.Tests.Configuration;

public sealed class DovecotFileTests
{
    static DovecotSection Parse(string text, out List<Problem> problems)
    {
        problems = [];
        return DovecotFile.Parse("/x/dovecot.conf", text, problems);
    }

    [Fact]
    public void Settings_comments_quotes_and_continuations()
    {
        var root = Parse("""
            # a comment
            protocols = imap pop3   # served
            login_greeting = "Hello # \"world\" "
            log_timestamp='%b %d '
            listen = 127.0.0.1, \
                     ::1
            ssl_cert = </etc/ssl/a.pem
            color = a#b
            empty =
            """, out var problems);
        Assert.Empty(problems);
        Assert.Equal("imap pop3", root.Value("protocols"));
        Assert.Equal("Hello # \"world\" ", root.Value("login_greeting"));
        Assert.Equal("%b %d ", root.Value("log_timestamp"));
        Assert.Equal("127.0.0.1, ::1", root.Value("listen"));
        Assert.Equal("a#b", root.Value("color"));
        Assert.Equal("", root.Value("empty"));
        Assert.True(root.Assignments.Single(a => a.Name == "ssl_cert") is { IsFile: true, Value: "/etc/ssl/a.pem", Line: 7 });
    }

    [Fact]
    public void Sections_within_sections()
    {
        var root = Parse("""
            service auth {
              unix_listener "/var/spool/postfix/private/auth" {
                mode = 0660
              }
              client_limit = 5
            }
            passdb {
              driver = pam
            }
            """, out var problems);
        Assert.Empty(problems);
        var listener = root.Sections("service").Single().Sections("unix_listener").Single();
        Assert.Equal(("/var/spool/postfix/private/auth", "0660", 2), (listener.Argument, listener.Value("mode"), listener.Line));
        Assert.Equal("pam", root.Sections("passdb").Single().Value("driver"));
    }

    [Fact]
    public void A_dollar_name_is_the_value_so_far()
    {
        var root = Parse("""
            mail_plugins = quota
            protocol imap {
              mail_plugins = $mail_plugins imap_quota
            }
            auth_mechanisms = $auth_mechanisms login
            password = a$b
            """, out var problems);
        Assert.Empty(problems);
        Assert.Equal("quota imap_quota", root.Sections("protocol").Single().Value("mail_plugins"));
        Assert.Equal("plain login", root.Value("auth_mechanisms"));
        Assert.Equal("a$b", root.Value("password"));
    }

    [Theory]
    [InlineData("a = 1\n}\n", "/x/dovecot.conf, line 2: Unexpected '}'")]
    [InlineData("\nservice auth {\n a = 1\n", "/x/dovecot.conf, line 2: Section service auth is missing '}'")]
    [InlineData("protocols imap\n", "/x/dovecot.conf, line 1: Expecting '=' or '{' after \"protocols\"")]
    [InlineData("service a { b = 1 }\n", "/x/dovecot.conf, line 1: what is in a section begins on a line of its own")]
    [InlineData("= 1\n", "/x/dovecot.conf, line 1: a name is missing")]
    [InlineData("a = \"b\n", "/x/dovecot.conf, line 1: a: a quote without its end")]
    [InlineData("!include\n", "/x/dovecot.conf, line 1: !include without a file")]
    [InlineData("!includes x\n", "/x/dovecot.conf, line 1: unknown directive !includes")]
    [InlineData("!include /nowhere/x.conf\n", "/x/dovecot.conf, line 1: Couldn't open include file /nowhere/x.conf: No such file or directory")]
    public void Faults_have_their_line(string text, string problem)
    {
        Parse(text, out var problems);
        Assert.Equal(problem, Assert.Single(problems).ToString());
    }

    [Fact]
    public void Includes_are_relative_to_their_file_and_sorted()
    {
        using var directory = new TemporaryDirectory();
        Directory.CreateDirectory(directory["conf.d"]);
        File.WriteAllText(directory["dovecot.conf"], "a = 0\n!include conf.d/*.conf\n!include_try nothing.conf\n!include_try *.none\nz = 1\n");
        File.WriteAllText(directory["conf.d/20-b.conf"], "a = 2\n");
        File.WriteAllText(directory["conf.d/10-a.conf"], "a = 1\n!include sub.inc\n");
        File.WriteAllText(directory["conf.d/sub.inc"], "inner = 1\n");
        File.WriteAllText(directory["conf.d/.hidden.conf"], "a = 9\n");
        File.WriteAllText(directory["conf.d/30-c.conf.bak"], "a = 9\n");
        var problems = new List<Problem>();
        var root = DovecotFile.Load(directory["dovecot.conf"], problems);
        Assert.Empty(problems);
        Assert.Equal(["a=0", "a=1", "inner=1", "a=2", "z=1"], root.Assignments.Select(a => $"{a.Name}={a.Value}"));
        Assert.Equal(directory["conf.d/20-b.conf"], root.Assignments.Last(a => a.Name == "a").File);
    }

    [Fact]
    public void A_file_that_includes_itself_is_reported()
    {
        using var directory = new TemporaryDirectory();
        File.WriteAllText(directory["dovecot.conf"], "!include a.conf\n");
        File.WriteAllText(directory["a.conf"], "\n!include dovecot.conf\n");
        var problems = new List<Problem>();
        DovecotFile.Load(directory["dovecot.conf"], problems);
        Assert.Equal($"{directory["a.conf"]}, line 2: Recursive include file: {directory["dovecot.conf"]}", Assert.Single(problems).ToString());
    }

    [Fact]
    public void Arbitrary_text_never_throws() =>
        Gen.String[Gen.Char["ab= {}\n\\\"'#<$!include*"], 0, 200].Sample(text => { Parse(text, out _); });

    [Fact]
    public void What_is_printed_is_read_back()
    {
        var name = Gen.String[Gen.Char['a', 'z'], 1, 8];
        var value = Gen.String[Gen.Char["xyz \"\\'#$<{}="], 0, 20];
        Gen.Select(name, value).List[0, 8].Sample(pairs =>
        {
            var text = string.Concat(pairs.Select(p => $"{p.Item1} = \"{p.Item2.Replace("\\", "\\\\").Replace("\"", "\\\"")}\"\n"));
            var root = Parse(text, out var problems);
            Assert.Empty(problems);
            Assert.Equal(pairs, root.Assignments.Select(a => (a.Name, a.Value)));
        });
    }
}
