using CsCheck;
using MailStore.Structure;

namespace MailStore.Tests.Structure;

public class AddressReaderTests
{
    static string Read(string text) => string.Join(" | ", AddressReader.Read(text).Select(a =>
        a switch { { Mailbox: null } => ";", { Host: null } => a.Mailbox + ":", _ => $"{a.Name ?? "-"} {a.Route ?? "-"} {a.Mailbox} {a.Host}" }));

    [Theory]
    [InlineData("a@b", "- - a b")]
    [InlineData("Fred Foo <f.foo@example.com>", "Fred Foo - f.foo example.com")]
    [InlineData("\"Foo, \\\"F\\\"\" <f@e>", "Foo, \"F\" - f e")]
    [InlineData("f@e (Fred)", "Fred - f e")]
    [InlineData("Fred (the (very) best) Foo <f@e>", "Fred Foo - f e")]
    [InlineData("=?utf-8?Q?J=C3=B6rg?= =?utf-8?Q?_X?= <j@x>", "=?utf-8?Q?J=C3=B6rg?= =?utf-8?Q?_X?= - j x")]
    [InlineData("<@a,@b:c@d>", "- @a,@b c d")]
    [InlineData("team: a@b, C <c@d>; e@f", "team: | - - a b | C - c d | ; | - - e f")]
    [InlineData("undisclosed-recipients:;", "undisclosed-recipients: | ;")]
    [InlineData("g: a@b", "g: | - - a b | ;")]
    [InlineData("\"john doe\"@x", "- - john doe x")]
    [InlineData("a@[127.0.0.1], b", "- - a [127.0.0.1] | - - b MISSING_DOMAIN")]
    [InlineData("MAILER-DAEMON <>", "MAILER-DAEMON - MISSING_MAILBOX MISSING_DOMAIN")]
    [InlineData("<>", "")]
    [InlineData(",, ,a@b,", "- - a b")]
    [InlineData("a . b @ c . d", "- - a.b c.d")]
    [InlineData("a b c", "a b c - MISSING_MAILBOX MISSING_DOMAIN")]
    [InlineData("A B a@b.c", "A B a - MISSING_MAILBOX MISSING_DOMAIN")]
    [InlineData("a@b.c d@e.f, g@h", "- - a b.c | - - g h")]
    [InlineData("x <a@b> \"y, z\" w, c@d", "x - a b | - - c d")]
    [InlineData("Dr. X <x@y>", "Dr. X - x y")]
    public void An_address_list(string text, string expected) => Assert.Equal(expected, Read(text));

    [Fact]
    public void Any_text_is_read_to_its_end_and_groups_are_closed() =>
        Gen.OneOf(Gen.Char["<>@,;:\"()[]\\ ab."].Array[0, 60].Select(c => new string(c)), Gen.String).Sample(text =>
        {
            var all = AddressReader.Read(text);
            var open = 0;
            foreach (var address in all)
            {
                if (address.Host is null)
                    open += address.Mailbox is null ? -1 : 1;
                Assert.InRange(open, 0, 1);
            }
            Assert.Equal(0, open);
        }, iter: 20_000);
}
