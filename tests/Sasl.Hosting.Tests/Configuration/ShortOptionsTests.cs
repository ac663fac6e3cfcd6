using Sasl.Hosting.Configuration;

namespace Sasl.Hosting.Tests.Configuration;

public sealed class ShortOptionsTests
{
    [Theory]
    [InlineData("-a shadow -d", "a=shadow d")]
    [InlineData("-dashadow -n 3", "d a=shadow n=3")]
    [InlineData("-a -d", "a=-d")]
    [InlineData("-d -- -a x", "d | -a x")]
    [InlineData("-d x -a y", "d | x -a y")]
    [InlineData("-d -", "d | -")]
    [InlineData("-dx -a y", "d ! invalid option -- 'x'")]
    [InlineData("-d -:", "d ! invalid option -- ':'")]
    [InlineData("-d -a", "d ! option requires an argument -- 'a'")]
    [InlineData("", "")]
    public void It_reads_as_getopt_does(string line, string expected)
    {
        var read = ShortOptions.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries), "a:dn:");
        var text = string.Join(' ', read.Options.Select(o => o.Argument is null ? $"{o.Letter}" : $"{o.Letter}={o.Argument}"));
        text += read.Operands.Count > 0 ? " | " + string.Join(' ', read.Operands) : "";
        Assert.Equal(expected, text + (read.Problem is null ? "" : " ! " + read.Problem));
    }

    [Theory]
    [InlineData("5", 5)]
    [InlineData("-1", -1)]
    [InlineData(" +7", 7)]
    [InlineData("5abc", 5)]
    [InlineData("abc", 0)]
    [InlineData("", 0)]
    [InlineData("-", 0)]
    public void Numbers_are_read_as_atoi_reads_them(string text, int number) => Assert.Equal(number, new ShortOption('n', text).Number);
}
