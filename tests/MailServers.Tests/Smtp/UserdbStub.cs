using System.Net.Sockets;
using Sasl.Hosting.Net;
using Sasl.Hosting.Unix;
using Sasl.Protocols;

namespace MailServers.Tests.Smtp;

/// <summary>An auth-userdb socket that knows some users; "broken" fails.</summary>
sealed class UserdbStub : IDisposable
{
    readonly Socket _listener;
    readonly CancellationTokenSource _stop = new();
    readonly string[] _users;

    public UserdbStub(string path, params string[] users)
    {
        _users = users;
        _listener = UnixSockets.Listen(path, 0x180);
        _ = new Acceptor(_listener, 100, ServeAsync).RunAsync(_stop.Token);
    }

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Dispose();
    }

    async Task ServeAsync(Socket socket, CancellationToken stop)
    {
        await using var connection = new Connection(socket);
        connection.Write("VERSION\t1\t2\nSPID\t1\n");
        while (true)
        {
            await connection.FlushAsync(stop);
            var line = await connection.Reader.ReadLineAsync(8192, stop);
            if (!line.IsComplete)
                return;
            if (TabLine.Split(line.ToString()) is not ["USER", var id, var user, ..])
                continue;
            connection.Write(user == "broken" ? $"FAIL\t{id}\treason=no database\n"
                : _users.Contains(user) ? $"USER\t{id}\t{user}\tuid=1000\n" : $"NOTFOUND\t{id}\n");
        }
    }
}
