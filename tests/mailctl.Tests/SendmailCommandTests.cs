using System.Net.Sockets;
using System.Text;
using CsCheck;
using MailControl;
using Sasl.Hosting.Configuration;
using Sasl.Hosting.Unix;
using Testing;

namespace MailControl.Tests;

public sealed class SendmailCommandTests
{
    /// <summary>Runs the command against a server that the script plays from the other side; what the command sent comes back.</summary>
    static async Task<(int Status, string Error, string Said)> RunAsync(string arguments, string message, string? refuse = null)
    {
        using var directory = new TemporaryDirectory();
        using var listener = UnixSockets.Listen(directory["sendmail"], 0x180);
        var serving = ServeAsync(listener, refuse);
        var error = new StringWriter();
        var context = new CommandContext("sendmail", TextWriter.Null, error, TextReader.Null, _ => null, () => new SystemInfo("host.example.org", []));
        var status = await SendmailCommand.RunAsync(context, [$"--socket={directory["sendmail"]}", .. arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries)], new MemoryStream(Encoding.UTF8.GetBytes(message)), default);
        listener.Close();
        return (status, error.ToString(), await serving);
    }

    static async Task<string> ServeAsync(Socket listener, string? refuse)
    {
        var said = new StringBuilder();
        try
        {
            using var stream = new NetworkStream(await listener.AcceptAsync(), ownsSocket: true);
            var (reader, inText) = (new StreamReader(stream), false);
            await stream.WriteAsync("220-two\r\n220 lines\r\n"u8.ToArray());
            while (await reader.ReadLineAsync() is { } line)
            {
                said.Append(line).Append('\n');
                if (inText && line != ".")
                    continue;
                inText = !inText && line == "DATA";
                var reply = refuse is not null && line.StartsWith(refuse.Split('=')[0], StringComparison.Ordinal) ? refuse.Split('=')[1] : inText ? "354 go" : "250 ok";
                await stream.WriteAsync(Encoding.ASCII.GetBytes(reply + "\r\n"));
            }
        }
        catch (Exception gone) when (gone is SocketException or IOException)
        {
            // The command did not come, or did not wait for the answer to QUIT.
        }
        return said.ToString();
    }

    [Fact]
    public async Task A_message_is_submitted_with_CRLF_and_doubled_dots()
    {
        var (status, error, said) = await RunAsync("-i -f s@example.org r@example.org", "From s@example.org Thu Jan  1 00:00:00 1970\nSubject: x\nDate: now\nFrom: s\nMessage-Id: <1@x>\n\n.hello\n.\nend");
        Assert.Equal((0, ""), (status, error));
        Assert.Equal("EHLO host.example.org\nMAIL FROM:<s@example.org>\nRCPT TO:<r@example.org>\nDATA\nSubject: x\nDate: now\nFrom: s\nMessage-Id: <1@x>\n\n..hello\n..\nend\n.\nQUIT\n", said);
    }

    [Fact]
    public async Task Without_i_a_dot_ends_the_message()
    {
        var (_, _, said) = await RunAsync("-f s r", "Subject: x\n\nbody\n.\nignored\n");
        Assert.EndsWith("\nbody\n.\nQUIT\n", said);
    }

    [Fact]
    public async Task Recipients_of_the_header_are_taken_and_Bcc_goes_no_further()
    {
        var (status, _, said) = await RunAsync("-ti -F Me -f s extra@x", "To: \"Last, First\" <a@x>,\n  b@x (comment, with comma)\nCc: Group: c@x, d@x;\nBcc: e@x\nSubject: y\n\n");
        Assert.Equal(0, status);
        Assert.Equal(["extra@x", "a@x", "b@x", "c@x", "d@x", "e@x"], said.Split('\n').Where(l => l.StartsWith("RCPT", StringComparison.Ordinal)).Select(l => l[9..^1]));
        Assert.DoesNotContain("Bcc", said);
        Assert.Contains("\nFrom: Me <s>\n", said);
    }

    [Fact]
    public async Task A_full_name_and_the_null_sender()
    {
        var (_, _, said) = await RunAsync("-F Me -f <> r", "\nx\n");
        Assert.Contains("MAIL FROM:<>\n", said);
        Assert.Contains("\nFrom: Me <MAILER-DAEMON>\n", said);
    }

    [Theory]
    [InlineData("", "x", 64)]
    [InlineData("-t", "Subject: nobody\n\n", 64)]
    [InlineData("-bs r", "x", 64)]
    [InlineData("-Z r", "x", 64)]
    [InlineData("-f s>\r\nDATA r", "x", 65)]
    public async Task A_bad_call_has_its_exit_status(string arguments, string message, int expected)
    {
        var (status, error, said) = await RunAsync(arguments, message);
        Assert.Equal((expected, ""), (status, said));
        Assert.NotEqual("", error);
    }

    [Theory]
    [InlineData("MAIL=451 4.3.0 later", 75)]
    [InlineData("RCPT=550 5.1.1 unknown", 69)]
    [InlineData("RCPT=553 5.1.3 bad", 65)]
    [InlineData(".=452 4.3.1 full", 75)]
    [InlineData(".=554 5.6.0 no", 65)]
    public async Task A_refusal_has_its_exit_status(string refuse, int expected) => Assert.Equal(expected, (await RunAsync("-i -f s r", "Subject: x\n\nx\n", refuse)).Status);

    [Fact]
    public async Task A_mail_system_that_is_down_is_a_temporary_failure()
    {
        var context = new CommandContext("sendmail", TextWriter.Null, TextWriter.Null, TextReader.Null, _ => null, () => new SystemInfo("h", []));
        Assert.Equal(75, await SendmailCommand.RunAsync(context, ["--socket=/nonexistent", "r"], new MemoryStream(), default));
    }

    [Fact]
    public void Options_that_old_programs_give_are_taken()
    {
        var options = SendmailOptions.TryParse(["-oi", "-oem", "-FName", "-f", "s", "-B", "8BITMIME", "-N", "never", "-bm", "-G", "-v", "--", "-r@x"], out _)!;
        Assert.Equal(("Name", "s", true), (options.FullName, options.Sender, options.IgnoreDots));
        Assert.Equal("NEVER", options.Notify);
        Assert.Equal(["-r@x"], options.Recipients);
    }

    [Fact]
    public void Letters_may_share_a_word_and_the_last_may_have_a_value()
    {
        var options = SendmailOptions.TryParse(["-tif", "s@x", "-vFMe", "r"], out _)!;
        Assert.Equal((true, true, "s@x", "Me"), (options.FromHeader, options.IgnoreDots, options.Sender, options.FullName));
        Assert.Equal(["r"], options.Recipients);
        Assert.Null(SendmailOptions.TryParse(["-f"], out var problem));
        Assert.Equal("-f needs a value", problem);
    }

    [Fact]
    public async Task What_is_asked_of_notifications_goes_into_the_envelope()
    {
        var (status, error, said) = await RunAsync("-i -N success,delay -R hdrs -V id1 -f s r", "From: s\n\nx\n");
        Assert.Equal((0, ""), (status, error));
        Assert.Contains("\nMAIL FROM:<s> RET=HDRS ENVID=id1\nRCPT TO:<r> NOTIFY=SUCCESS,DELAY\n", said);
        (status, error, said) = await RunAsync("-i -N sometimes -f s r", "From: s\n\nx\n");
        Assert.Equal((0, "sendmail: warning: bad -N option value \"sometimes\" -- ignored\n"), (status, error));
        Assert.Contains("\nRCPT TO:<r>\n", said);
    }

    [Fact]
    public void Any_list_of_addresses_parses() => Gen.String[Gen.Char["ab@<>\"\\(),;: \n"], 0, 30].Sample(text => AddressList.Parse(text).All(a => a.Length > 0), iter: 5000);
}
