using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace Sasl.Hosting.Net;

/// <summary>
/// One connection: a socket, perhaps TLS over it, a <see cref="LineReader"/> and a buffered writer with deadlines.
/// The protocol classes loop over it; they never touch the socket.
/// </summary>
public sealed class Connection : IAsyncDisposable, ILineWriter
{
    readonly Socket _socket;
    readonly TimeProvider _time;
    Stream _stream;
    PipeReader _input;
    PipeWriter _output;

    public Connection(Socket socket, TimeProvider? time = null) : this(socket, default, time) { }

    /// <param name="leftover">Bytes that the process which handed the socket over had read already; they come before the socket's.</param>
    public Connection(Socket socket, ReadOnlyMemory<byte> leftover, TimeProvider? time = null)
    {
        _socket = socket;
        _time = time ?? TimeProvider.System;
        if (socket.AddressFamily is AddressFamily.InterNetwork or AddressFamily.InterNetworkV6)
            socket.NoDelay = true;
        _stream = new NetworkStream(socket, ownsSocket: false);
        if (!leftover.IsEmpty)
            _stream = new LeftoverStream(_stream, leftover);
        (_input, _output) = Pipes(_stream);
        Reader = new LineReader(_input, _time);
    }

    public LineReader Reader { get; private set; }

    /// <summary>Output is buffered here until <see cref="FlushAsync"/>.</summary>
    public PipeWriter Output => _output;

    /// <summary>How long one flush may take.</summary>
    public TimeSpan WriteTimeout { get; set; } = TimeSpan.FromMinutes(5);

    public IPEndPoint? RemoteEndPoint => _socket.RemoteEndPoint as IPEndPoint;

    public IPEndPoint? LocalEndPoint => _socket.LocalEndPoint as IPEndPoint;

    public SslStream? Tls => _stream as SslStream;

    public bool IsTls => _stream is SslStream;

    /// <summary>The bare socket, for passing it on. Only sensible while there is no TLS.</summary>
    public Socket Socket => _socket;

    /// <summary>The stream under the pipes, for relaying once the pipes are empty.</summary>
    public Stream Stream => _stream;

    public void Write(ReadOnlySpan<byte> bytes) => _output.Write(bytes);

    /// <summary>Writes text; characters above U+007F go out as UTF-8.</summary>
    public void Write(string text)
    {
        var span = _output.GetSpan(Encoding.UTF8.GetMaxByteCount(text.Length));
        _output.Advance(Encoding.UTF8.GetBytes(text, span));
    }

    /// <summary>Writes text and CRLF.</summary>
    public void WriteLine(string text)
    {
        Write(text);
        Write("\r\n"u8);
    }

    /// <summary>Past the buffer, for who gathers his output himself.</summary>
    public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes) => _stream.WriteAsync(bytes);

    public void Abort() => _socket.Close(0);

    /// <summary>Sends what is buffered. False when the peer is gone or does not read in time: end the dialogue then.</summary>
    public async ValueTask<bool> FlushAsync(CancellationToken stop = default)
    {
        if (_output.UnflushedBytes == 0)
            return true;
        var flush = _output.FlushAsync(stop);
        if (flush.IsCompletedSuccessfully)
            return !flush.Result.IsCanceled;
        try
        {
            return !(await flush.AsTask().WaitAsync(WriteTimeout, _time, stop)).IsCanceled;
        }
        catch (Exception gone) when (gone is IOException or TimeoutException or ObjectDisposedException or SocketException)
        {
            _socket.Close(0);
            return false;
        }
    }

    /// <summary>
    /// Starts TLS as a server. The caller has written its "go ahead" and flushed it, and has made sure that
    /// <see cref="LineReader.HasBufferedInput"/> was false. Throws IOException or AuthenticationException when the handshake fails.
    /// </summary>
    public Task StartTlsAsServerAsync(SslServerAuthenticationOptions options, CancellationToken stop) =>
        StartTlsAsync(tls => tls.AuthenticateAsServerAsync(options, stop));

    /// <summary>Starts TLS as a client.</summary>
    public Task StartTlsAsClientAsync(SslClientAuthenticationOptions options, CancellationToken stop) =>
        StartTlsAsync(tls => tls.AuthenticateAsClientAsync(options, stop));

    async Task StartTlsAsync(Func<SslStream, Task> handshake)
    {
        await _input.CompleteAsync();
        await _output.CompleteAsync();
        var tls = new SslStream(_stream, leaveInnerStreamOpen: false);
        var old = Reader;
        try
        {
            await handshake(tls);
        }
        catch
        {
            await tls.DisposeAsync();
            throw;
        }
        _stream = tls;
        (_input, _output) = Pipes(tls);
        Reader = new LineReader(_input, _time) { Timeout = old.Timeout, Ending = old.Ending, RefuseNul = old.RefuseNul };
        old.Dispose();
    }

    /// <summary>Gives the socket away: nothing here will read, write or close it any more. Call with empty buffers and no TLS.</summary>
    public async ValueTask<Socket> DetachAsync()
    {
        await _input.CompleteAsync();
        await _output.CompleteAsync();
        Reader.Dispose();
        return _socket;
    }

    public async ValueTask DisposeAsync()
    {
        Reader.Dispose();
        try
        {
            await _input.CompleteAsync();
            await _output.CompleteAsync();
            if (_stream is SslStream tls)
                await tls.DisposeAsync();
        }
        catch (Exception broken) when (broken is IOException or ObjectDisposedException or SocketException)
        {
            // The peer went first; there is nobody left to say goodbye to.
        }
        _socket.Close();
    }

    static (PipeReader, PipeWriter) Pipes(Stream stream) =>
        (PipeReader.Create(stream, new StreamPipeReaderOptions(leaveOpen: true, useZeroByteReads: true)),
         PipeWriter.Create(stream, new StreamPipeWriterOptions(leaveOpen: true)));
}
