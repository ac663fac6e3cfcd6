using System.Text;
using Sasl.Protocols.DovecotAuth;
using Testing;

namespace AuthServer.Tests.Peers;

/// <summary>The program itself with a directory and an issuer's keys, from files as docs/auth-server shows them.</summary>
public sealed class DirectoryAndTokensTests
{
    static readonly TokenIssuer _issuer = new();

    [RequiresFact(program: Slapd.Program)]
    public async Task The_set_ups_of_the_documents_work()
    {
        await using var slapd = await Slapd.StartAsync();
        await using var keys = new WebServer(_ => new(200, _issuer.Jwks()), tls: true);
        await using var server = new RunningServer("""
            auth_mechanisms = plain oauthbearer xoauth2
            passdb {
              driver = oauth2
              mechanisms = oauthbearer xoauth2
              args = {dir}/dovecot-oauth2.conf.ext
            }
            passdb {
              driver = ldap
              args = {dir}/dovecot-ldap.conf.ext
            }
            userdb {
              driver = ldap
              args = {dir}/dovecot-ldap.conf.ext
            }
            """);
        await File.WriteAllTextAsync(server["ca.pem"], TestCertificates.Authority);
        await File.WriteAllTextAsync(server["dovecot-oauth2.conf.ext"], $"""
            introspection_mode = local
            jwks_url = {keys.Url}/certs
            tls_ca_cert_file = {server["ca.pem"]}
            issuers = {TokenIssuer.Name}
            audience = mail
            scope = mail
            openid_configuration_url = https://issuer.example/.well-known/openid-configuration
            """);
        await File.WriteAllTextAsync(server["dovecot-ldap.conf.ext"], $$"""
            uris = {{slapd.TlsUrl}}
            tls_ca_cert_file = {{server["ca.pem"]}}
            dn = {{Slapd.LookupDn}}
            dnpass = {{Slapd.LookupPassword}}
            base = {{Slapd.People}}
            auth_bind = yes
            pass_filter = (&(objectClass=person)(|(uid=%u)(mail=%u)))
            pass_attrs = uid=user
            user_filter = (&(objectClass=person)(|(uid=%u)(mail=%u)))
            user_attrs = =uid=nobody, =gid=nogroup, =home=/var/vmail/%{ldap:uid}, sn=quota_rule=*:bytes=%$
            iterate_filter = (objectClass=person)
            iterate_attrs = uid=user
            """);
        await server.StartAsync();
        await using (var client = new AuthClient(AuthAddress.TryParse(server.ClientSocket)!))
        {
            Assert.Equal((AuthStatus.Ok, "alice"), await AskAsync(client, "PLAIN", "\0ALICE\0geheim"));
            Assert.Equal(AuthStatus.Failed, (await AskAsync(client, "PLAIN", "\0alice\0falsch")).Status);
            Assert.Equal((AuthStatus.Ok, "alice@example.org"), await AskAsync(client, "XOAUTH2", $"user=Alice@example.org\u0001auth=Bearer {_issuer.Sign("ES256", TokenIssuer.Claims(DateTimeOffset.UtcNow))}\u0001\u0001"));
            Assert.Equal(AuthStatus.Failed, (await AskAsync(client, "XOAUTH2", $"user=bob\u0001auth=Bearer {_issuer.Sign("ES256", TokenIssuer.Claims(DateTimeOffset.UtcNow))}\u0001\u0001")).Status);
        }
        await using (var master = new AuthUserdbClient(AuthAddress.TryParse(server.UserdbSocket)!))
        {
            var found = await master.UserAsync("alice", "lmtp", default);
            Assert.Equal(((uint?)65534u, "/var/vmail/alice"), (found.Uid, found.Home));
        }
        Assert.Equal("/certs", keys.Requests.Single().Target);
        foreach (var secret in new[] { "geheim", "falsch", Slapd.LookupPassword, "auth=Bearer" })
            Assert.DoesNotContain(secret, server.Log);
    }

    static async Task<(AuthStatus Status, string User)> AskAsync(AuthClient client, string mechanism, string message)
    {
        var initial = Encoding.ASCII.GetBytes(Convert.ToBase64String(Encoding.UTF8.GetBytes(message)));
        var result = await client.AuthenticateAsync(mechanism, new("smtp") { InitialResponse = initial, NoLogin = true }, _ => ValueTask.FromResult<byte[]?>([]), default);
        return (result.Status, result.User);
    }
}
