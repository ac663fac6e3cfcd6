using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text;
using Sasl.Hosting.Net;
using Sasl.Hosting.Unix;
using Sasl.Protocols;

namespace MailServers.Tests.Login;

/// <summary>
/// A small auth server: the handshake of version 1.2, PLAIN and a two-step ECHO whose response must be "pong". The user decides the
/// answer: alice succeeds with "secret", others are named after what happens to them.
/// </summary>
sealed class AuthStub : IAsyncDisposable
{
    const string Cookie = "0123456789abcdef0123456789abcdef";

    readonly CancellationTokenSource _stop = new();
    readonly Socket _listener;
    readonly ConcurrentQueue<string> _lines = new();
    readonly ConcurrentBag<Connection> _connections = [];

    public AuthStub(string path)
    {
        _listener = UnixSockets.Listen(path, 0x180);
        _ = new Acceptor(_listener, 100, ServeAsync).RunAsync(_stop.Token);
    }

    /// <summary>Everything that clients sent.</summary>
    public IReadOnlyList<string> Lines => [.. _lines];

    public int Connections => _connections.Count;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        foreach (var connection in _connections)
            connection.Socket.Close(0);
    }

    async Task ServeAsync(Socket socket, CancellationToken stop)
    {
        await using var connection = new Connection(socket);
        _connections.Add(connection);
        foreach (var line in (string[])["VERSION\t1\t2", "MECH\tPLAIN\tplaintext", "MECH\tECHO\tdictionary\tactive", "MECH\tSECRET\tprivate", "SPID\t4711", "CUID\t1", $"COOKIE\t{Cookie}", "DONE"])
            connection.Write(line + "\n");
        await connection.FlushAsync(stop);
        while (await connection.Reader.ReadLineAsync(20000, stop) is { IsComplete: true } line)
        {
            _lines.Enqueue(line.ToString());
            if (Answer(TabLine.Split(line.ToString())) is not { } answer)
                continue;
            if (answer == "hang up")
                return;
            connection.Write(answer + "\n");
            await connection.FlushAsync(stop);
        }
    }

    static string? Answer(string[] fields) => fields switch
    {
        ["AUTH", var id, "PLAIN", .. var rest] => TabLine.Value(rest, "resp") is { } response ? Plain(id, response) : $"CONT\t{id}\t",
        ["AUTH", var id, "ECHO", .. var rest] => TabLine.Value(rest, "resp") is { } response ? Echo(id, response) : $"CONT\t{id}\tcGluZw==",
        ["CONT", var id, "cG9uZw=="] => Echo(id, "cG9uZw=="),
        ["CONT", var id, var response] => Plain(id, response),
        _ => null,
    };

    static string Echo(string id, string response) => response == "cG9uZw==" ? $"OK\t{id}\tuser=echo" : $"FAIL\t{id}";

    static string Plain(string id, string response)
    {
        if (response == "=")
            response = "";
        var bytes = new byte[response.Length];
        if (!Convert.TryFromBase64String(response, bytes, out var count))
            return $"FAIL\t{id}\tcode=invalid_base64\treason=Invalid base64 data";
        return Encoding.UTF8.GetString(bytes, 0, count).Split('\0') switch
        {
            [_, "alice", "secret"] => $"OK\t{id}\tuser=alice",
            [_, "blank word", " a b "] => $"OK\t{id}\tuser=blank",
            [_, "nologin", _] => $"OK\t{id}\tuser=nologin\tnologin",
            [_, "temporary", _] => $"FAIL\t{id}\tuser=temporary\tcode=temp_fail",
            [_, "authz", _] => $"FAIL\t{id}\tuser=authz\tcode=authz_fail",
            [_, "disabled", _] => $"FAIL\t{id}\tuser=disabled\tcode=user_disabled",
            [_, "expired", _] => $"FAIL\t{id}\tuser=expired\tcode=pass_expired\treason=Password expired",
            [_, "reason", _] => $"FAIL\t{id}\tuser=reason\treason=Come back on Monday",
            [_, "coded", _] => $"FAIL\t{id}\tuser=coded\treason=[LIMIT] Too many",
            [_, "crash", _] => "hang up",
            [_, var user, _] => $"FAIL\t{id}\tuser={TabLine.Escape(user)}",
            _ => $"FAIL\t{id}",
        };
    }
}
