using System.Net.Sockets;
using System.Text;
using Sasl.Hosting.Net;
using Sasl.Hosting.Unix;
using Sasl.Protocols;

namespace MailServers.Tests.Smtp;

/// <summary>An auth server on a real Unix socket that knows user1 with the password secret; PLAIN, LOGIN and ANONYMOUS.</summary>
sealed class AuthStub : IDisposable
{
    readonly Socket _listener;
    readonly CancellationTokenSource _stop = new();

    public AuthStub(string path)
    {
        _listener = UnixSockets.Listen(path, 0x180);
        _ = new Acceptor(_listener, 100, ServeAsync).RunAsync(_stop.Token);
    }

    /// <summary>What every AUTH is answered with, instead of a real check: "FAIL\t{0}\t…".</summary>
    public string? Answer { get; set; }

    public List<string> Requests { get; } = [];

    /// <summary>What is offered beside ANONYMOUS and EXTERNAL.</summary>
    public string[] Mechanisms { get; set; } = ["PLAIN", "LOGIN"];

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Dispose();
    }

    async Task ServeAsync(Socket socket, CancellationToken stop)
    {
        await using var connection = new Connection(socket);
        connection.Write($"VERSION\t1\t2\n{string.Concat(Mechanisms.Select(m => $"MECH\t{m}\tplaintext\n"))}MECH\tANONYMOUS\tanonymous\nMECH\tEXTERNAL\n"
            + "SPID\t1\nCUID\t1\nCOOKIE\t0123456789abcdef0123456789abcdef\nDONE\n");
        var names = new Dictionary<string, string>();
        while (true)
        {
            await connection.FlushAsync(stop);
            var line = await connection.Reader.ReadLineAsync(100_000, stop);
            if (!line.IsComplete)
                return;
            var fields = TabLine.Split(line.ToString());
            if (fields is ["AUTH", var id, var mechanism, ..])
            {
                lock (Requests)
                    Requests.Add(line.ToString());
                names.Remove(id);
                Reply(connection, id, mechanism.ToUpperInvariant(), TabLine.Value(fields, "resp"), names);
            }
            else if (fields is ["CONT", var again, var response])
                Reply(connection, again, names.ContainsKey(again) ? "LOGIN" : "", response, names);
        }
    }

    void Reply(Connection connection, string id, string mechanism, string? response, Dictionary<string, string> names)
    {
        if (Answer is not null)
        {
            connection.Write(string.Format(Answer, id) + "\n");
            return;
        }
        switch (mechanism)
        {
            case "PLAIN" or "" when response is not null:
                Verify(connection, id, response.Length == 0 ? [] : Decode(response).Split('\0') is [_, var u, var p] ? [u, p] : []);
                break;
            case "PLAIN":
                connection.Write($"CONT\t{id}\t\n");
                break;
            case "LOGIN" when response is null:
                names[id] = "";
                connection.Write($"CONT\t{id}\tVXNlcm5hbWU6\n");
                break;
            case "LOGIN" when names.GetValueOrDefault(id) is null or "":
                names[id] = Decode(response);
                connection.Write($"CONT\t{id}\tUGFzc3dvcmQ6\n");
                break;
            case "LOGIN":
                Verify(connection, id, [names[id], Decode(response)]);
                break;
            case "ANONYMOUS":
                connection.Write($"OK\t{id}\tuser=anonymous\n");
                break;
            default:
                connection.Write($"FAIL\t{id}\treason=no such mechanism\n");
                break;
        }
    }

    static void Verify(Connection connection, string id, string[] login) =>
        connection.Write(login is ["user1", "secret"] ? $"OK\t{id}\tuser=user1\n"
            : login.Length == 2 ? $"FAIL\t{id}\tuser={TabLine.Escape(login[0])}\treason=authentication failure\n" : $"FAIL\t{id}\treason=malformed\n");

    static string Decode(string base64)
    {
        var bytes = new byte[base64.Length];
        return Convert.TryFromBase64String(base64, bytes, out var count) ? Encoding.UTF8.GetString(bytes, 0, count) : "";
    }
}
