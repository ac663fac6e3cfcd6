using Testing;

namespace Sasl.Credentials.Tests.Remote.Peers;

/// <summary>Debian's Postfix, which asks <see cref="Dovecot"/>: one server for each kind of submission.</summary>
sealed class Postfix
{
    static readonly Lazy<Task<Postfix>> _started = new(() => Task.Run(StartAsync));

    /// <summary>AUTH with and without STARTTLS.</summary>
    public required int Port { get; init; }

    public required int TlsPort { get; init; }

    /// <summary>AUTH under TLS only.</summary>
    public required int StrictPort { get; init; }

    /// <summary>Its Dovecot is not there.</summary>
    public required int BrokenPort { get; init; }

    public static Task<Postfix> GetAsync() => _started.Value;

    static async Task<Postfix> StartAsync()
    {
        var dovecot = await Dovecot.GetAsync();
        var directory = LocalServer.MakeDirectory();
        var ports = Enumerable.Range(0, 4).Select(_ => RunningPostfix.FreePort()).ToArray();
        await Authority.Ours.WriteServerAsync($"{directory}/server.pem");
        RunningPostfix.Configure(directory, $"""
            myhostname = test.example
            smtpd_sasl_auth_enable = yes
            smtpd_sasl_type = dovecot
            smtpd_sasl_path = {dovecot.AuthSocket}
            smtpd_tls_security_level = may
            smtpd_tls_cert_file = {directory}/server.pem
            smtpd_tls_key_file = {directory}/server.pem
            smtpd_error_sleep_time = 0
            smtpd_relay_restrictions = permit_sasl_authenticated, reject
            """,
            $"127.0.0.1:{ports[0]}", $"127.0.0.1:{ports[1]} -o smtpd_tls_wrappermode=yes", $"127.0.0.1:{ports[2]} -o smtpd_tls_auth_only=yes",
            $"127.0.0.1:{ports[3]} -o smtpd_sasl_path=private/none");
        await LocalServer.StartAsync(directory, ["/usr/sbin/postfix", "-c", $"{directory}/conf", "start-fg"], ports);
        return new() { Port = ports[0], TlsPort = ports[1], StrictPort = ports[2], BrokenPort = ports[3] };
    }
}
