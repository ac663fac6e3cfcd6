using System.Buffers.Binary;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using Interop.Tests.Peers;
using Sasl.Mechanisms;

namespace Interop.Tests.Wire;

/// <summary>PostgreSQL's protocol 3.0, as far as a login by SASL needs it: a type byte, a length that counts itself, and the rest.</summary>
sealed class PostgresConnection : IServerDialogue
{
    const int SslRequest = 80877103, Version = 196608;

    readonly SslStream _tls;
    readonly StringBuilder _transcript = new();

    PostgresConnection(SslStream tls, byte[] seen)
    {
        _tls = tls;
        // The only type that it knows.
        Channel = new() { IsEncrypted = true, Bindings = new ChannelBindings((ChannelBindings.EndPoint, seen)) };
    }

    public SaslChannel Channel { get; }

    public IReadOnlyList<string> Mechanisms { get; private set; } = [];

    public string Transcript => _transcript.ToString();

    public static async Task<PostgresConnection> ConnectAsync(int port, string user)
    {
        var stream = new TcpClient("127.0.0.1", port) { NoDelay = true }.GetStream();
        await stream.WriteAsync(Numbers(8, SslRequest));
        Assert.Equal('S', stream.ReadByte());
        var tls = new SslStream(stream, false, (_, _, _, _) => true);
        await tls.AuthenticateAsClientAsync("localhost");
        var connection = new PostgresConnection(tls, (await ChannelBindings.Of(tls).FindAsync(ChannelBindings.EndPoint, default))!);
        var startup = Encoding.UTF8.GetBytes($"user\0{user}\0database\0postgres\0\0");
        await tls.WriteAsync((byte[])[.. Numbers(8 + startup.Length, Version), .. startup]);
        var (kind, body) = await connection.ReadAsync();
        Assert.True(kind == 'R' && Code(body) == 10, connection.Transcript);
        connection.Mechanisms = Encoding.ASCII.GetString(body[4..]).Split('\0', StringSplitOptions.RemoveEmptyEntries);
        return connection;
    }

    public Task<ServerStep> StartAsync(string mechanism, byte[]? initial) =>
        SendAsync([.. Encoding.ASCII.GetBytes(mechanism), 0, .. Numbers(initial?.Length ?? -1), .. initial ?? []]);

    public Task<ServerStep> AnswerAsync(byte[] message) => SendAsync(message);

    public ValueTask DisposeAsync() => _tls.DisposeAsync();

    async Task<ServerStep> SendAsync(byte[] body)
    {
        await _tls.WriteAsync((byte[])[(byte)'p', .. Numbers(4 + body.Length), .. body]);
        byte[]? finalData = null;
        while (true)
        {
            var (kind, answer) = await ReadAsync();
            if (kind != 'R')
                return new ServerStep.No(Encoding.UTF8.GetString(answer));
            switch (Code(answer))
            {
                case 0:
                    return new ServerStep.Yes(finalData, null);
                case 11:
                    return new ServerStep.Challenge(answer[4..]);
                case 12:
                    finalData = answer[4..];
                    break;
            }
        }
    }

    async Task<(char Kind, byte[] Body)> ReadAsync()
    {
        var head = new byte[5];
        await _tls.ReadExactlyAsync(head);
        var body = new byte[BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(1)) - 4];
        await _tls.ReadExactlyAsync(body);
        _transcript.Append("< ").Append((char)head[0]).AppendLine(Encoding.UTF8.GetString(body).Replace('\0', ' '));
        return ((char)head[0], body);
    }

    static int Code(byte[] body) => BinaryPrimitives.ReadInt32BigEndian(body);

    static byte[] Numbers(params ReadOnlySpan<int> numbers)
    {
        var bytes = new byte[4 * numbers.Length];
        for (var i = 0; i < numbers.Length; i++)
            BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(4 * i), numbers[i]);
        return bytes;
    }
}
