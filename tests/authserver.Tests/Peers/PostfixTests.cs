using System.Diagnostics;
using Sasl.Credentials.Sources;
using Testing;

namespace AuthServer.Tests.Peers;

/// <summary>smtpd_sasl_type = dovecot, with a real Postfix in front of our socket.</summary>
public sealed class PostfixTests
{
    const string Postfix = "/usr/sbin/postfix", ThroughSaslauthd = "passdb {\n  driver = saslauthd\n  args = {dir}/run/mux\n}";

    const string Greeted = """
        S: 220 *
        C: EHLO me
        S: 250-*
        S: 250-PIPELINING
        S: 250-SIZE *
        S: 250-VRFY
        S: 250-ETRN
        S: 250-AUTH PLAIN LOGIN
        S: 250-ENHANCEDSTATUSCODES
        S: 250-8BITMIME
        S: 250-DSN
        S: 250-SMTPUTF8
        S: 250 CHUNKING

        """;

    [RequiresFact(root: true, program: Postfix)]
    public async Task It_authenticates_its_clients()
    {
        await using var server = await RunningServer.StartedAsync();
        await using var postfix = await RealPostfix.StartAsync(server.ClientSocket);
        using var client = await postfix.ConnectAsync();
        await Dialogue.PlayAsync(client.GetStream(), Greeted + $"""
            C: AUTH PLAIN {TestServer.Wrong}
            S: 535 5.7.8 Error: authentication failed: *
            C: AUTH PLAIN ====
            S: 535 5.7.8 Error: authentication failed: Invalid base64 data in initial response
            C: AUTH PLAIN =
            S: 535 5.7.8 Error: authentication failed: *
            C: AUTH LOGIN
            S: 334 VXNlcm5hbWU6
            C: *
            S: 501 5.7.0 Authentication aborted
            C: AUTH LOGIN YWxpY2U=
            S: 334 UGFzc3dvcmQ6
            C: d3Jvbmc=
            S: 535 5.7.8 Error: authentication failed: *
            C: AUTH PLAIN
            S: 334*
            C: {TestServer.Right}
            S: 235 2.7.0 Authentication successful
            C: QUIT
            S: 221 *
            """, Pace.ByLine);
        // fail2ban and administrators want to know whom.
        await Eventually.TrueAsync(() => postfix.Log.Contains("SASL PLAIN authentication failed"), "it is logged");
    }

    // The auth server is restarted (an upgrade) while an smtpd keeps its connection and its client.
    [RequiresFact(root: true, program: Postfix)]
    public async Task A_restart_of_the_auth_server_costs_no_session_and_no_wrong_no()
    {
        await using var server = await RunningServer.StartedAsync();
        await using var postfix = await RealPostfix.StartAsync(server.ClientSocket);
        using var client = await postfix.ConnectAsync();
        var stream = client.GetStream();
        await Dialogue.PlayAsync(stream, Greeted + $"""
            C: AUTH PLAIN {TestServer.Wrong}
            S: 535 5.7.8 Error: authentication failed: *
            """, Pace.ByLine);
        await server.StopAsync();
        await Dialogue.PlayAsync(stream, $"""
            C: AUTH PLAIN {TestServer.Right}
            S: 454 4.7.0 Temporary authentication failure: *
            """, Pace.ByLine);
        await server.StartAsync();
        await Dialogue.PlayAsync(stream, $"""
            C: AUTH PLAIN {TestServer.Wrong}
            S: 535 5.7.8 Error: authentication failed: *
            """, Pace.ByLine);
        await server.StopAsync();
        await server.StartAsync();
        await Dialogue.PlayAsync(stream, $"""
            C: AUTH PLAIN {TestServer.Right}
            S: 235 2.7.0 Authentication successful
            C: QUIT
            S: 221 *
            """, Pace.ByLine);
    }

    [RequiresFact(root: true, program: Postfix)]
    public async Task A_saslauthd_that_is_gone_or_stuck_is_454_and_never_535()
    {
        await using var server = await RunningServer.StartedAsync(ThroughSaslauthd);
        await using var postfix = await RealPostfix.StartAsync(server.ClientSocket);
        using var client = await postfix.ConnectAsync();
        var stream = client.GetStream();
        await Dialogue.PlayAsync(stream, Greeted + $"""
            C: AUTH PLAIN {TestServer.Right}
            S: 454 4.7.0 Temporary authentication failure: *
            """, Pace.ByLine);
        using var saslauthd = await StartSaslauthdAsync(server);
        try
        {
            await Dialogue.PlayAsync(stream, $"""
                C: AUTH PLAIN {TestServer.Wrong}
                S: 535 5.7.8 Error: authentication failed: *
                """, Pace.ByLine);
            Kill(saslauthd, "STOP");
            await Dialogue.PlayAsync(stream, $"""
                C: AUTH PLAIN {TestServer.Right}
                S: 454 4.7.0 Temporary authentication failure: *
                """, Pace.ByLine);
            Kill(saslauthd, "CONT");
            await Dialogue.PlayAsync(stream, $"""
                C: AUTH PLAIN {TestServer.Right}
                S: 235 2.7.0 Authentication successful
                C: QUIT
                S: 221 *
                """, Pace.ByLine);
        }
        finally
        {
            Kill(saslauthd, "CONT");
            Kill(saslauthd, "TERM");
            await saslauthd.WaitForExitAsync();
        }
    }

    static async Task<Process> StartSaslauthdAsync(RunningServer server)
    {
        var secrets = new Sasldb(server["daemon.db"]);
        secrets.Create();
        secrets.Set("alice", "", Sasldb.PasswordKind, "{PLAIN}" + TestServer.Password);
        var saslauthd = Process.Start(Binaries.Path("saslauthd"), ["-f", "-a", "sasldb", "-O", secrets.Path, "-m", server["run"]]);
        await Eventually.TrueAsync(() => File.Exists(server["run/mux"]), "saslauthd listens");
        return saslauthd;
    }

    static void Kill(Process process, string signal) => Process.Start("/bin/kill", [$"-{signal}", process.Id.ToString()]).WaitForExit();
}
