using System.Net;
using System.Net.Sockets;
using System.Text;
using SideBySide.Contenders;

namespace SideBySide.Loads;

/// <summary>An SMTP client that pipelines as a relaying server does (RFC 2920) and sends 1 kB messages over one connection.</summary>
sealed class SmtpSender : IDisposable
{
    public const string Mark = "X-Bench: ";

    const int MessageSize = 1024;

    readonly TcpClient _client = new() { NoDelay = true, ReceiveTimeout = 60_000 };
    readonly StreamReader _replies;
    readonly Stream _stream;

    public SmtpSender(int port)
    {
        _client.Connect(IPAddress.Loopback, port);
        _stream = _client.GetStream();
        _replies = new(_stream, Encoding.Latin1);
        Expect("220");
        Say("EHLO client.test.example\r\n");
        Expect("250");
    }

    /// <summary>Returns when the server has taken the responsibility.</summary>
    public void Send(string recipient, string mark)
    {
        Say($"MAIL FROM:<sender@{BenchUsers.Domain}>\r\nRCPT TO:<{recipient}@{BenchUsers.Domain}>\r\nDATA\r\n");
        Expect("250");
        Expect("250");
        Expect("354");
        Say(Message(recipient, mark));
        Expect("250");
    }

    public void Dispose()
    {
        Say("QUIT\r\n");
        Expect("221");
        _client.Dispose();
    }

    static string Message(string recipient, string mark)
    {
        var text = new StringBuilder($"From: sender@{BenchUsers.Domain}\r\nTo: {recipient}@{BenchUsers.Domain}\r\nSubject: one of many\r\n"
            + $"Message-ID: <{mark}@bench.example>\r\nDate: Tue, 1 Jul 2025 10:52:37 +0200\r\n{Mark}{mark}\r\n\r\n");
        while (text.Length < MessageSize - 74)
            text.Append("The quick brown fox jumps over the lazy dog, and nothing of it is lost.\r\n");
        return text.Append('x', Math.Max(1, MessageSize - text.Length - 2)).Append("\r\n.\r\n").ToString();
    }

    void Say(string text) => _stream.Write(Encoding.ASCII.GetBytes(text));

    void Expect(string code)
    {
        string? line;
        do
            line = _replies.ReadLine();
        while (line?.StartsWith(code + "-", StringComparison.Ordinal) == true);
        if (line?.StartsWith(code, StringComparison.Ordinal) != true)
            throw new BenchException($"expected {code}, the SMTP server said {line ?? "nothing and closed"}");
    }
}
