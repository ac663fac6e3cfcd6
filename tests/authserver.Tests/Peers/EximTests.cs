using Sasl.Hosting.Unix;
using Testing;
using Xunit.Abstractions;

namespace AuthServer.Tests.Peers;

/// <summary>Exim speaks SMTP on its standard input with -bs; its dovecot authenticator then talks to our socket.</summary>
public sealed class EximTests(ITestOutputHelper output)
{
    const string Exim = "artifacts/peers/usr/sbin/exim4";

    [RequiresFact(root: true, program: Exim)]
    public async Task It_authenticates_its_clients()
    {
        await using var server = await RunningServer.StartedAsync();
        var text = await TalkAsync(server, $"AUTH PLAIN {TestServer.Wrong}\r\nAUTH PLAIN\r\n{TestServer.Wrong}\r\nAUTH LOGIN\r\nYWxpY2U=\r\nd29uZGVybGFuZA==\r\n");
        Assert.Matches("(?s)535 .*334 \r?\n535 .*334 VXNlcm5hbWU6\r?\n334 UGFzc3dvcmQ6\r?\n235 ", text);
    }

    [RequiresFact(root: true, program: Exim)]
    public async Task Plain_with_an_initial_response_and_without_one()
    {
        await using var server = await RunningServer.StartedAsync();
        Assert.Matches("(?s)235 ", await TalkAsync(server, $"AUTH PLAIN {TestServer.Right}\r\n"));
        Assert.Matches("(?s)334 \r?\n235 ", await TalkAsync(server, $"AUTH PLAIN\r\n{TestServer.Right}\r\n"));
    }

    [RequiresFact(root: true, program: Exim)]
    public async Task Without_a_saslauthd_it_says_try_again_and_never_a_wrong_no()
    {
        await using var server = await RunningServer.StartedAsync("passdb {\n  driver = saslauthd\n  args = {dir}/mux\n}");
        var text = await TalkAsync(server, $"AUTH PLAIN {TestServer.Right}\r\n");
        Assert.Contains("435 ", text);
        Assert.DoesNotContain("535 ", text);
    }

    async Task<string> TalkAsync(RunningServer server, string commands)
    {
        Directory.CreateDirectory(server["spool"]);
        File.SetUnixFileMode(server["spool"], (UnixFileMode)0x1FF);
        File.WriteAllText(server["exim.conf"], $"""
            keep_environment =
            primary_hostname = test.example
            spool_directory = {server["spool"]}
            log_file_path = {server["spool/%slog"]}
            acl_smtp_auth = accept
            auth_advertise_hosts = *
            smtp_accept_max_nonmail = 100
            begin authenticators
            dovecot_plain:
              driver = dovecot
              public_name = PLAIN
              server_socket = {server.ClientSocket}
              server_set_id = $auth1
            dovecot_login:
              driver = dovecot
              public_name = LOGIN
              server_socket = {server.ClientSocket}
              server_set_id = $auth1

            """);
        Files.ChangeMode(server["exim.conf"], 0x1A4);
        var (_, text) = await Ran.AsAsync(output, Path.Combine(Binaries.Root, Exim), $"EHLO me\r\n{commands}QUIT\r\n",
            "-C", server["exim.conf"], "-bs", "-oMa", "192.0.2.1");
        return text;
    }
}
