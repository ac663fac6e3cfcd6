using CsCheck;

namespace Sasl.Protocols.Tests;

public sealed class TabLineTests
{
    // Dovecot's table, one by one.
    [Theory]
    [InlineData("\0", "\u00010")]
    [InlineData("\u0001", "\u00011")]
    [InlineData("\t", "\u0001t")]
    [InlineData("\r", "\u0001r")]
    [InlineData("\n", "\u0001n")]
    [InlineData("a=b c", "a=b c")]
    public void Escapes(string field, string escaped)
    {
        Assert.Equal(escaped, TabLine.Escape(field));
        Assert.Equal(field, TabLine.Unescape(escaped));
    }

    [Theory]
    [InlineData("\u0001x", "x")]
    [InlineData("a\u0001", "a")]
    [InlineData("\u0001\u00011", "\u00011")]
    [InlineData("\u0001", "")]
    public void What_nobody_should_write_is_read_as_dovecot_reads_it(string escaped, string field) => Assert.Equal(field, TabLine.Unescape(escaped));

    [Fact]
    public void Any_fields_survive_the_line_and_never_break_it() =>
        Gen.OneOf(Gen.String, Gen.String[Gen.Char["\0\x1\t\r\nt0ü"], 0, 10]).Array[1, 8].Sample(fields =>
        {
            var line = TabLine.Join(fields);
            Assert.Equal(-1, line.AsSpan().IndexOfAny("\0\r\n"));
            Assert.Equal(fields.Length - 1, line.Count(c => c == '\t'));
            Assert.Equal(fields, TabLine.Split(line));
        });

    [Fact]
    public void Any_text_can_be_unescaped() => Gen.String.Sample(text => Assert.NotNull(TabLine.Split(text)));

    [Theory]
    [InlineData("user", "")]
    [InlineData("use", null)]
    [InlineData("home", "/h=x")]
    [InlineData("gid", null)]
    public void Values(string name, string? value) => Assert.Equal(value, TabLine.Value(["user", "home=/h=x", "home=/other", "gidx=1"], name));
}
