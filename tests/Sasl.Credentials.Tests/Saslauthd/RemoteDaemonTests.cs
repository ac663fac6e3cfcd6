using Sasl.Credentials.Tests.Remote.Peers;
using Testing;

namespace Sasl.Credentials.Tests.Saslauthd;

/// <summary>rimap, imap, smtp and httpform through the whole daemon, on real servers.</summary>
public sealed class RemoteDaemonTests : IDisposable
{
    readonly TemporaryDirectory _directory = new();

    public RemoteDaemonTests()
    {
        // For root only: the daemon reads it, its worker gets what is in it.
        File.WriteAllText(_directory["ca.pem"], Authority.Ours.Pem);
        File.SetUnixFileMode(_directory["ca.pem"], UnixFileMode.UserRead);
        File.WriteAllText(_directory["run.conf"], "");
    }

    string Run => _directory["run"];

    public void Dispose() => _directory.Dispose();

    [RequiresTheory(root: true, program: Dovecot.Program)]
    [InlineData("rimap", "localhost/PORT", "rimap_tls: starttls")]
    [InlineData("imap", "imaps://localhost:TLSPORT", "")]
    [InlineData("smtp", "smtp://localhost:SMTP", "")]
    public async Task By_logging_in_elsewhere(string mechanism, string option, string settings)
    {
        var (dovecot, postfix) = (await Dovecot.GetAsync(), await Postfix.GetAsync());
        await using var daemon = await RunningDaemon.StartWithAsync($"{settings}\nrimap_ca_file: {_directory["ca.pem"]}\nremote_ca_file: {_directory["ca.pem"]}\n", Run,
            "-a", mechanism, "-O", option.Replace("TLSPORT", $"{dovecot.TlsPort}").Replace("PORT", $"{dovecot.Port}").Replace("SMTP", $"{postfix.Port}"));
        Assert.StartsWith("OK", await daemon.AskAsync("alice", "geheim"));
        Assert.StartsWith("NO", await daemon.AskAsync("alice", "falsch"));
        await Eventually.TrueAsync(() => daemon.Lines.Any(l => l.Contains($"[mech={mechanism}] [reason=remote server rejected your credentials]")), "Cyrus' reason is logged");
        var answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(i => daemon.AskAsync("jürgen", i % 2 == 0 ? "pässwörd" : "falsch")));
        Assert.All(answers.Index(), a => Assert.StartsWith(a.Index % 2 == 0 ? "OK" : "NO", a.Item));
        Assert.Single(daemon.Workers);
        Assert.DoesNotContain(daemon.Lines, l => l.Contains("geheim") || l.Contains("falsch") || l.Contains("pässwörd"));
    }

    [RequiresFact(root: true, program: Nginx.Program)]
    public async Task By_asking_a_web_service()
    {
        var nginx = await Nginx.GetAsync();
        await using var daemon = await RunningDaemon.StartWithAsync($$"""
            httpform_tls: yes
            httpform_ca_file: {{_directory["ca.pem"]}}
            httpform_port: {{nginx.TlsPort}}
            httpform_uri: /daemon
            httpform_format: json
            httpform_data: {"user":"%u","password":"%p","rate":"100%%"}
            """, Run, "-a", "httpform");
        Assert.StartsWith("OK", await daemon.AskAsync("alice", "geheim"));
        Assert.StartsWith("NO", await daemon.AskAsync("alice", "falsch"));
        await Eventually.TrueAsync(() => daemon.Lines.Any(l => l.Contains("[mech=httpform] [reason=Forbidden]")), "the service's reason is logged");
    }

    [RequiresTheory(root: true)]
    [InlineData("rimap", null, "", "no server (-O HOST")]
    [InlineData("rimap", "h:143", "", "h:143 is no host name (write host/port)")]
    [InlineData("imap", "h", "", "-O is a URL that begins with imap:// or imaps://")]
    [InlineData("smtp", "imap://h", "", "smtp:// or smtps:// or submission:// or submissions://")]
    [InlineData("httpform", null, "", "httpform_uri is not set")]
    [InlineData("httpform", null, "httpform_uri: /auth", "httpform_data is not set")]
    [InlineData("httpform", null, "httpform_uri: auth\nhttpform_data: p=%p", "auth does not begin with /")]
    [InlineData("httpform", null, "httpform_uri: /auth\nhttpform_data: p=%p%20", "unknown token %2")]
    [InlineData("httpform", null, "httpform_uri: /auth\nhttpform_format: json\nhttpform_data: {\"p\":%p}", "httpform_data is no JSON")]
    [InlineData("httpform", null, "httpform_host: http://h", "http://h is no host name")]
    [InlineData("rimap", "h", "rimap_tls: maybe", "rimap_tls")]
    [InlineData("rimap", "h", "rimap_ca_file: /no/such/file", "/no/such/file")]
    [InlineData("rimap", "h", "rimap_tls: yes\nrimap_ca_file: /etc/passwd", "/etc/passwd: no certificate in it")]
    public async Task A_mistake_is_named_and_the_daemon_does_not_start(string mechanism, string? option, string settings, string expected)
    {
        string[] arguments = ["-a", mechanism, .. option is null ? (string[])[] : ["-O", option]];
        await using var daemon = await RunningDaemon.StartWithAsync(settings, Run, arguments);
        await Eventually.TrueAsync(() => daemon.HasExited, "it ends");
        await Eventually.TrueAsync(() => daemon.Lines.Any(l => l.Contains(expected)), $"says: {expected}", log: () => string.Join('\n', daemon.Lines));
    }
}
