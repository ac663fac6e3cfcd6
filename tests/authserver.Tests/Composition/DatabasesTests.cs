using AuthServer.Composition;
using Microsoft.Extensions.Logging.Abstractions;
using Sasl.Hosting.Configuration;
using Sasl.Protocols.DovecotAuth;

namespace AuthServer.Tests.Composition;

public sealed class DatabasesTests
{
    [Fact]
    public void Every_problem_is_told_at_once()
    {
        using var databases = new Databases();
        var problems = new List<string>();
        var host = databases.Open(new AuthServerSettings
        {
            Passdbs = [new("saslautd", ""), new("saslauthd", "")], Userdbs = [new("pasdwd", ""), new("passwd", "nonsense")],
        }.With(DovecotConf.AuthMechanisms, "plan login scram-sha-256 xoauth2").With(DovecotConf.AuthUsernameFormat, "%x"), NullLogger.Instance, TimeProvider.System, problems);
        Assert.Null(host);
        Assert.Equal(
        [
            "unknown passdb driver \"saslautd\" (did you mean \"saslauthd\"?)",
            "unknown userdb driver \"pasdwd\" (did you mean \"passwd\"?)",
            "userdb passwd: unknown argument nonsense",
            "unknown mechanism in auth_mechanisms \"plan\" (did you mean \"plain\"?)",
            "auth_mechanisms: scram-sha-256 needs a passdb with stored secrets (sasldb, passwd-file, sql, ldap); this one only verifies passwords",
            "auth_mechanisms: xoauth2 needs a passdb oauth2",
            "auth_username_format: unknown variable %x",
        ], problems);
    }

    [Fact]
    public void Without_a_passdb_there_is_no_start()
    {
        using var databases = new Databases();
        var problems = new List<string>();
        Assert.Null(databases.Open(new AuthServerSettings(), NullLogger.Instance, TimeProvider.System, problems));
        Assert.Equal(["there is no passdb: nobody could log in"], problems);
    }
}
