using Sasl.Protocols.DovecotAuth;

namespace Sasl.Protocols.Tests.DovecotAuth;

public sealed class AuthAddressTests
{
    [Theory]
    [InlineData("private/auth", "/var/spool/postfix/private/auth")]
    [InlineData("/run/auth", "/run/auth")]
    [InlineData("unix:/run/auth", "/run/auth")]
    [InlineData("inet:127.0.0.1:12345", "inet:127.0.0.1:12345")]
    [InlineData("inet:[::1]:12345", "inet:::1:12345")]
    [InlineData("inet:host", null)]
    [InlineData("inet::1", null)]
    [InlineData("inet:host:0", null)]
    [InlineData("", null)]
    public void Spellings(string text, string? address) => Assert.Equal(address, AuthAddress.TryParse(text, "/var/spool/postfix")?.ToString());
}
