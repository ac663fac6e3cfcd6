using System.Net.Sockets;
using System.Text;
using MailControl;
using Sasl.Hosting.Configuration;
using Sasl.Hosting.Daemon;
using Sasl.Hosting.Unix;
using Testing;

namespace MailControl.Tests;

public sealed class SendmailAttackTests
{
    [Theory]
    [InlineData("a@b\r\nRCPT TO:<evil@example.net>", "To: x@y\n\nz")]
    [InlineData("-f|a@b\nDATA|r@example.org", "Subject: x\n\nz")]
    [InlineData("-f|a@b> SIZE=1|r@example.org", "Subject: x\n\nz")]
    [InlineData("-t", "To: \"a\n RCPT TO:<evil@example.net>\"@b\n\nz")]
    [InlineData("-t", "To: <a\n MAIL FROM:<root@example.org>@b>\n\nz")]
    [InlineData("a\0b@c", "Subject: x\n\nz")]
    public async Task Envelope_injection_by_a_local_user_never_reaches_the_mail_system(string arguments, string message)
    {
        using var directory = new TemporaryDirectory();
        using var listener = UnixSockets.Listen(directory["sendmail"], 0x180);
        var error = new StringWriter();
        var context = new CommandContext("sendmail", TextWriter.Null, error, TextReader.Null, _ => null, () => new SystemInfo("host.example.org", []));
        var status = await SendmailCommand.RunAsync(context, [$"--socket={directory["sendmail"]}", .. arguments.Split('|')], new MemoryStream(Encoding.UTF8.GetBytes(message)), default);
        Assert.Equal(ExitCode.DataError, status);
        Assert.Contains("bad address", error.ToString());
        // Refused before anything was said: nobody has connected.
        Assert.False(listener.Poll(0, SelectMode.SelectRead));
    }

    [Fact]
    public async Task Mbox_injection_From_lines_in_front_of_a_message_are_no_part_of_it()
    {
        var input = new SendmailInput(new MemoryStream(Encoding.UTF8.GetBytes("From evil  Mon\n>From evil\nSubject: x\n\ny\n")), ignoreDots: true);
        var header = (await input.ReadHeaderAsync(default))!.Write("a", null);
        Assert.StartsWith("Subject: x\r\n", header);
    }
}
