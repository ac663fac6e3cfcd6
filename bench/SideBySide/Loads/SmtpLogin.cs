using System.Net;
using System.Net.Sockets;
using System.Text;
using SideBySide.Contenders;

namespace SideBySide.Loads;

/// <summary>An SMTP client that connects, logs in and goes.</summary>
sealed class SmtpLogin(int port, string user) : IDisposable
{
    static readonly byte[] _hello = "EHLO client.test.example\r\n"u8.ToArray(), _quit = "QUIT\r\n"u8.ToArray();

    readonly byte[] _auth = Encoding.ASCII.GetBytes($"AUTH PLAIN {Convert.ToBase64String(Encoding.ASCII.GetBytes($"\0{user}\0{BenchUsers.Password}"))}\r\n");
    readonly byte[] _buffer = new byte[4096];

    public void Run()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveTimeout = 30_000 };
        socket.Connect(IPAddress.Loopback, port);
        Expect(socket, "220");
        socket.Send(_hello);
        Expect(socket, "250");
        socket.Send(_auth);
        Expect(socket, "235");
        socket.Send(_quit);
        Expect(socket, "221");
    }

    public void Dispose()
    {
    }

    /// <summary>A whole reply: its last line has a blank behind the code.</summary>
    void Expect(Socket socket, string code)
    {
        var count = 0;
        while (true)
        {
            var more = socket.Receive(_buffer, count, _buffer.Length - count, SocketFlags.None);
            count += more;
            var text = Encoding.ASCII.GetString(_buffer, 0, count);
            var last = text.LastIndexOf('\n', Math.Max(0, count - 2)) + 1;
            if (more > 0 && !(text.EndsWith('\n') && text.Length > last + 3 && text[last + 3] == ' '))
                continue;
            if (!text.StartsWith(code, StringComparison.Ordinal))
                throw new BenchException($"expected {code}, the SMTP server said {(text.Length > 0 ? text.TrimEnd() : "nothing and closed")}");
            return;
        }
    }
}
