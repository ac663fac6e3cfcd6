namespace Sasl.Mechanisms.Gssapi;

/// <summary>Which layers one side allows on a channel.</summary>
static class LayerPolicy
{
    /// <summary>Weakest strength of a context whose library does not tell it: single DES.</summary>
    const int LeastSsf = 56;

    /// <summary>What a client asks of the context: what a layer may need of it (RFC 4752 §3.1), and proof of the server.</summary>
    public static GssFlags Wanted(SaslSettings settings)
    {
        var flags = GssFlags.Mutual | GssFlags.Sequence;
        if (settings.Policy.MaxSsf == 0 || settings.LongestPacket == 0)
            return flags;
        return flags | GssFlags.Integrity | (settings.Policy.MaxSsf >= LeastSsf ? GssFlags.Confidentiality : 0);
    }

    public static int SsfOf(GssContext context) => Math.Max(context.Ssf() ?? 0, LeastSsf);

    /// <param name="settings">Policy, and whether there may be layers at all.</param>
    /// <param name="channel">What protects the connection already.</param>
    /// <param name="flags">What the context has.</param>
    /// <param name="ssf">Of the context's encryption.</param>
    public static GssLayers Allowed(SaslSettings settings, SaslChannel channel, GssFlags flags, int ssf)
    {
        var (least, most) = (settings.Policy.MinSsf, settings.LongestPacket == 0 ? 0 : settings.Policy.MaxSsf);
        var layers = GssLayers.Nothing;
        if (least <= channel.ExternalSsf)
            layers |= GssLayers.None;
        // RFC 4752 §3.1: who wants a layer has asked for integrity and sequence detection.
        if (!flags.HasFlag(GssFlags.Integrity) || !flags.HasFlag(GssFlags.Sequence))
            return layers;
        if (most >= 1 && least <= Math.Max(1, channel.ExternalSsf))
            layers |= GssLayers.Integrity;
        if (flags.HasFlag(GssFlags.Confidentiality) && most >= ssf && least <= Math.Max(ssf, channel.ExternalSsf))
            layers |= GssLayers.Confidentiality;
        return layers;
    }

    /// <summary>The best of several; <see cref="GssLayers.Nothing"/> of none.</summary>
    public static GssLayers Best(GssLayers layers) =>
        layers.HasFlag(GssLayers.Confidentiality) ? GssLayers.Confidentiality
        : layers.HasFlag(GssLayers.Integrity) ? GssLayers.Integrity
        : layers & GssLayers.None;
}
