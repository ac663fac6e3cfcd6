using Interop.Tests.Wire;
using Sasl.Mechanisms;
using Testing;

namespace Interop.Tests.Peers;

/// <summary>Debian's OpenLDAP server with Cyrus SASL inside, which gets channel bindings from its TLS: what the sample programs cannot.</summary>
sealed class LdapServer : ServerPeer
{
    public static readonly LdapServer Instance = new();

    // The type of channel binding is a setting of the whole server.
    static readonly Dictionary<string, Lazy<Task<int>>> _ports = new()
    {
        [ChannelBindings.EndPoint] = new(() => Task.Run(() => StartAsync("tls-endpoint"))),
        [ChannelBindings.Unique] = new(() => Task.Run(() => StartAsync("tls-unique"))),
    };

    public override string Name => "OpenLDAP with Cyrus SASL";

    public override string Evidence => "supportedSASLMechanisms over TLS, with a client certificate";

    public override string? WhyNot(string mechanism) => mechanism is "GSSAPI" or "GSS-SPNEGO" or "OTP" ? CyrusDatabase.Elsewhere : null;

    protected override async Task<string> AskVersionAsync()
    {
        await using var slapd = new LineProgram("slapd", ["-VV"]);
        await slapd.EndAsync();
        return slapd.Errors.Split(' ').SkipWhile(word => word != "slapd").ElementAt(1).Split('+')[0];
    }

    protected override async Task<IReadOnlySet<string>> AskMechanismsAsync()
    {
        await using var connection = await LdapConnection.ConnectAsync(await _ports[ChannelBindings.EndPoint].Value, ChannelBindings.EndPoint, Certificates.Alice);
        return (await connection.MechanismsAsync()).ToHashSet();
    }

    public override async Task<IServerDialogue> StartAsync(Login login)
    {
        var type = login.Binding?.Type ?? ChannelBindings.EndPoint;
        return await LdapConnection.ConnectAsync(await _ports[type].Value, type, login.Mechanism == "EXTERNAL" ? Certificates.Alice : null);
    }

    static async Task<int> StartAsync(string binding)
    {
        var directory = Daemon.MakeDirectory();
        var port = RunningPostfix.FreePort();
        await Certificates.WriteAsync(Certificates.Server, $"{directory}/mail.pem");
        await File.WriteAllTextAsync($"{directory}/ca.pem", Certificates.Authority.ExportCertificatePem());
        Directory.CreateDirectory($"{directory}/data");
        await File.WriteAllTextAsync($"{directory}/slapd.conf", $"""
            include /etc/ldap/schema/core.schema
            modulepath /usr/lib/ldap
            moduleload back_mdb
            pidfile {directory}/pid
            TLSCertificateFile {directory}/mail.pem
            TLSCertificateKeyFile {directory}/mail.pem
            TLSCACertificateFile {directory}/ca.pem
            TLSVerifyClient allow
            sasl-host localhost
            sasl-realm example.org
            sasl-secprops none
            sasl-cbinding {binding}
            authz-regexp uid=([^,@]*)(@[^,]*)?,.*cn=auth uid=$1,dc=example
            authz-regexp cn=(.*) uid=$1,dc=example
            password-hash {"{CLEARTEXT}"}
            database mdb
            suffix dc=example
            directory {directory}/data

            """);
        await File.WriteAllTextAsync($"{directory}/data.ldif", $"""
            dn: dc=example
            objectClass: organization
            objectClass: dcObject
            o: example
            dc: example

            dn: uid=alice,dc=example
            objectClass: person
            objectClass: uidObject
            uid: alice
            cn: Alice
            sn: Alice
            userPassword: {Login.Right}

            """);
        var made = await LineProgram.RunAsync("sh", "-c", $"slapadd -f {directory}/slapd.conf -l {directory}/data.ldif 2>&1");
        Assert.True(made.Length == 0, made);
        var daemon = new Daemon(directory, "slapd", "-d", "0", "-f", $"{directory}/slapd.conf", "-h", $"ldaps://127.0.0.1:{port}");
        await daemon.ListensAsync(port);
        return port;
    }
}
