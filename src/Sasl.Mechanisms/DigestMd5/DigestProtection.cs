namespace Sasl.Mechanisms;

/// <summary>A quality of protection with its cipher: what follows the exchange.</summary>
/// <param name="Qop">"auth", "auth-int" or "auth-conf".</param>
/// <param name="Cipher">With "auth-conf"; else null.</param>
/// <param name="Ssf">Strength in bits of key; 1 is integrity only.</param>
sealed record DigestProtection(string Qop, string? Cipher, int Ssf)
{
    /// <summary>RFC 2831 §2.1.1: what maxbuf is when it is not said, and the bounds of what may be said.</summary>
    public const int UsualBuffer = 65536, LeastBuffer = 17, GreatestBuffer = 0xffffff;

    /// <summary>The strongest of all.</summary>
    public const int MaxSsf = 128;

    static readonly DigestProtection[] _all =
    [
        new("auth-conf", "rc4", MaxSsf), new("auth-conf", "3des", 112), new("auth-conf", "rc4-56", 56), new("auth-conf", "des", 55), new("auth-conf", "rc4-40", 40),
        new("auth-int", null, 1), new("auth", null, 0),
    ];

    /// <summary>All of them, the strongest first.</summary>
    public static IReadOnlyList<DigestProtection> All => _all;

    /// <summary>What the policy permits on this channel, the strongest first. A layer needs room for packets; none is needed where the channel is strong enough.</summary>
    public static DigestProtection[] Permitted(SaslSettings settings, SaslChannel channel) => Array.FindAll(_all, p =>
        p.Ssf <= settings.Policy.MaxSsf && Math.Max(p.Ssf, channel.ExternalSsf) >= settings.Policy.MinSsf && (p.Ssf == 0 || settings.LongestPacket >= LeastBuffer));

    /// <summary>What we say of ourselves.</summary>
    public static int OwnBuffer(SaslSettings settings) => Math.Min(settings.LongestPacket, GreatestBuffer);

    public bool IsLayer => Ssf > 0;

    /// <summary>Bytes of a packet that are not data, its length among them: MAC, type, number, and up to a block of padding.</summary>
    public int Overhead => Cipher is null ? 4 + 16 : 4 + 25;

    /// <summary>The peer takes packets that have room for data.</summary>
    public bool Fits(int peersBuffer) => !IsLayer || peersBuffer > Overhead;

    /// <param name="sessionKey">H(A1).</param>
    /// <param name="isClient">Our side.</param>
    /// <param name="peersBuffer">What the peer says it takes.</param>
    /// <param name="settings">What we take.</param>
    public SecurityLayer? Layer(byte[] sessionKey, bool isClient, int peersBuffer, SaslSettings settings) =>
        IsLayer ? new DigestLayer(this, sessionKey, isClient, peersBuffer - Overhead, OwnBuffer(settings)) : null;
}
