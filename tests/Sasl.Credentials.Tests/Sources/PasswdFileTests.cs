using CsCheck;
using Sasl.Credentials.Sources;
using Sasl.Hosting.Configuration;

namespace Sasl.Credentials.Tests.Sources;

public sealed class PasswdFileTests
{
    readonly List<Problem> _problems = [];

    [Fact]
    public void Htpasswd_and_dovecot_lines_in_one_file()
    {
        var file = Parse("""
            # comment
              # another

            apache:$apr1$abcdefgh$bw9gEObk10asetVLiysIZ0
            bcrypt:$2y$05$abcdefghijklmnopqrstuuK3c2wxVnzfEsEBtlZHLoITOwEVJ2c3W
            des:ab01FAX.bQRSU
            plain:{PLAIN}geheim
            dovecot@Example.COM:{SHA512-CRYPT}$6$salt$hash:1000:1000:Eve, of Eden:/home/eve:/bin/false:userdb_mail=maildir:~/Mail userdb_quota=1
            """);
        Assert.Empty(_problems);
        Assert.Equal(5, file.Count);
        Assert.Equal("$apr1$abcdefgh$bw9gEObk10asetVLiysIZ0", file.Find("apache", "")?.User.Secret);
        Assert.Equal("{PLAIN}geheim", file.Find("plain", "")?.User.Secret);
        Assert.Equal("{SHA512-CRYPT}$6$salt$hash", file.Find("dovecot", "EXAMPLE.com")?.User.Secret);
    }

    [Theory]
    [InlineData("justaname", "no ':' in the line (user:password)")]
    [InlineData(":$1$x$y", "no user name, or one with blanks")]
    [InlineData("two words:$1$x$y", "no user name, or one with blanks")]
    [InlineData(" bob:$1$x$y", "no user name, or one with blanks")]
    [InlineData("bob:topsecret", "user bob: a password without a scheme ({PLAIN} in front of it, if that is what is meant)")]
    [InlineData("bob:{ROT13}gbcfrperg", "user bob: unknown password scheme {ROT13}")]
    [InlineData("bob:{PLAIN", "user bob: no '}' behind the password scheme")]
    [InlineData("bob:$9$topsecret", "user bob: unknown kind of hash ($…$)")]
    [InlineData("bob:{PLAIN}x::::::proxy=y", "user bob: extra field proxy: not implemented")]
    [InlineData("bob:{PLAIN}x::::::allow_nets=local", "user bob: allow_nets: \"local\" is not a network")]
    [InlineData("b\0b:{PLAIN}x", "a control character, or not UTF-8")]
    [InlineData("b\uFFFDb:{PLAIN}x", "a control character, or not UTF-8")]
    public void A_bad_line_is_reported_with_its_number_and_nothing_of_it_counts(string line, string complaint)
    {
        var file = Parse($"# first\n{line}\neve:{{PLAIN}}geheim\n");
        Assert.Equal([new("users", 2, complaint)], _problems);
        Assert.Equal(1, file.Count);
        Assert.NotNull(file.Find("eve", ""));
        Assert.DoesNotContain("topsecret", _problems[0].ToString());
    }

    [Fact]
    public void Of_two_lines_for_one_user_the_first_counts_and_the_second_is_reported()
    {
        var file = Parse("bob@a.example:{PLAIN}eins\nbob@A.EXAMPLE:{PLAIN}zwei\n");
        Assert.Equal("{PLAIN}eins", file.Find("bob@a.example", "")?.User.Secret);
        Assert.Equal("users, line 2: user bob@A.EXAMPLE is there already; the first one counts", Assert.Single(_problems).ToString());
    }

    [Theory]
    [InlineData("bob", "", "bob")]
    [InlineData("bob", "a.example", "bob@a.example")]
    [InlineData("bob@A.example", "", "bob@A.example")]
    [InlineData("bob@a.example", "A.EXAMPLE", "bob@a.example")]
    [InlineData("bob", "b.example", "bob")]
    [InlineData("bob@b.example", "", "bob@b.example")]
    [InlineData("eve", "", null)]
    [InlineData("eve", "b.example", "eve@b.example")]
    [InlineData("eve", "a.example", null)]
    [InlineData("eve@a.example", "a.example", null)]
    [InlineData("Bob", "", null)]
    [InlineData("@a.example", "", null)]
    public void The_most_specific_name_comes_first(string login, string realm, string? expected)
    {
        var file = Parse("bob:{PLAIN}x\nbob@a.example:{PLAIN}y\neve@b.example:{PLAIN}z\n");
        // "bob@b.example" is found as plain bob.
        Assert.Equal(expected == "bob@b.example" ? "bob" : expected, file.Find(login, realm)?.Name);
    }

    [Fact]
    public void What_is_written_reads_back_the_same() =>
        Gen.Select(Gen.String[Gen.Char.AlphaNumeric, 1, 20], Gen.String[Gen.Char[' ', '~'].Where(c => c is not ':'), 1, 30])
            .Array[0, 20].Sample(users =>
            {
                var problems = new List<Problem>();
                var distinct = users.DistinctBy(u => u.Item1).ToArray();
                var file = PasswdFile.Parse("users", string.Concat(distinct.Select(u => $"{u.Item1}:{{PLAIN}}{u.Item2}\n")), problems);
                return problems.Count == 0 && file.Count == distinct.Length && distinct.All(u => file.Find(u.Item1, "")?.User.Secret == "{PLAIN}" + u.Item2);
            });

    [Fact]
    public void Any_text_at_all_gives_users_or_problems_and_no_exception() =>
        Gen.String.Sample(text =>
        {
            var problems = new List<Problem>();
            var file = PasswdFile.Parse("users", text, problems);
            return file.Count + problems.Count <= text.Split('\n').Length;
        });

    [Fact]
    public void A_hundred_thousand_users_are_found_as_fast_as_one()
    {
        var file = Parse(string.Concat(Enumerable.Range(0, 100_000).Select(i => $"user{i}@example.com:$apr1$abcdefgh$bw9gEObk10asetVLiysIZ0\n")));
        Assert.Equal(100_000, file.Count);
        var watch = System.Diagnostics.Stopwatch.StartNew();
        for (var i = 0; i < 100_000; i++)
            Assert.NotNull(file.Find($"user{i}", "example.com"));
        Assert.True(watch.ElapsedMilliseconds < 5000, $"{watch.ElapsedMilliseconds} ms");
    }

    PasswdFile Parse(string text) => PasswdFile.Parse("users", text, _problems);
}
