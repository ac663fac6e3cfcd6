using System.Net.Sockets;
using Sasl.Hosting.Unix;
using Sasl.Protocols.Saslauthd;
using Testing;

namespace Sasl.Protocols.Tests.Saslauthd;

public sealed class SaslauthdClientTests : IDisposable
{
    readonly TemporaryDirectory _directory = new();

    [Theory]
    [InlineData("\0\u0002OK", SaslauthdStage.Replied, true, "")]
    [InlineData("\0\u0006NO bad", SaslauthdStage.Replied, false, "bad")]
    [InlineData("\0\u0001O", SaslauthdStage.BadResponse, false, "bad response from saslauthd")]
    [InlineData("\0", SaslauthdStage.SizeRead, false, "connection closed without a reply")]
    [InlineData("\0\u0003OK", SaslauthdStage.Read, false, "connection closed within the reply")]
    public async Task What_the_daemon_says_is_the_answer(string reply, SaslauthdStage stage, bool ok, string text)
    {
        var answer = await AskAsync(async socket =>
        {
            await ReadRequestAsync(socket);
            await socket.SendAsync(System.Text.Encoding.Latin1.GetBytes(reply));
        });
        Assert.Equal(new(stage, ok, text), answer);
    }

    [Fact]
    public async Task A_reply_byte_by_byte_is_the_same_reply()
    {
        var answer = await AskAsync(async socket =>
        {
            foreach (var b in ReplyCodec.Encode("NO Account expired"))
                await socket.SendAsync(new[] { b });
        });
        Assert.Equal(new(SaslauthdStage.Replied, false, "Account expired"), answer);
    }

    [Fact]
    public async Task No_socket_is_said_in_the_words_of_the_system()
    {
        var missing = await new SaslauthdClient(_directory["mux"]).AskAsync(Request, CancellationToken.None);
        Assert.Equal(new(SaslauthdStage.Connect, false, "No such file or directory"), missing);
        using (UnixSockets.Listen(_directory["mux"], 0x1ff))
        {
        }
        var stale = await new SaslauthdClient(_directory["mux"]).AskAsync(Request, CancellationToken.None);
        Assert.Equal(new(SaslauthdStage.Connect, false, "Connection refused"), stale);
        var endless = await new SaslauthdClient(_directory[new string('x', 200)]).AskAsync(Request, CancellationToken.None);
        Assert.Equal(new(SaslauthdStage.Connect, false, "socket path too long"), endless);
    }

    [Fact]
    public async Task A_daemon_that_never_answers_is_a_time_out()
    {
        var answer = await AskAsync(_ => Task.Delay(Timeout.Infinite), TimeSpan.FromMilliseconds(50));
        Assert.Equal(new(SaslauthdStage.SizeRead, false, "timed out"), answer);
    }

    [Fact]
    public async Task The_callers_cancellation_is_the_callers()
    {
        using var listener = UnixSockets.Listen(_directory["mux"], 0x1ff);
        using var stop = new CancellationTokenSource();
        var asking = new SaslauthdClient(_directory["mux"]).AskAsync(Request, stop.Token);
        using var accepted = await listener.AcceptAsync();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
    }

    static SaslauthdRequest Request => new("bob", "geheim"u8.ToArray(), "imap", "");

    async Task<SaslauthdAnswer> AskAsync(Func<Socket, Task> serve, TimeSpan? timeout = null)
    {
        using var listener = UnixSockets.Listen(_directory["mux"], 0x1ff);
        var asking = new SaslauthdClient(_directory["mux"], timeout).AskAsync(Request, CancellationToken.None);
        using var socket = await listener.AcceptAsync();
        var serving = serve(socket);
        await Task.WhenAny(serving, asking);
        socket.Shutdown(SocketShutdown.Send);
        return await asking.WaitAsync(TimeSpan.FromSeconds(20));
    }

    static async Task ReadRequestAsync(Socket socket)
    {
        var buffer = new byte[2000];
        var count = 0;
        while (RequestCodec.Parse(buffer.AsMemory(0, count)).Status == RequestStatus.Incomplete)
            count += await socket.ReceiveAsync(buffer.AsMemory(count));
    }

    public void Dispose() => _directory.Dispose();
}
