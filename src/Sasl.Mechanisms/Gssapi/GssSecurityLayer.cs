using System.Buffers;

namespace Sasl.Mechanisms.Gssapi;

/// <summary>RFC 4752 §3.3: every packet is a wrapped message, encrypted or not. Owns the context.</summary>
sealed class GssSecurityLayer : SecurityLayer
{
    /// <summary>Some peers say that they take 16 MB (Dovecot): nothing longer than this is made of it.</summary>
    const int LongestOwnPacket = 64 * 1024;

    readonly GssContext _context;
    readonly bool _isConfidential;

    GssSecurityLayer(GssContext context, bool isConfidential, int ssf, int longestData, int longestPacket) : base(ssf, longestData, longestPacket) =>
        (_context, _isConfidential) = (context, isConfidential);

    /// <summary>Null for no layer, and, with a failure, where the peer's packets have no room for data.</summary>
    /// <param name="side">Its context is taken.</param>
    /// <param name="layer">One of them.</param>
    /// <param name="longestTaken">Most bytes of a packet that the peer takes.</param>
    /// <param name="settings">For the packets that we take.</param>
    /// <param name="failure">When it cannot be.</param>
    public static GssSecurityLayer? Create(GssSide side, GssLayers layer, int longestTaken, SaslSettings settings, out SaslOutcome.Failure? failure)
    {
        failure = null;
        if (layer == GssLayers.None)
            return null;
        var isConfidential = layer == GssLayers.Confidentiality;
        // RFC 4752 §3.3: the peer's limit is on the wrapped packet.
        var longestData = side.Context.LongestData(isConfidential, Math.Min(longestTaken, LongestOwnPacket));
        var ssf = isConfidential ? LayerPolicy.SsfOf(side.Context) : 1;
        if (longestData > 0)
            return new(side.TakeContext(), isConfidential, ssf, longestData, settings.LongestPacket);
        failure = SaslOutcome.Malformed($"the peer takes packets of {longestTaken} bytes only, too short for a security layer");
        return null;
    }

    protected override byte[] WrapPacket(ReadOnlySpan<byte> data) =>
        _context.Wrap(data, _isConfidential, out var error) ?? throw new InvalidOperationException($"gss_wrap: {error!.Text}");

    protected override bool TryUnwrapPacket(ReadOnlySpan<byte> packet, IBufferWriter<byte> output)
    {
        // What was settled as encrypted must be.
        if (_context.Unwrap(packet, out var wasConfidential, out _) is not { } data || (_isConfidential && !wasConfidential))
            return false;
        output.Write(data);
        return true;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _context.Dispose();
    }
}
