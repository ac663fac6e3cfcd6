using CsCheck;
using MailServers.Smtp.Addresses;

namespace MailServers.Tests.Smtp.Addresses;

public class PathParserTests
{
    [Theory]
    [InlineData("<user@example.com>", "user", "example.com", "")]
    [InlineData(" <user@example.com> SIZE=5", "user", "example.com", " SIZE=5")]
    [InlineData("user@example.com BODY=7BIT", "user", "example.com", " BODY=7BIT")]
    [InlineData("user", "user", null, "")]
    [InlineData("<>", "", null, "")]
    [InlineData("<@a.test,@b.test:user@c.test>", "user", "c.test", "")]
    [InlineData("<\"quo ted\"@example.com>", "quo ted", "example.com", "")]
    [InlineData("<\"a\\\"b\\\\c\"@example.com>", "a\"b\\c", "example.com", "")]
    [InlineData("<\"a>b@c\"@example.com> X", "a>b@c", "example.com", " X")]
    [InlineData("<user@[192.0.2.1]>", "user", "[192.0.2.1]", "")]
    [InlineData("<user@[IPv6:2001:db8::1]>", "user", "[IPv6:2001:db8::1]", "")]
    [InlineData("<user@example.com.>", "user", "example.com", "")]
    [InlineData("<user%far@example.com>", "user%far", "example.com", "")]
    [InlineData("<a@b@example.com>", "a@b", "example.com", "")]
    [InlineData("<postmaster>", "postmaster", null, "")]
    public void Reads(string text, string local, string? domain, string rest)
    {
        Assert.Equal(PathProblem.None, PathParser.TryParse(text, out var address, out var after));
        Assert.Equal(new MailAddress(local, domain), address);
        Assert.Equal(rest, after.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("<")]
    [InlineData("<user@example.com")]
    [InlineData("<user@example.com>x")]
    [InlineData("<us er@example.com>")]
    [InlineData("<user@>")]
    [InlineData("<user@.>")]
    [InlineData("<user@-a.test>")]
    [InlineData("<user@a-.test>")]
    [InlineData("<@example.com>")]
    [InlineData("<@a.test:>")]
    [InlineData("<\"open@example.com>")]
    [InlineData("<user@exa mple.com>")]
    [InlineData("<user@-..com>")]
    [InlineData("<user@[192.0.2.1>")]
    [InlineData("<user@[]>")]
    [InlineData("<user@ex/ample>")]
    [InlineData("<us<er@example.com>")]
    [InlineData("<user\\>")]
    [InlineData("<user\u0007@example.com>")]
    public void Refuses(string text) => Assert.Equal(PathProblem.Syntax, PathParser.TryParse(text, out _, out _));

    [Fact]
    public void Refuses_what_is_not_ascii() => Assert.Equal(PathProblem.NotAscii, PathParser.TryParse("<jürgen@example.com>", out _, out _));

    [Fact]
    public void What_it_reads_it_reads_again_from_its_wire_form() =>
        Gen.Select(Gen.Char[' ', '~'].Array[1, 20], Gen.Char["abc0-"].Array[1, 10]).Sample((local, domain) =>
        {
            var address = new MailAddress(new string(local), $"x{new string(domain)}z.test");
            return PathParser.TryParse($"<{address}>", out var again, out var rest) == PathProblem.None && again == address && rest.IsEmpty;
        });

    [Fact]
    public void No_text_makes_it_throw_or_yield_a_control_character() =>
        Gen.String.Sample(text =>
        {
            var problem = PathParser.TryParse(text, out var address, out _);
            return problem != PathProblem.None || !address.ToString().Any(c => c is < ' ' or > '~');
        });

    [Fact]
    public void Hostile_alphabets_do_not_either() =>
        Gen.Char["<>@\"\\%!,:;[]. \tab\r\n"].Array[0, 30].Sample(text =>
        {
            var problem = PathParser.TryParse(new string(text), out var address, out _);
            return problem != PathProblem.None || address.IsNull
                || (PathParser.TryParse($"<{address}>", out var again, out _) == PathProblem.None && again == address);
        });
}
