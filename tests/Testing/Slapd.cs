using System.Diagnostics;
using System.Net.Sockets;
using Xunit;

namespace Testing;

/// <summary>Debian's OpenLDAP server with a small directory: ldap with StartTLS, ldaps, ldapi. Only cn=lookup may see entries and passwords.</summary>
public sealed class Slapd : IAsyncDisposable
{
    public const string Program = "/usr/sbin/slapd", LookupDn = "cn=lookup,dc=example", LookupPassword = "nachsehen", People = "ou=people,dc=example";

    readonly TemporaryDirectory _directory = new();
    IReadOnlyDictionary<string, string> _environment = new Dictionary<string, string>();
    Process? _process;

    Slapd() => (Port, TlsPort) = (RunningPostfix.FreePort(), RunningPostfix.FreePort());

    public int Port { get; }

    public int TlsPort { get; }

    public string Url => $"ldap://127.0.0.1:{Port}/";

    public string TlsUrl => $"ldaps://localhost:{TlsPort}/";

    public string LocalUrl => $"ldapi://{Uri.EscapeDataString(_directory["ldapi"])}/";

    public string Authority => _directory["ca.pem"];

    public string Log => File.Exists(_directory["out"]) ? File.ReadAllText(_directory["out"]) : "";

    /// <param name="entries">LDIF of more entries.</param>
    /// <param name="environment">Beside the test's own.</param>
    public static async Task<Slapd> StartAsync(string entries = "", IReadOnlyDictionary<string, string>? environment = null)
    {
        var slapd = new Slapd();
        slapd._environment = environment ?? slapd._environment;
        await slapd.WriteAsync(entries);
        await slapd.ServeAsync();
        return slapd;
    }

    /// <summary>Starts it again, with the same directory, on the same ports.</summary>
    public async Task ServeAsync()
    {
        File.Delete(_directory["ldapi"]);
        var start = new ProcessStartInfo("sh",
            ["-c", "exec \"$0\" -d stats -f \"$1/slapd.conf\" -h \"$2\" >>\"$1/out\" 2>&1 </dev/null", Program, _directory.Path, $"{Url} {TlsUrl} {LocalUrl}"]);
        foreach (var (name, value) in _environment)
            start.Environment[name] = value;
        _process = Process.Start(start)!;
        foreach (var port in new[] { Port, TlsPort })
            await Eventually.TrueAsync(() => Listens(port), $"slapd listens on {port}", TimeSpan.FromSeconds(30), () => Log);
    }

    /// <summary>It hangs: connections are taken by the kernel, and nobody answers.</summary>
    public Task StopAsync() => SignalAsync("STOP");

    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { } process)
        {
            if (!process.HasExited)
                process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }
        _directory.Dispose();
    }

    async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{_process!.Id}"]);
        await kill.WaitForExitAsync();
        Assert.Equal(0, kill.ExitCode);
    }

    async Task WriteAsync(string entries)
    {
        await File.WriteAllTextAsync(Authority, TestCertificates.Authority);
        await File.WriteAllTextAsync(_directory["server.pem"], TestCertificates.Server.Certificate + "\n" + TestCertificates.Server.Key + "\n");
        Directory.CreateDirectory(_directory["data"]);
        await File.WriteAllTextAsync(_directory["slapd.conf"], $"""
            include /etc/ldap/schema/core.schema
            include /etc/ldap/schema/cosine.schema
            include /etc/ldap/schema/nis.schema
            modulepath /usr/lib/ldap
            moduleload back_mdb
            TLSCertificateFile {_directory["server.pem"]}
            TLSCertificateKeyFile {_directory["server.pem"]}
            sasl-host localhost
            sasl-realm example.org
            sasl-secprops none
            authz-regexp gidNumber=.*cn=peercred,cn=external,cn=auth {LookupDn}
            authz-regexp uid=lookup(@[^,]*)?,.*cn=auth {LookupDn}
            authz-regexp uid=([^,@]*)(@[^,]*)?,.*cn=auth uid=$1,{People}
            password-hash {"{CLEARTEXT}"}
            idletimeout 0
            database mdb
            suffix dc=example
            directory {_directory["data"]}
            limits dn.exact={LookupDn} size.soft=500 size.hard=500 size.pr=500 size.prtotal=unlimited
            access to attrs=userPassword by dn={LookupDn} write by anonymous auth by * none
            access to dn.subtree=ou=groups,dc=example by dn={LookupDn} read by users compare by * none
            access to * by dn={LookupDn} read by anonymous auth by * none

            """);
        await File.WriteAllTextAsync(_directory["data.ldif"], $"""
            dn: dc=example
            objectClass: organization
            objectClass: dcObject
            o: example
            dc: example

            dn: {LookupDn}
            objectClass: organizationalRole
            objectClass: simpleSecurityObject
            cn: lookup
            userPassword: {LookupPassword}

            dn: {People}
            objectClass: organizationalUnit
            ou: people

            dn: ou=groups,dc=example
            objectClass: organizationalUnit
            ou: groups

            dn: cn=mail,ou=groups,dc=example
            objectClass: groupOfUniqueNames
            cn: mail
            uniqueMember: uid=alice,{People}
            description: alice

            {Person("alice", "geheim")}
            {Person("bob", "bobs")}
            {Person("twice", "zweimal")}
            {Person("twice", "zweimal", "twice2")}
            {entries}
            """);
        using var made = Process.Start(new ProcessStartInfo("/usr/sbin/slapadd", ["-f", _directory["slapd.conf"], "-l", _directory["data.ldif"]]) { RedirectStandardError = true })!;
        var error = await made.StandardError.ReadToEndAsync();
        await made.WaitForExitAsync();
        Assert.True(made.ExitCode == 0, error);
    }

    /// <summary>LDIF of a user.</summary>
    public static string Person(string uid, string password, string? rdn = null) => $"""
        dn: {(rdn is null ? $"uid={uid}" : $"cn={rdn}")},{People}
        objectClass: person
        objectClass: uidObject
        uid: {uid}
        cn: {rdn ?? uid}
        sn: {uid}
        userPassword: {password}


        """;

    static bool Listens(int port)
    {
        try
        {
            using var probe = new TcpClient("127.0.0.1", port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
