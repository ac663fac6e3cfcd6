using System.Net;
using System.Net.Sockets;
using Sasl.Hosting.Unix;
using Testing;

namespace Sasl.Credentials.Tests.Saslauthd;

/// <summary>Mechanisms whose worker needs a file that root alone may read, through the whole daemon.</summary>
public sealed class FileMechanismTests : IDisposable
{
    readonly TemporaryDirectory _directory = new();

    string Run => _directory["run"];

    [RequiresFact(root: true, program: "/usr/sbin/krb5kdc")]
    public async Task Kerberos_with_a_keytab_of_roots_in_a_process_without_root()
    {
        await using var kdc = await Kdc.StartAsync("EXAMPLE.COM");
        await kdc.AddServiceAsync("host/localhost", kdc["keys"]);
        await kdc.AddUserAsync("bob", "geheim");
        // The library may find its configuration there and no more: also no replay cache.
        File.SetUnixFileMode(Path.GetDirectoryName(kdc.Configuration)!, (UnixFileMode)0x1C9);
        File.SetUnixFileMode(kdc.Configuration, (UnixFileMode)0x1A4);
        Assert.Equal(0x180u, Files.Status(kdc["keys"])!.Value.Permissions);
        await using var daemon = await RunningDaemon.StartWithKerberosAsync($"krb5_keytab: {kdc["keys"]}\nkrb5_servername: localhost\n", kdc.Configuration, Run, "-a", "kerberos5", "-n", "1");
        Assert.Equal("OK", await daemon.AskAsync("bob", "geheim"));
        Assert.Equal("NO authentication failed", await daemon.AskAsync("bob", "falsch"));
        Assert.Contains(daemon.Lines, l => l.EndsWith("[mech=kerberos5] [reason=krb5_get_init_creds_password failed]"));
        var uid = Accounts.Find("saslauth")!.Uid;
        var status = await File.ReadAllLinesAsync($"/proc/{Assert.Single(daemon.Workers)}/status");
        Assert.Contains($"Uid:\t{uid}\t{uid}\t{uid}\t{uid}", status);
        Assert.Contains("CapEff:\t0000000000000000", status);
    }

    [RequiresFact(root: true, program: "/usr/sbin/krb5kdc")]
    public async Task The_realm_is_not_doubled_with_r()
    {
        await using var kdc = await Kdc.StartAsync("EXAMPLE.COM");
        await kdc.AddServiceAsync("host/localhost", kdc["keys"]);
        await kdc.AddUserAsync("bob", "geheim");
        File.SetUnixFileMode(Path.GetDirectoryName(kdc.Configuration)!, (UnixFileMode)0x1C9);
        File.SetUnixFileMode(kdc.Configuration, (UnixFileMode)0x1A4);
        await using var daemon = await RunningDaemon.StartWithKerberosAsync(
            $"krb5_keytab: {kdc["keys"]}\nkrb5_servername: localhost\nkrb5_uppercase_realm: yes\n", kdc.Configuration, Run, "-a", "kerberos5", "-r", "-n", "1");
        Assert.Equal("OK", await daemon.AskAsync("bob", "geheim", "EXAMPLE.COM"));
        Assert.Equal("OK", await daemon.AskAsync("bob", "geheim", "example.com"));
        Assert.Equal("OK", await daemon.AskAsync("bob", "geheim"));
    }

    [RequiresFact(root: true)]
    public async Task A_kdc_that_never_answers_costs_a_worker_and_no_more_than_the_deadline()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var configuration = _directory["krb5.conf"];
        await File.WriteAllTextAsync(configuration,
            "[libdefaults]\n default_realm = EXAMPLE.COM\n dns_lookup_kdc = false\n udp_preference_limit = 1\n[realms]\n"
            + $" EXAMPLE.COM = {{\n  kdc = 127.0.0.1:{((IPEndPoint)silent.LocalEndpoint).Port}\n }}\n");
        await File.WriteAllTextAsync(_directory["keys"], "");
        File.SetUnixFileMode(_directory.Path, (UnixFileMode)0x1C9);
        await using var daemon = await RunningDaemon.StartWithKerberosAsync(
            $"krb5_keytab: {_directory["keys"]}\nkrb5_servername: localhost\nrequest_timeout: 1s\n", configuration, Run, "-a", "kerberos5", "-n", "1");
        var before = Assert.Single(daemon.Workers);
        Assert.Equal("NO internal mechanism failure", await daemon.AskAsync("bob", "geheim"));
        Assert.Contains(daemon.Lines, l => l.EndsWith("[mech=kerberos5] [reason=worker killed: no answer within 2 seconds]"));
        await Eventually.TrueAsync(() => daemon.Workers.Length == 0 || !daemon.Workers.Contains(before), "the worker is gone");
    }

    [RequiresFact(root: true)]
    public async Task A_password_file_by_option_or_by_setting_and_remembered_successes_end_when_it_changes()
    {
        var path = _directory["users"];
        Write("geheim");
        foreach (var (settings, arguments) in new[] { ($"passwdfile: {path}\n", new[] { "-a", "passwdfile", "-c" }), ("", ["-a", "passwdfile", "-O", path, "-c"]) })
        {
            Write("geheim");
            await using var daemon = await RunningDaemon.StartWithAsync(settings, Run, arguments);
            Assert.Equal("OK", await daemon.AskAsync("bob", "geheim"));
            Assert.Equal("OK", await daemon.AskAsync("bob", "geheim"));
            Assert.Contains(daemon.Lines, l => l.Contains("auth success (cached): [user=bob]"));
            Write("anders");
            Assert.Equal("NO authentication failed", await daemon.AskAsync("bob", "geheim"));
            Assert.Equal("OK", await daemon.AskAsync("bob", "anders"));
        }

        void Write(string password)
        {
            File.WriteAllText(path, $"bob:{{PLAIN}}{password}\n");
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    [RequiresFact(root: true)]
    public async Task Passwdfile_without_a_file_does_not_start()
    {
        await using var daemon = await RunningDaemon.StartWithAsync("", Run, "-a", "passwdfile");
        Assert.True(daemon.HasExited);
        Assert.Contains(daemon.Lines, l => l.Contains("passwdfile: no file: -O FILE, or passwdfile: FILE in saslauthd.conf"));
    }

    [RequiresFact(root: true)]
    public async Task Getpwent_reads_the_passwd_database()
    {
        await using var account = await ThrowawayAccount.CreateAsync(password: "anders");
        await account.MoveHashToPasswdAsync(Sasl.Credentials.Native.Crypt.Hash("geheim"u8, "$6$", 1000)!);
        await using var daemon = await RunningDaemon.StartAsync(Run, "-a", "getpwent", "-n", "1");
        Assert.Equal("OK", await daemon.AskAsync(account.Name, "geheim"));
        Assert.Equal("NO authentication failed", await daemon.AskAsync(account.Name, "anders"));
    }

    public void Dispose() => _directory.Dispose();
}
