using System.Formats.Asn1;
using System.Security.Cryptography;

namespace Sasl.Credentials.Ldap;

/// <summary>
/// Messages over a stream: one writer at a time, one reader. What was written or read is zeroed, for it holds passwords. After an exception from
/// either side the connection is of no use.
/// </summary>
sealed class LdapTransport(Stream stream) : IAsyncDisposable
{
    const int LeastRoom = 4096;

    static readonly TimeSpan _farewell = TimeSpan.FromMilliseconds(200);

    readonly SemaphoreSlim _sending = new(1);
    byte[] _input = new byte[LeastRoom];
    int _begin, _end, _lastId;

    /// <summary>The bytes under the messages; <see cref="Replace"/> puts another one in its place.</summary>
    public Stream Stream { get; private set; } = stream;

    /// <summary>Bytes of the server that no message has used yet.</summary>
    public ReadOnlyMemory<byte> Unread => _input.AsMemory(_begin, _end - _begin);

    /// <summary>A number for the next request (RFC 4511 §4.1.1.1).</summary>
    public int NextId() => Interlocked.Increment(ref _lastId) & int.MaxValue;

    public async Task SendAsync(int id, LdapOperation operation, CancellationToken stop)
    {
        var message = Encode(id, operation);
        await _sending.WaitAsync(stop);
        try
        {
            await Stream.WriteAsync(message, stop);
            await Stream.FlushAsync(stop);
        }
        catch (Exception broken) when (broken is IOException or ObjectDisposedException)
        {
            throw new LdapException($"the connection broke: {broken.Message}", broken);
        }
        finally
        {
            _sending.Release();
            CryptographicOperations.ZeroMemory(message);
        }
    }

    /// <summary>The next message, whosever it is.</summary>
    public async Task<LdapResponse> ReceiveAsync(CancellationToken stop)
    {
        while (true)
        {
            var length = LdapFrame.Measure(Unread.Span);
            if (length > 0 && length <= Unread.Length)
            {
                var message = _input.AsMemory(_begin, length);
                var response = LdapResponse.Decode(message);
                CryptographicOperations.ZeroMemory(message.Span);
                _begin += length;
                return response;
            }
            MakeRoom();
            await FillAsync(stop);
        }
    }

    /// <summary>Asks while nobody else does, as before and during a bind (RFC 4511 §4.2.1).</summary>
    public async Task<LdapResponse> AskAsync(LdapOperation operation, LdapResponseKind kind, CancellationToken stop)
    {
        var id = NextId();
        await SendAsync(id, operation, stop);
        var response = await ReceiveAsync(stop);
        if (response.Id == 0 && response.Result is { } notice)
            throw new LdapException($"the server ends the connection: {notice}");
        return response.Id == id && response.Kind == kind ? response : throw new LdapException("the server answers something that was not asked");
    }

    /// <summary>Goes on over a stream that was put on this one. The caller has seen to it that nothing is unread, or that the new stream has it.</summary>
    public void Replace(Stream over)
    {
        (_begin, _end) = (0, 0);
        Stream = over;
    }

    /// <summary>Says good-bye (RFC 4511 §4.3), if that can be done at once, and closes.</summary>
    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(_farewell);
        try
        {
            await SendAsync(NextId(), LdapRequests.Unbind, patience.Token);
        }
        catch (Exception gone) when (gone is LdapException or OperationCanceledException)
        {
            // It is closed all the same.
        }
        await Stream.DisposeAsync();
        CryptographicOperations.ZeroMemory(_input);
    }

    static byte[] Encode(int id, LdapOperation operation)
    {
        // Whatever the writer lets go of, it clears.
        var writer = new AsnWriter(AsnEncodingRules.BER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(id);
            operation(writer);
        }
        var message = writer.Encode();
        writer.Reset();
        return message;
    }

    void MakeRoom()
    {
        if (_begin > 0)
        {
            _input.AsSpan(_begin, _end - _begin).CopyTo(_input);
            (_begin, _end) = (0, _end - _begin);
        }
        if (_end < _input.Length)
            return;
        // It grows with what has come, not with what is announced.
        var larger = new byte[_input.Length * 2];
        _input.CopyTo(larger, 0);
        CryptographicOperations.ZeroMemory(_input);
        _input = larger;
    }

    async Task FillAsync(CancellationToken stop)
    {
        int count;
        try
        {
            count = await Stream.ReadAsync(_input.AsMemory(_end), stop);
        }
        catch (Exception broken) when (broken is IOException or ObjectDisposedException)
        {
            throw new LdapException($"the connection broke: {broken.Message}", broken);
        }
        if (count == 0)
            throw new LdapException("the server closed the connection");
        _end += count;
    }
}
