namespace Sasl.Hosting.Net;

/// <summary>What lines are written to: one write at a time.</summary>
public interface ILineWriter
{
    /// <summary>Completed when all of it is on its way. Throws IOException when the peer has gone.</summary>
    ValueTask WriteAsync(ReadOnlyMemory<byte> bytes);

    /// <summary>Ends the connection now, from any thread: whoever reads it sees the end.</summary>
    void Abort();
}
