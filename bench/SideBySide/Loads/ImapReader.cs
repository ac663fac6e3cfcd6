using System.Net;
using System.Net.Sockets;
using System.Text;
using SideBySide.Contenders;

namespace SideBySide.Loads;

/// <summary>An IMAP client that counts what it is told and keeps nothing.</summary>
sealed class ImapReader : IDisposable
{
    readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveTimeout = 60_000 };
    readonly byte[] _buffer = new byte[128 * 1024];
    int _tag;

    public ImapReader(int port)
    {
        _socket.Connect(IPAddress.Loopback, port);
        Receive(0);
    }

    /// <summary>Bytes that the last command brought.</summary>
    public long Received { get; private set; }

    /// <summary>Runs a command and returns how many times the text stood in the answer.</summary>
    public int Run(string command, string counted = "\r\n")
    {
        var tag = $"a{++_tag}";
        _socket.Send(Encoding.ASCII.GetBytes($"{tag} {command}\r\n"));
        byte[] final = [.. Encoding.ASCII.GetBytes($"{tag} ")], word = [.. Encoding.ASCII.GetBytes(counted)];
        var (found, kept) = (0, 0);
        Received = 0;
        while (true)
        {
            var count = kept + Receive(kept);
            var text = _buffer.AsSpan(0, count);
            Received += count - kept;
            // The tagged line is the last thing that comes.
            var line = text[..^1].LastIndexOf((byte)'\n') + 1;
            if (text[^1] == '\n' && text[line..].StartsWith(final))
            {
                found += text[..line].Count(word);
                var status = Encoding.ASCII.GetString(text[line..]).TrimEnd();
                return status.StartsWith($"{tag} OK", StringComparison.Ordinal) ? found : throw new BenchException($"{command}: {status}");
            }
            // An unfinished line stays, so that a word in two pieces is found; of a line longer than half the buffer nothing does.
            kept = count - line < _buffer.Length / 2 ? count - line : 0;
            found += text[..(count - kept)].Count(word);
            text[(count - kept)..].CopyTo(_buffer);
        }
    }

    public void LogIn(string user) => Run($"LOGIN {user} {BenchUsers.Password}");

    public void LogOut() => Run("LOGOUT");

    public void Dispose() => _socket.Dispose();

    int Receive(int at) => _socket.Receive(_buffer, at, _buffer.Length - at, SocketFlags.None) is > 0 and var count ? count
        : throw new BenchException("the IMAP server closed the connection");
}
