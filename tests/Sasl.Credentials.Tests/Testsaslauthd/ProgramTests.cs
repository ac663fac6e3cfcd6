using Sasl.Hosting.Unix;
using Testing;

namespace Sasl.Credentials.Tests.Testsaslauthd;

public sealed class ProgramTests : IDisposable
{
    readonly TemporaryDirectory _directory = new();

    [Fact]
    public async Task No_socket_is_said_on_standard_error()
    {
        Assert.Equal(new(255, "0: ", "connect() : No such file or directory\n"), await RunAsync("-u", "bob", "-p", "x", "-f", _directory["mux"]));
        UnixSockets.Listen(_directory["mux"], 0x1FF).Dispose();
        Assert.Equal(new(255, "0: 1: ", "connect() : Connection refused\nconnect() : Connection refused\n"),
            await RunAsync("-u", "bob", "-p", "x", "-R", "2", "-f", _directory["mux"]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("-p x")]
    [InlineData("-u bob -p x -Z")]
    [InlineData("-u")]
    public async Task A_wrong_command_line_is_usage_and_1(string line)
    {
        var done = await RunAsync(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal((1, ""), (done.ExitCode, done.Output));
        Assert.StartsWith("testsaslauthd: usage: testsaslauthd -u username", done.Error);
    }

    [Theory]
    [InlineData("\0\u0002OK", 0, "0: OK \"Success.\"\n", "")]
    [InlineData("\0\u0004NO x", 255, "0: NO \"authentication failed\"\n", "")]
    [InlineData("\0\u0001O", 255, "0: ", "bad response from saslauthd\n")]
    [InlineData("", 255, "0: ", "size read failed\n")]
    [InlineData("\0\u0004NO", 255, "0: ", "read failed\n")]
    public async Task What_a_daemon_may_answer(string reply, int exitCode, string output, string error)
    {
        using var listener = UnixSockets.Listen(_directory["mux"], 0x1FF);
        var running = RunAsync("-u", "bob", "-p", "x", "-f", _directory["mux"]);
        using (var socket = await listener.AcceptAsync())
        {
            await socket.ReceiveAsync(new byte[2000]);
            await socket.SendAsync(System.Text.Encoding.Latin1.GetBytes(reply));
        }
        Assert.Equal(new(exitCode, output, error), await running);
    }

    [Fact]
    public async Task Without_p_the_password_is_read_from_standard_input_and_the_defaults_are_imap_and_no_realm()
    {
        using var listener = UnixSockets.Listen(_directory["mux"], 0x1FF);
        var running = Command.RunAsync(Command.Ours("testsaslauthd"), ["-u", "bob", "-f", _directory["mux"]], "geheim\n");
        using (var socket = await listener.AcceptAsync())
        {
            var buffer = new byte[2000];
            var count = await socket.ReceiveAsync(buffer);
            Assert.Equal("\0\u0003bob\0\u0006geheim\0\u0004imap\0\0\0\0"u8, buffer.AsSpan(0, count));
            await socket.SendAsync("\0\u0002OK"u8.ToArray());
        }
        Assert.Equal(0, (await running).ExitCode);
    }

    static Task<Command> RunAsync(params string[] arguments) => Command.OursAsync("testsaslauthd", arguments);

    public void Dispose() => _directory.Dispose();
}
