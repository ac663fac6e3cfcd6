using System.Net.Sockets;
using System.Text;
using SideBySide.Contenders;

namespace SideBySide.Loads;

/// <summary>A front end on an auth socket: one PLAIN login after the other.</summary>
sealed class AuthClient : IDisposable
{
    readonly Socket _socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { ReceiveTimeout = 30_000 };
    readonly byte[] _buffer = new byte[8192];
    readonly string _response;
    int _id;

    public AuthClient(string path, int number, string user)
    {
        _response = Convert.ToBase64String(Encoding.UTF8.GetBytes($"\0{user}\0{BenchUsers.Password}"));
        _socket.Connect(new UnixDomainSocketEndPoint(path));
        _socket.Send(Encoding.ASCII.GetBytes($"VERSION\t1\t2\nCPID\t{100_000 + number}\n"));
        for (var count = 0; !Encoding.ASCII.GetString(_buffer, 0, count).EndsWith("DONE\n", StringComparison.Ordinal);)
            count += Receive(count);
    }

    public void LogIn()
    {
        _socket.Send(Encoding.ASCII.GetBytes($"AUTH\t{++_id}\tPLAIN\tservice=smtp\tnologin\tsession=bench\tlip=127.0.0.1\trip=127.0.0.1\tresp={_response}\n"));
        var count = 0;
        do
            count += Receive(count);
        while (_buffer[count - 1] != '\n');
        if (!_buffer.AsSpan().StartsWith("OK\t"u8))
            throw new BenchException($"the auth server said {Encoding.ASCII.GetString(_buffer, 0, count).TrimEnd()}");
    }

    public void Dispose() => _socket.Dispose();

    int Receive(int at) => _socket.Receive(_buffer, at, _buffer.Length - at, SocketFlags.None) is > 0 and var count ? count
        : throw new BenchException("the auth server closed the connection");
}
