using Sasl.Mechanisms.Gssapi;

namespace Sasl.Mechanisms.Tests.Gssapi;

public sealed class GssLibraryTests
{
    [Fact]
    public void The_systems_library_is_found() => Assert.True(GssLibrary.IsAvailable, GssLibrary.Missing(SaslSettings.Default));

    [Fact]
    public void A_library_that_is_not_there_is_told_not_thrown() => Assert.Contains("libnothing.so.2", GssLibrary.FindMissing("libnothing.so.2"));

    [Fact]
    public void A_library_without_what_is_needed_is_told_too() => Assert.Contains("gss_acquire_cred_from", GssLibrary.FindMissing("libc.so.6"));

    [Theory]
    [InlineData("GSSAPI")]
    [InlineData("GSS-SPNEGO")]
    public async Task Both_sides_fail_for_now_where_it_is_missing(string name)
    {
        var settings = new SaslSettings { KerberosLibrary = "libnothing.so.2" };
        using var server = new SaslServerSession(SaslMechanisms.Find(name)!, new PasswordBook(), null, settings);
        var refused = Assert.IsType<SaslOutcome.Failure>((await server.StepAsync("token"u8.ToArray())).Outcome);
        Assert.Equal(FailureKind.Temporary, refused.Kind);
        Assert.Contains("library", refused.Reason);
        using var client = new SaslClientSession(SaslMechanisms.Find(name)!, new("alice", "", default) { UseKerberos = true }, null, settings);
        refused = Assert.IsType<SaslOutcome.Failure>((await client.StartAsync()).Outcome);
        Assert.Equal(FailureKind.Temporary, refused.Kind);
    }
}
