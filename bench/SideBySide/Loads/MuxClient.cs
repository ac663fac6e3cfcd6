using System.Net.Sockets;
using System.Text;
using Sasl.Protocols.Saslauthd;
using SideBySide.Contenders;

namespace SideBySide.Loads;

/// <summary>A client of saslauthd as libsasl is one: a connection for each question.</summary>
sealed class MuxClient : IDisposable
{
    readonly UnixDomainSocketEndPoint _address;
    readonly byte[] _request, _buffer = new byte[64];

    public MuxClient(string path, string user)
    {
        _address = new(path);
        _request = RequestCodec.Encode(new(user, Encoding.UTF8.GetBytes(BenchUsers.Password), "smtp", ""))!;
    }

    public void Ask()
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { ReceiveTimeout = 30_000 };
        socket.Connect(_address);
        socket.Send(_request);
        var count = 0;
        for (int more; count < 4 && (more = socket.Receive(_buffer, count, _buffer.Length - count, SocketFlags.None)) > 0;)
            count += more;
        if (count < 4 || !_buffer.AsSpan(2).StartsWith("OK"u8))
            throw new BenchException($"saslauthd said {Encoding.ASCII.GetString(_buffer, 0, count)}");
    }

    public void Dispose()
    {
    }
}
