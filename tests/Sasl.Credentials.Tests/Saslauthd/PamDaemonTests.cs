using Sasl.Credentials.Tests.Pam;
using Sasl.Hosting.Unix;
using Testing;

namespace Sasl.Credentials.Tests.Saslauthd;

/// <summary>PAM through the whole daemon: stacks that run without root, hang and crash.</summary>
public sealed class PamDaemonTests : IDisposable
{
    const string Permit = "account required pam_permit.so", Unanswered = "NO internal mechanism failure";

    readonly TemporaryDirectory _directory = new();

    string Run => _directory["run"];

    [RequiresFact(root: true)]
    public async Task Pam_unix_works_in_a_process_without_root()
    {
        using var service = new SystemPamService("auth required pam_unix.so nodelay", "account required pam_unix.so");
        await using var account = await ThrowawayAccount.CreateAsync("geheim");
        await using var daemon = await RunningDaemon.StartAsync(Run, "-a", "pam", "-n", "1");
        Assert.Equal("OK", await AskAsync("geheim"));
        Assert.Equal("NO authentication failed", await AskAsync("falsch"));
        await account.ChageAsync("-E", "1");
        Assert.Equal("NO PAM acct error", await AskAsync("geheim"));
        Assert.Contains(daemon.Lines, l => l.EndsWith($"auth failure: [user={account.Name}] [service={service.Name}] [realm=] [mech=pam] [reason=PAM auth error]"));
        Assert.Contains(daemon.Lines, l => l.EndsWith($"auth failure: [user={account.Name}] [service={service.Name}] [realm=] [mech=pam] [reason=PAM acct error]"));
        var status = await File.ReadAllLinesAsync($"/proc/{Assert.Single(daemon.Workers)}/status");
        var uid = Accounts.Find("saslauth")!.Uid;
        Assert.Contains($"Uid:\t{uid}\t{uid}\t{uid}\t{uid}", status);
        Assert.Contains("CapEff:\t0000000000000000", status);
        Assert.Contains("NoNewPrivs:\t1", status);

        async Task<string?> AskAsync(string password) => await daemon.AskAsync(account.Name, password, service: service.Name);
    }

    [RequiresTheory(root: true)]
    [InlineData("", false)]
    [InlineData("pam_user: root\n", true)]
    public async Task Pam_rootok_a_stack_for_root_lets_nobody_in_where_the_worker_is_not_root(string settings, bool isRoot)
    {
        using var service = new SystemPamService("auth sufficient pam_rootok.so", "auth required pam_deny.so", Permit);
        await using var daemon = await RunningDaemon.StartWithAsync(settings, Run, "-a", "pam", "-n", "1");
        Assert.Equal(isRoot ? "OK" : "NO authentication failed", await daemon.AskAsync("root", "anything", service: service.Name));
    }

    [RequiresFact(root: true)]
    public async Task A_stack_may_start_programs_which_see_the_client_and_nothing_of_the_daemons()
    {
        var seen = _directory["seen"];
        File.SetUnixFileMode(_directory.Path, (UnixFileMode)0x1FF);
        var script = _directory["script"];
        await File.WriteAllTextAsync(script, $"#!/bin/sh\n(echo \"$PAM_RHOST $PAM_RUSER $(id -u)\"; ls /proc/self/fd | wc -l; env) > {seen}\n");
        File.SetUnixFileMode(script, (UnixFileMode)0x1ED);
        using var service = new SystemPamService($"auth required pam_exec.so {script}", Permit);
        await using var daemon = await RunningDaemon.StartAsync(Run, "-a", "pam", "-n", "1");
        Assert.Equal("OK", await daemon.AskAsync("bob", "geheim", remote: "192.0.2.7;4711", service: service.Name));
        var lines = await File.ReadAllLinesAsync(seen);
        Assert.Equal($"192.0.2.7 bob {Accounts.Find("saslauth")!.Uid}", lines[0]);
        Assert.DoesNotContain(lines, l => l.Contains("geheim"));
    }

    [RequiresFact(root: true)]
    public async Task A_stack_that_sleeps_past_the_deadline_is_killed_and_others_go_on()
    {
        var module = await PamStack.ModuleAsync();
        using var slow = new SystemPamService($"auth required {module} sleep=60", Permit);
        using var good = new SystemPamService($"auth required {module} ask=Password:", Permit);
        await using var daemon = await RunningDaemon.StartWithAsync("request_timeout: 1s\n", Run, "-a", "pam", "-n", "2");
        Assert.Equal("OK", await daemon.AskAsync("bob", "geheim", service: good.Name));
        var hanging = daemon.AskAsync("bob", "geheim", service: slow.Name);
        for (var i = 0; i < 20; i++)
            Assert.Equal("OK", await daemon.AskAsync("bob", "geheim", service: good.Name));
        Assert.Equal(Unanswered, await hanging);
        Assert.Contains(daemon.Lines, l => l.EndsWith($"[service={slow.Name}] [realm=] [mech=pam] [reason=worker killed: no answer within 2 seconds]"));
        // Both workers' places are free again.
        Assert.All(await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => daemon.AskAsync("bob", "geheim", service: good.Name))), reply => Assert.Equal("OK", reply));
    }

    [RequiresFact(root: true)]
    public async Task A_stack_that_crashes_takes_one_worker_with_it_and_nothing_else()
    {
        var module = await PamStack.ModuleAsync();
        using var crashing = new SystemPamService($"auth required {module} crash", Permit);
        using var good = new SystemPamService($"auth required {module} ask=Password:", Permit);
        await using var daemon = await RunningDaemon.StartAsync(Run, "-a", "pam", "-n", "2");
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(Unanswered, await daemon.AskAsync("bob", "geheim", service: crashing.Name));
            Assert.Equal("OK", await daemon.AskAsync("bob", "geheim", service: good.Name));
            Assert.Equal("NO authentication failed", await daemon.AskAsync("bob", "falsch", service: good.Name));
        }
        Assert.False(daemon.HasExited);
    }

    public void Dispose() => _directory.Dispose();
}
