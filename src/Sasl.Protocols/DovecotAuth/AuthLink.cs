using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;
using Sasl.Hosting.Net;

namespace Sasl.Protocols.DovecotAuth;

/// <summary>One connection to an auth server, after its greeting: replies are given to the exchange whose id they carry.</summary>
sealed class AuthLink : IAsyncDisposable
{
    /// <summary>No sane reply is longer; Exim's whole buffer is half of it.</summary>
    const int LongestReply = 16384;

    readonly Connection _connection;
    readonly LineOutput _output;
    readonly ConcurrentDictionary<uint, AuthExchange> _exchanges = new();
    Task _reading = Task.CompletedTask;
    uint _lastId;
    volatile bool _closed, _retired, _closesWhenIdle;

    AuthLink(Socket socket, TimeProvider time)
    {
        _connection = new Connection(socket, time);
        // A server that ends takes no more lines but still answers those that it has.
        _output = new LineOutput(_connection, time) { IsReadOnWhenBroken = true };
    }

    /// <summary>New exchanges may begin on it.</summary>
    public bool IsOpen => !_closed && !_retired && !_output.IsBroken;

    /// <summary>It broke, or the server has closed it: what is not answered yet may have to be asked again.</summary>
    public bool IsLost => _closed || _output.IsBroken;

    /// <summary>Those under way go on, the next ones use another link. It is closed by the server, which is about to end.</summary>
    public void Retire() => _retired = true;

    /// <summary>The same, and it is closed here when the last of them has ended.</summary>
    public void RetireAndClose()
    {
        _retired = _closesWhenIdle = true;
        CloseIfIdle();
    }

    /// <summary>
    /// Connects and greets. <paramref name="greet"/> takes every line: null to go on, "" when the greeting is complete, else what is
    /// wrong. Throws IOException, with the reason for the log, when there is no usable server.
    /// </summary>
    public static async Task<AuthLink> OpenAsync(AuthAddress address, string hello, Func<string[], string?> greet, TimeSpan deadline, TimeProvider time)
    {
        using var late = new CancellationTokenSource(deadline, time);
        try
        {
            var link = new AuthLink(await address.ConnectAsync(late.Token), time);
            try
            {
                await link.GreetAsync(hello, greet, late.Token);
                link._connection.Reader.Timeout = Timeout.InfiniteTimeSpan;
                link._reading = link.ReadAsync();
                return link;
            }
            catch
            {
                await link.DisposeAsync();
                throw;
            }
        }
        catch (OperationCanceledException)
        {
            throw new IOException($"{address}: no greeting within {deadline.TotalSeconds:0} s");
        }
        catch (SocketException failure)
        {
            throw new IOException($"{address}: {failure.Message}", failure);
        }
    }

    public AuthExchange Begin()
    {
        var id = Interlocked.Increment(ref _lastId);
        // Id 0 is invalid; after four thousand million requests the numbers start again.
        var exchange = new AuthExchange(this, id == 0 ? Interlocked.Increment(ref _lastId) : id);
        _exchanges[exchange.Id] = exchange;
        if (_closed)
            exchange.Lost();
        return exchange;
    }

    public bool Send(byte[] line) => _output.Send(line);

    public void Forget(uint id)
    {
        _exchanges.TryRemove(id, out _);
        CloseIfIdle();
    }

    public async ValueTask DisposeAsync()
    {
        _closed = true;
        _connection.Socket.Close(0);
        await _reading;
        await _connection.DisposeAsync();
    }

    void CloseIfIdle()
    {
        if (_closesWhenIdle && _exchanges.IsEmpty)
            _connection.Socket.Close(0);
    }

    async Task GreetAsync(string hello, Func<string[], string?> greet, CancellationToken stop)
    {
        Send(Encoding.ASCII.GetBytes(hello));
        while (true)
        {
            var line = await _connection.Reader.ReadLineAsync(LongestReply, stop);
            if (!line.IsComplete)
                throw new IOException($"the greeting ended early ({line.Status})");
            switch (greet(TabLine.Split(Encoding.UTF8.GetString(line.Bytes.Span))))
            {
                case null:
                    continue;
                case "":
                    return;
                case var problem:
                    throw new IOException(problem);
            }
        }
    }

    async Task ReadAsync()
    {
        while (await _connection.Reader.ReadLineAsync(LongestReply) is { IsComplete: true } line)
        {
            var fields = TabLine.Split(Encoding.UTF8.GetString(line.Bytes.Span));
            // A reply to something that was cancelled, or a line that this client does not know, is nobody's.
            if (fields.Length > 1 && uint.TryParse(fields[1], out var id) && _exchanges.TryGetValue(id, out var exchange))
                exchange.Take(fields);
        }
        _closed = true;
        _connection.Socket.Close(0);
        foreach (var exchange in _exchanges.Values)
            exchange.Lost();
    }
}

/// <summary>One request under way and its replies.</summary>
sealed class AuthExchange(AuthLink link, uint id) : IDisposable
{
    // A server answers once per line sent; one that says more is not listened to.
    readonly Channel<string[]> _replies = Channel.CreateBounded<string[]>(4);

    public uint Id => id;

    public bool Send(byte[] line) => link.Send(line);

    public void Take(string[] fields) => _replies.Writer.TryWrite(fields);

    public void Lost() => _replies.Writer.TryComplete();

    /// <summary>The next reply, or null when the connection was lost or the time passed.</summary>
    public async ValueTask<string[]?> ReceiveAsync(TimeSpan deadline, TimeProvider time, CancellationToken stop)
    {
        try
        {
            return await _replies.Reader.ReadAsync(stop).AsTask().WaitAsync(deadline, time, stop);
        }
        catch (Exception lost) when (lost is ChannelClosedException or TimeoutException)
        {
            return null;
        }
    }

    public void Dispose() => link.Forget(id);
}
