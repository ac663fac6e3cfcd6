using Sasl.Mechanisms.Gssapi;

namespace Sasl.Mechanisms.Tests.Gssapi;

public sealed class GssLibraryTests
{
    [Fact]
    public void The_systems_library_is_found() => Assert.True(GssLibrary.IsAvailable, GssLibrary.Missing);

    [Fact]
    public void A_library_that_is_not_there_is_told_not_thrown() => Assert.Contains("libnothing.so.2", GssLibrary.FindMissing("libnothing.so.2", "gss_wrap"));

    [Fact]
    public void A_library_without_what_is_needed_is_told_too() => Assert.Contains("gss_nothing", GssLibrary.FindMissing("libgssapi_krb5.so.2", "gss_wrap", "gss_nothing"));
}
