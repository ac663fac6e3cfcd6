namespace Sasl.Mechanisms;

/// <summary>A cipher of one direction that goes on where the packet before ended. Disposal zeroes its key.</summary>
interface ILayerCipher : IDisposable
{
    /// <summary>Data comes in multiples of this.</summary>
    int BlockSize { get; }

    void Encrypt(Span<byte> data);

    void Decrypt(Span<byte> data);
}
