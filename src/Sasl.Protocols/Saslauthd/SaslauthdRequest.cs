namespace Sasl.Protocols.Saslauthd;

/// <summary>One question to saslauthd: is this the password of that user?</summary>
/// <param name="Password">Bytes of the caller's buffer, which zeroes it afterwards.</param>
/// <param name="RemoteAddress">"ip;port" as Cyrus writes it, or null: the optional fifth field.</param>
public sealed record SaslauthdRequest(string Login, ReadOnlyMemory<byte> Password, string Service, string Realm, string? RemoteAddress = null)
{
    /// <summary>The address without the port.</summary>
    public string? RemoteIp => RemoteAddress?.Split(';', 2)[0];
}
