using System.Net.Sockets;
using System.Text;

namespace SideBySide.Loads;

/// <summary>A connection to an auth socket after its handshake: lines out, lines in.</summary>
class AuthConnection : IDisposable
{
    readonly Socket _socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { ReceiveTimeout = 30_000 };
    readonly byte[] _buffer = new byte[64 * 1024];
    int _begin, _end;

    public AuthConnection(string path, int number)
    {
        _socket.Connect(new UnixDomainSocketEndPoint(path));
        Send(Encoding.ASCII.GetBytes($"VERSION\t1\t2\nCPID\t{100_000 + number}\n"));
        while (!ReadLine().SequenceEqual("DONE"u8))
        {
        }
    }

    public void Send(ReadOnlySpan<byte> lines) => _socket.Send(lines);

    /// <summary>The next line without its LF; good until the next call.</summary>
    public ReadOnlySpan<byte> ReadLine()
    {
        while (true)
        {
            var line = _buffer.AsSpan(_begin.._end);
            if (line.IndexOf((byte)'\n') is >= 0 and var length)
            {
                _begin += length + 1;
                return line[..length];
            }
            line.CopyTo(_buffer);
            (_begin, _end) = (0, _end - _begin);
            _end += _socket.Receive(_buffer, _end, _buffer.Length - _end, SocketFlags.None) is > 0 and var count ? count
                : throw new BenchException("the auth server closed the connection");
        }
    }

    /// <summary>The next line, which has to be this reply.</summary>
    public ReadOnlySpan<byte> Expect(ReadOnlySpan<byte> reply)
    {
        var line = ReadLine();
        return line.StartsWith(reply) ? line : throw new BenchException($"the auth server said {Encoding.ASCII.GetString(line)}");
    }

    public void Dispose() => _socket.Dispose();
}
