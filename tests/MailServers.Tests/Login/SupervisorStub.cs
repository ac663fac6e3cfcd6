using System.Net.Sockets;
using System.Text;
using Sasl.Hosting.Logging;
using Sasl.Hosting.Unix;
using Sasl.Protocols.Supervision;

namespace MailServers.Tests.Login;

/// <summary>The supervisor's end of a front end's channel: a real SEQPACKET connection, descriptors and all. It runs a worker on what it is handed.</summary>
sealed class SupervisorStub : IDisposable
{
    readonly Socket _listener;
    readonly Func<HandOffRequest, Socket, Task> _worker;
    SupervisionChannel? _channel;

    public SupervisorStub(string path, Func<HandOffRequest, Socket, Task> worker)
    {
        (_worker, Path) = (worker, path);
        _listener = UnixSockets.Listen(path, 0x180, type: SocketType.Seqpacket);
    }

    public string Path { get; }

    /// <summary>Set to refuse hand-offs with this code.</summary>
    public string? RefuseWith { get; set; }

    public List<HandOffRequest> HandOffs { get; } = [];

    /// <summary>A child that is connected and started, its channel served.</summary>
    public async Task<SupervisedChild> ConnectAsync(params string[][] configuration)
    {
        var connecting = SupervisedChild.ConnectAsync(new ChildArguments("test", Path, LogTarget.StandardError, null, null, []));
        _channel = new SupervisionChannel(await _listener.AcceptAsync());
        foreach (var item in configuration)
            await _channel.SendConfigAsync(item[0], item[1]);
        return await Finish(connecting);
    }

    public async Task<SupervisedChild> ConnectAsync(IEnumerable<(string Name, string Text)> configuration, IEnumerable<(string Fields, Socket Socket)> listeners)
    {
        var connecting = SupervisedChild.ConnectAsync(new ChildArguments("test", Path, LogTarget.StandardError, null, null, []));
        _channel = new SupervisionChannel(await _listener.AcceptAsync());
        foreach (var (name, text) in configuration)
            await _channel.SendConfigAsync(name, text);
        foreach (var (fields, socket) in listeners)
            await _channel.SendAsync([Verb.Listener, .. fields.Split(' ')], socket.SafeHandle);
        return await Finish(connecting);
    }

    public ValueTask DrainAsync() => _channel!.SendAsync([Verb.Drain]);

    public void Dispose()
    {
        _listener.Dispose();
        _channel?.Dispose();
    }

    async Task<SupervisedChild> Finish(Task<SupervisedChild> connecting)
    {
        await _channel!.SendAsync([Verb.Start]);
        _ = ServeAsync(_channel);
        return await connecting;
    }

    async Task ServeAsync(SupervisionChannel channel)
    {
        while (await channel.ReceiveAsync() is var (fields, descriptor))
        {
            if (fields is not [Verb.HandOff, var id, .. var rest])
                continue;
            var request = HandOffRequest.TryParse(rest)!;
            lock (HandOffs)
                HandOffs.Add(request);
            if (RefuseWith is { } code)
            {
                descriptor!.Dispose();
                await channel.SendAsync([Verb.No, id, code, "refused by the test"]);
                continue;
            }
            await channel.SendAsync([Verb.Ok, id, "pid=99"]);
            var socket = new Socket(new SafeSocketHandle(descriptor!.DangerousGetHandle(), true));
            descriptor.SetHandleAsInvalid();
            _ = Task.Run(() => _worker(request, socket));
        }
    }

    /// <summary>A worker that answers the login and then echoes lines until "bye".</summary>
    public static async Task EchoAsync(HandOffRequest request, Socket socket)
    {
        await using var connection = new Sasl.Hosting.Net.Connection(socket, request.Leftover);
        connection.WriteLine(request.Protocol == "imap" ? $"{request.Tag} OK Logged in" : "+OK Logged in.");
        await connection.FlushAsync();
        while (await connection.Reader.ReadLineAsync(100000) is { IsComplete: true } line)
        {
            connection.WriteLine($"worker: {Encoding.UTF8.GetString(line.Bytes.Span)}");
            await connection.FlushAsync();
            if (line.Bytes.Span.SequenceEqual("bye"u8))
                return;
        }
    }
}
