using Sasl.Credentials.Native;
using Sasl.Credentials.Sources;

namespace Sasl.Credentials.Tests.Sources;

/// <summary>Also what no KDC of a test says: numbers of RFC 4120 §7.5.9, and of the library from 128 on.</summary>
public sealed class KerberosVerdictTests
{
    const int Base = -1765328384;

    [Theory]
    [InlineData(Base + 6, VerdictKind.Refused)]
    [InlineData(Base + 24, VerdictKind.Refused)]
    [InlineData(Base + 31, VerdictKind.Refused)]
    [InlineData(Base + 1, VerdictKind.Disabled)]
    [InlineData(Base + 12, VerdictKind.Disabled)]
    [InlineData(Base + 18, VerdictKind.Disabled)]
    [InlineData(Base + 23, VerdictKind.Expired)]
    [InlineData(Base + 37, VerdictKind.Unavailable)]
    [InlineData(Base + 156, VerdictKind.Unavailable)]
    [InlineData(Base + 60, VerdictKind.Unavailable)]
    [InlineData(110, VerdictKind.Unavailable)]
    [InlineData(6, VerdictKind.Unavailable)]
    public void Of_authentication(int code, VerdictKind kind) =>
        Assert.Equal(new(kind, "krb5_get_init_creds_password failed"), KerberosVerdict.OfAuthentication(new("krb5_get_init_creds_password", code, "")));

    [Theory]
    [InlineData(Base + 31, VerdictKind.Refused)]
    [InlineData(Base + 41, VerdictKind.Refused)]
    [InlineData(Base + 7, VerdictKind.Unavailable)]
    [InlineData(Base + 181, VerdictKind.Unavailable)]
    [InlineData(2, VerdictKind.Unavailable)]
    public void Of_verification(int code, VerdictKind kind) =>
        Assert.Equal(new(kind, "krb5_verify_init_creds failed"), KerberosVerdict.OfVerification(new("krb5_verify_init_creds", code, "")));
}
