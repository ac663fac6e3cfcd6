using CsCheck;
using Sasl.Hosting.Configuration;

namespace Sasl.Hosting.Tests.Configuration;

public sealed class MainCfExpansionTests
{
    static readonly Dictionary<string, string> _values = new()
    {
        ["myhostname"] = "mail.$mydomain", ["mydomain"] = "example.com", ["empty"] = "", ["loop"] = "x$loop", ["a1"] = "$a2", ["a2"] = "$a1", ["level"] = "3.6",
    };

    static string Expand(string raw)
    {
        Assert.True(MainCfExpansion.TryExpand(_values.GetValueOrDefault, raw, out var value, out var error), error);
        return value;
    }

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("$myhostname", "mail.example.com")]
    [InlineData("${myhostname}, localhost.$(mydomain)", "mail.example.com, localhost.example.com")]
    [InlineData("$nothing.", ".")]
    [InlineData("$$mydomain", "$mydomain")]
    [InlineData("${mydomain?yes}${empty?no}${nothing?no}", "yes")]
    [InlineData("${mydomain:no}${empty:unset}${nothing:{none}}", "unsetnone")]
    [InlineData("${mydomain?{yes}:{no}} ${empty?{yes}:{no}} ${empty?{yes}:no}", "yes no no")]
    [InlineData("${mydomain?a:b}", "a:b")] // The historic rule: unbraced text may hold ':'.
    [InlineData("${mydomain?{$mydomain}}", "example.com")]
    [InlineData("${empty?{x}:{${mydomain?{inner $mydomain}}}}", "inner example.com")]
    [InlineData("${{$mydomain} == {example.com} ? {same} : {other}}", "same")]
    [InlineData("${{$mydomain} != {example.com} ? {same} : {other}}", "other")]
    [InlineData("${{10} < {9} ? {bytes} : {numbers}}", "numbers")]
    [InlineData("${{b} >= {a}}", "true")]
    [InlineData("${{b} < {a}}", "")]
    [InlineData("${{$level} <level {3.11} ? {old} : {new}}", "old")]
    [InlineData("${{3.11} <level {3.6} ? {old} : {new}}", "new")]
    [InlineData("${{1} <=level {1} ? {le}}", "le")]
    [InlineData("${stress?{10}:{300}}s", "300s")]
    public void Forms(string raw, string expected) => Assert.Equal(expected, Expand(raw));

    [Theory]
    [InlineData("${x")]
    [InlineData("$(x")]
    [InlineData("a$")]
    [InlineData("$-")]
    [InlineData("${}")]
    [InlineData("${x!y}")]
    [InlineData("${{a} ~ {b} ? {c} : {d}}")]
    [InlineData("${{a} == }")]
    [InlineData("${{a} == {b} x}")]
    [InlineData("$loop")]
    [InlineData("$a1")]
    public void Faults_are_said(string raw)
    {
        Assert.False(MainCfExpansion.TryExpand(_values.GetValueOrDefault, raw, out _, out var error));
        Assert.False(string.IsNullOrEmpty(error));
    }

    [Fact]
    public void A_definition_that_refers_to_itself_is_named_so()
    {
        MainCfExpansion.TryExpand(_values.GetValueOrDefault, "$a1", out _, out var error);
        Assert.Contains("100 levels", error);
    }

    [Fact]
    public void Values_that_double_with_each_line_end_soon()
    {
        string? Double(string name) => int.Parse(name[1..]) is var n and < 60 ? $"$x{n + 1}$x{n + 1}" : "";
        Assert.False(MainCfExpansion.TryExpand(Double, "$x0", out _, out var error));
        Assert.Contains("look-ups", error);
    }

    [Fact]
    public void References_are_those_of_every_branch() =>
        Assert.Equal(["a", "b", "c", "d"], MainCfExpansion.References("$a ${b?{$c}:{$d}} $$e").Order());

    [Fact]
    public void Arbitrary_text_never_throws() =>
        Gen.String[Gen.Char["ab$${}(){?:=<> loop"], 0, 60].Sample(text => { MainCfExpansion.TryExpand(_values.GetValueOrDefault, text, out _, out _); });

    [Fact]
    public void Text_without_a_dollar_sign_stays_as_it_is() =>
        Gen.String[Gen.Char['\0', '#'], 0, 40].Sample(text => Assert.Equal(text, Expand(text)));
}
