using CsCheck;
using Sasl.Hosting.Configuration;

namespace Sasl.Hosting.Tests.Configuration;

public sealed class PostfixFileTests
{
    static (Dictionary<string, string> Values, List<Problem> Problems) Parse(string text)
    {
        var problems = new List<Problem>();
        var values = new Dictionary<string, string>();
        foreach (var entry in PostfixFile.Parse("main.cf", text, problems))
            values[entry.Name] = entry.Value;
        return (values, problems);
    }

    [Fact]
    public void Blanks_around_the_sign_and_at_the_end_are_dropped()
    {
        var (values, problems) = Parse("a=1\nb =  2 \t\r\nc\t=\nd = x=y # not a comment\n");
        Assert.Equal(("1", "2", "", "x=y # not a comment"), (values["a"], values["b"], values["c"], values["d"]));
        Assert.Empty(problems);
    }

    [Fact]
    public void A_line_that_begins_with_a_blank_continues_the_one_before_even_across_comments_and_empty_lines()
    {
        var (values, problems) = Parse("""
            mynetworks = 127.0.0.0/8,
            # a comment
              # another

                [::1]/128
            next = 1
            """);
        Assert.Equal(["127.0.0.0/8", "[::1]/128"], SettingValue.SplitList(values["mynetworks"]));
        Assert.Equal("1", values["next"]);
        Assert.Empty(problems);
    }

    [Fact]
    public void A_continuation_without_a_beginning_is_skipped_with_a_warning()
    {
        var (values, problems) = Parse("\n   a = 1\nb = 2");
        Assert.Equal(["b"], values.Keys);
        Assert.Equal("main.cf, line 2: warning: logical line must not start with whitespace", Assert.Single(problems).ToString());
    }

    [Fact]
    public void Missing_signs_and_names_are_errors_with_their_lines()
    {
        var (_, problems) = Parse("good = 1\nbad line\n= 3\nbad name = 4\n");
        Assert.Equal(
            [
                "main.cf, line 2: missing '=' after attribute name: \"bad line\"",
                "main.cf, line 3: missing attribute name: \"= 3\"",
                "main.cf, line 4: missing '=' after attribute name: \"bad name = 4\"",
            ], problems.Select(p => p.ToString()));
    }

    [Fact]
    public void The_last_duplicate_counts_and_a_different_value_is_reported()
    {
        var (values, problems) = Parse("a = 1\na = 1\nb = 1\nb = 2\n");
        Assert.Equal(("1", "2"), (values["a"], values["b"]));
        Assert.Equal("main.cf, line 4: warning: overriding earlier entry: b=1", Assert.Single(problems).ToString());
    }

    [Fact]
    public void Text_after_a_NUL_is_reported()
    {
        var (values, problems) = Parse("a = 1\0 2\n");
        Assert.Equal("1", values["a"]);
        Assert.Equal("main.cf, line 1: warning: text after null byte may be ignored", Assert.Single(problems).ToString());
    }

    [Fact]
    public void Arbitrary_text_never_throws() => Gen.String[Gen.Char["ab=# \t\n\r\0{}$-ö"], 0, 200].Sample(text => { Parse(text); });

    [Fact]
    public void What_is_printed_is_read_back()
    {
        var name = Gen.String[Gen.Char['a', 'z'], 1, 8];
        var value = Gen.String[Gen.Char["xyz ,=#$[]"], 0, 20].Select(v => v.Trim());
        Gen.Select(name, value).List[0, 8].Sample(pairs =>
        {
            var written = string.Concat(pairs.Select(p => $"{p.Item1} = {p.Item2}\n"));
            var expected = new Dictionary<string, string>();
            foreach (var (n, v) in pairs)
                expected[n] = v;
            Assert.Equal(expected, Parse(written).Values);
        });
    }
}
