using Sasl.Protocols.DovecotAuth;

namespace Fuzz;

/// <summary>smtpd_sasl_path: an address or none; what it prints means the same.</summary>
static class AuthAddressTarget
{
    public static readonly string[] Seeds = ["private/auth", "unix:/run/auth", "inet:127.0.0.1:12345", "inet:[::1]:1", "inet::1", "inet:x:99999", "/abs/auth", "unix:"];

    public static void Run(ReadOnlySpan<byte> input)
    {
        if (AuthAddress.TryParse(Bytes.Utf8(input), "/var/spool/postfix") is not { } address)
            return;
        Check.That(address.Path is { Length: > 0 } || address is { Host.Length: > 0, Port: > 0 }, "an address that leads nowhere");
        if (address.Path is null)
            Check.Same(address, AuthAddress.TryParse(address.ToString()), "an address printed and read");
    }
}
