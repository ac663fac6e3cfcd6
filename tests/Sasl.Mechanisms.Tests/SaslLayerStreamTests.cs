using System.IO.Pipelines;
using System.Text;
using CsCheck;
using Sasl.Mechanisms.Tests.DigestMd5;

namespace Sasl.Mechanisms.Tests;

/// <summary>A stream over a security layer, here integrity and rc4 of DIGEST-MD5.</summary>
public sealed class SaslLayerStreamTests
{
    static readonly byte[] _key = new byte[16];
    static readonly TimeSpan _deadline = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Both_directions_at_once()
    {
        var (client, server) = Connect(buffer: 500);
        var text = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 20_000).Select(i => $"{i} ")));
        var received = await Task.WhenAll(SendAndReceiveAsync(client, text), SendAndReceiveAsync(server, text)).WaitAsync(_deadline);
        Assert.All(received, r => Assert.Equal(text, r));
    }

    [Fact]
    public void Any_pieces_sync_and_async() => Gen.Select(Gen.Byte.Array[0, 2000].Array[0, 5], Gen.Int[1, 700], Gen.Int[0, 300]).Sample((messages, piece, already) =>
    {
        var wire = new MemoryStream();
        using (var writer = new SaslLayerStream(wire, Layer(isClient: true, 100), leaveOpen: true))
        {
            foreach (var message in messages)
                writer.Write(message);
        }
        var bytes = wire.ToArray();
        already = Math.Min(already, bytes.Length);
        using var reader = new SaslLayerStream(new MemoryStream(bytes[already..]), Layer(isClient: false, 100), bytes.AsMemory(0, already));
        var output = new MemoryStream();
        var buffer = new byte[piece];
        for (var i = 0; ; i++)
        {
            var count = i % 2 == 0 ? reader.Read(buffer) : reader.ReadAsync(buffer).AsTask().GetAwaiter().GetResult();
            if (count == 0)
                break;
            output.Write(buffer, 0, count);
        }
        Assert.Equal(messages.SelectMany(m => m), output.ToArray());
    }, iter: 200);

    [Fact]
    public async Task A_broken_packet_is_an_error_and_stays_one()
    {
        var wire = Written("hello");
        wire[^8] ^= 1;
        await using var stream = new SaslLayerStream(new MemoryStream([.. Written("hello"), .. wire]), Layer(isClient: false));
        Assert.Equal(5, await stream.ReadAsync(new byte[100]));
        await Assert.ThrowsAsync<IOException>(async () => _ = await stream.ReadAsync(new byte[100]));
        Assert.Throws<IOException>(() => stream.Read(new byte[100]));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(24)]
    public async Task An_end_inside_a_packet_is_an_error(int length)
    {
        await using var stream = new SaslLayerStream(new MemoryStream(Written("hello")[..length]), Layer(isClient: false));
        await Assert.ThrowsAsync<IOException>(async () => _ = await stream.ReadAsync(new byte[100]));
        Assert.Throws<IOException>(() => stream.Read(new byte[100]));
    }

    [Fact]
    public async Task An_end_between_packets_is_the_end()
    {
        await using var stream = new SaslLayerStream(new MemoryStream(Written("hello")), Layer(isClient: false));
        Assert.Equal(0, await stream.ReadAsync(Memory<byte>.Empty));
        Assert.Equal(5, await stream.ReadAsync(new byte[100]));
        Assert.Equal(0, await stream.ReadAsync(new byte[100]));
        Assert.Equal(0, stream.Read(new byte[100]));
    }

    [Fact]
    public async Task A_length_beyond_the_bound_is_refused_before_it_is_read()
    {
        await using var stream = new SaslLayerStream(new Endless(), Layer(isClient: false));
        await Assert.ThrowsAsync<IOException>(async () => _ = await stream.ReadAsync(new byte[100]));
    }

    [Fact]
    public async Task A_write_that_was_given_up_is_the_last()
    {
        var pipe = new Pipe(new(pauseWriterThreshold: 100, resumeWriterThreshold: 50));
        await using var stream = new SaslLayerStream(pipe.Writer.AsStream(), Layer(isClient: true));
        using var stop = new CancellationTokenSource();
        var writing = stream.WriteAsync(new byte[10_000], stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await writing);
        await Assert.ThrowsAsync<IOException>(async () => await stream.WriteAsync(new byte[1]).AsTask().WaitAsync(_deadline));
    }

    [Fact]
    public void What_a_connection_cannot_do()
    {
        var inner = new MemoryStream();
        using (var stream = new SaslLayerStream(inner, Layer(isClient: true), leaveOpen: true))
        {
            Assert.True(stream is { CanRead: true, CanWrite: true, CanSeek: false });
            Assert.Throws<NotSupportedException>(() => stream.Length);
            Assert.Throws<NotSupportedException>(() => stream.Position);
            Assert.Throws<NotSupportedException>(() => stream.Seek(0, SeekOrigin.Begin));
            Assert.Throws<NotSupportedException>(() => stream.SetLength(0));
        }
        Assert.True(inner.CanRead);
        new SaslLayerStream(inner, Layer(isClient: true)).Dispose();
        Assert.False(inner.CanRead);
    }

    [Theory]
    [InlineData(1, "auth-int")]
    [InlineData(128, "auth-conf")]
    public async Task After_an_exchange(int ssf, string qop)
    {
        var settings = Digest.Settings with { Policy = new() { MinSsf = ssf, MaxSsf = ssf } };
        var (client, server, _) = await Digest.PlayAsync(settings, settings);
        var (toServer, toClient) = (new Pipe(), new Pipe());
        await using var a = new SaslLayerStream(new Duplex(toClient, toServer), Assert.IsType<SaslOutcome.Success>(client).Layer!);
        await using var b = new SaslLayerStream(new Duplex(toServer, toClient), Assert.IsType<SaslOutcome.Success>(server).Layer!);
        await a.WriteAsync(Encoding.ASCII.GetBytes(qop));
        var buffer = new byte[100];
        Assert.Equal(qop, Encoding.ASCII.GetString(buffer, 0, await b.ReadAsync(buffer)));
        await b.WriteAsync("and back"u8.ToArray());
        Assert.Equal("and back", Encoding.ASCII.GetString(buffer, 0, await a.ReadAsync(buffer)));
    }

    static SecurityLayer Layer(bool isClient, int buffer = 65536) =>
        DigestProtection.All.First(p => p.Cipher == "rc4").Layer(_key, isClient, buffer, SaslSettings.Default with { LongestPacket = buffer })!;

    static byte[] Written(string text)
    {
        var wire = new MemoryStream();
        using var writer = new SaslLayerStream(wire, Layer(isClient: true), leaveOpen: true);
        writer.Write(Encoding.ASCII.GetBytes(text));
        return wire.ToArray();
    }

    static (Stream, Stream) Connect(int buffer)
    {
        var (there, back) = (new Pipe(), new Pipe());
        return (new SaslLayerStream(new Duplex(back, there), Layer(isClient: true, buffer)), new SaslLayerStream(new Duplex(there, back), Layer(isClient: false, buffer)));
    }

    static async Task<byte[]> SendAndReceiveAsync(Stream stream, byte[] text)
    {
        var sending = stream.WriteAsync(text);
        var received = new byte[text.Length];
        await stream.ReadExactlyAsync(received);
        await sending;
        return received;
    }

    /// <summary>A packet that says it is of 2 GiB, and sends them.</summary>
    sealed class Endless : MemoryStream
    {
        int _left = 1 << 16;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Assert.True(_left > 0, "read on and on");
            var count = Math.Min(buffer.Length, _left);
            buffer.Span[..count].Fill(0x7f);
            _left -= count;
            return new(count);
        }
    }
}
