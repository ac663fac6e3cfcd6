using CsCheck;
using Sasl.Hosting.Logging;

namespace Sasl.Hosting.Tests.Logging;

public sealed class DaemonLogTests
{
    [Theory]
    [InlineData("user\r\nSep  1 12:00:00 host sshd[1]: Accepted", "user??Sep  1 12:00:00 host sshd[1]: Accepted")]
    [InlineData("a\u001b[2Jb\u009b2Jc", "a?[2Jb?2Jc")]
    [InlineData("a\u0085b\u2028c\u2029d", "a?b?c?d")]
    [InlineData("x\u202etxt.exe\u2066", "x?txt.exe?")]
    [InlineData("nul\0tab\tdel\u007f", "nul?tab?del?")]
    [InlineData("m\u00fcller \u20ac", "m\u00fcller \u20ac")]
    public void Log_injection_no_character_ends_a_line_or_moves_a_terminal(string text, string line) => Assert.Equal(line, DaemonLog.Printable(text));

    [Fact]
    public void Any_text_is_one_line_of_bounded_length() =>
        Gen.String.Sample(text => DaemonLog.Printable(text) is { Length: <= 4096 } line && !line.Any(char.IsControl));
}
