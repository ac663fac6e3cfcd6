namespace Sasl.Protocols.DovecotAuth;

/// <summary>The versions of the auth protocol that we speak, on both sides. Each side does what the smaller minor number can.</summary>
public static class AuthVersion
{
    public const int Major = 1;

    /// <summary>What we can do.</summary>
    public const int Minor = 4;

    /// <summary>An empty resp= is a response of zero length.</summary>
    public const int EmptyResponses = 2;

    /// <summary>"#" and channel_binding=; mechanisms that end in -PLUS; fields without a value are sent as "name=yes".</summary>
    public const int ChannelBindings = 3;

    /// <summary>CANCEL is answered by CANCELLED.</summary>
    public const int Cancelled = 4;
}
