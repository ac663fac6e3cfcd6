using Interop.Tests.Wire;
using Testing;

namespace Interop.Tests.Peers;

/// <summary>Debian's Postfix as an SMTP server, with Cyrus SASL inside and a database of alice.</summary>
sealed class PostfixServer : ServerPeer
{
    public static readonly PostfixServer Instance = new();

    static readonly Lazy<Task<int>> _port = new(() => Task.Run(StartAsync));

    public override string Name => "Postfix with Cyrus SASL";

    public override string Evidence => "EHLO after STARTTLS, without a mech_list";

    public override string? WhyNot(string mechanism) => mechanism is "GSSAPI" or "GSS-SPNEGO" or "OTP" ? CyrusDatabase.Elsewhere : null;

    protected override async Task<string> AskVersionAsync() => (await LineProgram.RunAsync("postconf", "-d", "-h", "mail_version")).Trim();

    protected override async Task<IReadOnlySet<string>> AskMechanismsAsync()
    {
        await using var connection = await MailConnection.ConnectAsync(isImap: false, await _port.Value, startTls: true);
        return connection.Mechanisms.ToHashSet();
    }

    public override async Task<IServerDialogue> StartAsync(Login login) => await MailConnection.ConnectAsync(isImap: false, await _port.Value, startTls: true);

    static async Task<int> StartAsync()
    {
        var directory = Daemon.MakeDirectory();
        var port = RunningPostfix.FreePort();
        await Certificates.WriteAsync(Certificates.Server, $"{directory}/mail.pem");
        RunningPostfix.Configure(directory, $"""
            myhostname = {CyrusDatabase.Realm}
            smtpd_sasl_auth_enable = yes
            smtpd_sasl_type = cyrus
            smtpd_sasl_path = smtpd
            smtpd_sasl_local_domain = {CyrusDatabase.Realm}
            smtpd_sasl_security_options =
            smtpd_tls_security_level = may
            smtpd_tls_cert_file = {directory}/mail.pem
            smtpd_tls_key_file = {directory}/mail.pem
            smtpd_error_sleep_time = 0
            smtpd_relay_restrictions = permit_sasl_authenticated, reject
            """, $"127.0.0.1:{port}");
        // Debian's looks for it beside main.cf, whatever cyrus_sasl_config_path says.
        Directory.CreateDirectory($"{directory}/conf/sasl");
        await CyrusDatabase.MakeAsync(directory, $"{directory}/conf/sasl/smtpd.conf");
        await LineProgram.RunAsync("chown", "postfix", CyrusDatabase.File(directory));
        await new Daemon(directory, "/usr/sbin/postfix", "-c", $"{directory}/conf", "start-fg").ListensAsync(port);
        return port;
    }
}
