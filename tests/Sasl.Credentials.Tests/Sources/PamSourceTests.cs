using System.Text;
using Microsoft.Extensions.Logging;
using Sasl.Credentials.Sources;
using Sasl.Credentials.Tests.Pam;
using Sasl.Hosting.Configuration;
using Testing;

namespace Sasl.Credentials.Tests.Sources;

/// <summary>Real stacks of the machine's libpam, with its own modules and one that the test compiles.</summary>
public sealed class PamSourceTests : IDisposable
{
    readonly PamStack _stack = new();
    readonly ListLog _log = new();
    readonly List<PamSource> _sources = [];

    [RequiresFact(root: true)]
    public async Task Pam_unix_with_a_real_account_as_chage_and_usermod_leave_it()
    {
        await using var account = await ThrowawayAccount.CreateAsync(password: "geheim");
        _stack.Write("imap", "auth required pam_unix.so nodelay", "account required pam_unix.so");
        var source = Source();
        var day = DateTimeOffset.UtcNow.ToUnixTimeSeconds() / 86400;
        Assert.Equal(Verdict.Ok, await AskAsync());
        Assert.Equal(new(VerdictKind.Refused, "PAM auth error"), await AskAsync(password: "falsch"));
        Assert.Equal(new(VerdictKind.Refused, "PAM auth error"), await AskAsync(password: ""));
        Assert.Equal(new(VerdictKind.Refused, "PAM auth error"), await AskAsync(user: "no-such-user-here"));
        await account.ChageAsync("-E", $"{day - 1}");
        Assert.Equal(new(VerdictKind.Disabled, "PAM acct error"), await AskAsync());
        await account.ChageAsync("-E", "-1", "-d", $"{day - 10}", "-M", "9");
        Assert.Equal(new(VerdictKind.Expired, "PAM acct error"), await AskAsync());
        await account.ChageAsync("-d", "0");
        Assert.Equal(new(VerdictKind.Expired, "PAM acct error"), await AskAsync());
        Assert.Equal(new(VerdictKind.Refused, "PAM auth error"), await AskAsync(password: "falsch"));
        await account.ChageAsync("-d", $"{day}");
        await account.UsermodAsync("-L");
        Assert.Equal(new(VerdictKind.Refused, "PAM auth error"), await AskAsync());
        await account.UsermodAsync("-U");
        Assert.Equal(Verdict.Ok, await AskAsync());

        Task<Verdict> AskAsync(string? user = null, string password = "geheim") => this.AskAsync(source, user ?? account.Name, password);
    }

    [Theory]
    [InlineData("auth", 0, VerdictKind.Ok, "")]
    [InlineData("auth", 7, VerdictKind.Refused, "PAM auth error")]
    [InlineData("auth", 10, VerdictKind.Refused, "PAM auth error")]
    [InlineData("auth", 11, VerdictKind.Refused, "PAM auth error")]
    [InlineData("auth", 6, VerdictKind.Refused, "PAM auth error")]
    [InlineData("auth", 13, VerdictKind.Disabled, "PAM auth error")]
    [InlineData("auth", 12, VerdictKind.Expired, "PAM auth error")]
    [InlineData("auth", 9, VerdictKind.Unavailable, "PAM auth error")]
    [InlineData("auth", 4, VerdictKind.Unavailable, "PAM auth error")]
    [InlineData("account", 7, VerdictKind.Disabled, "PAM acct error")]
    [InlineData("account", 6, VerdictKind.Disabled, "PAM acct error")]
    [InlineData("account", 10, VerdictKind.Disabled, "PAM acct error")]
    [InlineData("account", 13, VerdictKind.Disabled, "PAM acct error")]
    [InlineData("account", 12, VerdictKind.Expired, "PAM acct error")]
    [InlineData("account", 27, VerdictKind.Expired, "PAM acct error")]
    [InlineData("account", 9, VerdictKind.Unavailable, "PAM acct error")]
    public async Task What_a_modules_status_means(string group, int status, VerdictKind kind, string reason)
    {
        var module = await PamStack.ModuleAsync();
        _stack.Write("imap", $"auth required {(group == "auth" ? $"{module} return={status}" : "pam_permit.so")}",
            $"account required {(group == "account" ? $"{module} return={status}" : "pam_permit.so")}");
        Assert.Equal(new(kind, reason), await AskAsync(Source(), "bob", "geheim"));
    }

    [Fact]
    public async Task Pam_permit_permits_and_pam_deny_denies()
    {
        _stack.Write("imap", "auth required pam_permit.so", "account required pam_permit.so");
        _stack.Write("pop", "auth required pam_deny.so", "account required pam_permit.so");
        _stack.Write("smtp", "auth required pam_permit.so", "account required pam_deny.so");
        var source = Source();
        Assert.Equal(Verdict.Ok, await AskAsync(source, "bob", "geheim"));
        Assert.Equal(new(VerdictKind.Refused, "PAM auth error"), await AskAsync(source, "bob", "geheim", "pop"));
        Assert.Equal("PAM acct error", (await AskAsync(source, "bob", "geheim", "smtp")).Reason);
    }

    [Fact]
    public async Task Modules_hear_who_asks_from_where_and_get_the_password()
    {
        var (script, seen) = (_stack["script"], _stack["seen"]);
        await File.WriteAllTextAsync(script, $"#!/bin/sh\necho \"$PAM_USER|$PAM_RUSER|$PAM_RHOST|$PAM_SERVICE|$PAM_TYPE|$(tr -d '\\0')\" > {seen}\n");
        File.SetUnixFileMode(script, (UnixFileMode)0x1ED);
        _stack.Write("imap", $"auth required pam_exec.so expose_authtok {script}", "account required pam_permit.so");
        Assert.Equal(Verdict.Ok, await AskAsync(Source(), "bob", "Grüße geheim", remote: "192.0.2.7;4711"));
        Assert.Equal("bob|bob|192.0.2.7|imap|auth|Grüße geheim\n", await File.ReadAllTextAsync(seen));
    }

    [Fact]
    public async Task The_same_prompt_is_answered_again_and_another_one_is_not_told_the_password()
    {
        var module = await PamStack.ModuleAsync();
        _stack.Write("imap", $"auth required {module} ask=Password: ask=Password:", "account required pam_permit.so");
        _stack.Write("otp", $"auth required {module} ask=Password: ask=Code:", "account required pam_permit.so");
        var source = Source();
        Assert.Equal(Verdict.Ok, await AskAsync(source, "bob", "geheim"));
        var explanation = new Explanation();
        Assert.Equal(new(VerdictKind.Refused, "PAM auth error"), await AskAsync(source, "bob", "geheim", "otp", explanation: explanation));
        Assert.Contains("PAM asks for more than a password, which cannot be answered: Code:", explanation.Steps);
        Assert.DoesNotContain(explanation.Steps, step => step.Contains("geheim"));
    }

    [Fact]
    public async Task An_open_prompt_gets_the_login_only_where_it_is_pams_own()
    {
        var module = await PamStack.ModuleAsync();
        _stack.Write("imap", $"auth required {module} prompt=Name: show=Name:", "account required pam_permit.so");
        _stack.Write("pop", $"auth required {module} prompt=Name: show=Secret:", "account required pam_permit.so");
        _stack.Write("smtp", $"auth required {module} show=Name:", "account required pam_permit.so");
        var source = Source();
        Assert.Equal(Verdict.Ok, await AskAsync(source, "bob", "geheim"));
        Assert.Equal(VerdictKind.Refused, (await AskAsync(source, "bob", "geheim", "pop")).Kind);
        Assert.Equal(VerdictKind.Refused, (await AskAsync(source, "bob", "geheim", "smtp")).Kind);
    }

    [Theory]
    [InlineData("many=32", VerdictKind.Ok)]
    [InlineData("many=33", VerdictKind.Refused)]
    [InlineData("many=0", VerdictKind.Refused)]
    [InlineData("many=-1", VerdictKind.Refused)]
    [InlineData("say=Locked", VerdictKind.Ok)]
    public async Task Messages_have_a_bound(string argument, VerdictKind kind)
    {
        _stack.Write("imap", $"auth required {await PamStack.ModuleAsync()} {argument}", "account required pam_permit.so");
        Assert.Equal(kind, (await AskAsync(Source(), "bob", "geheim")).Kind);
    }

    [Fact]
    public async Task What_modules_say_is_in_the_explanation_and_the_debug_log()
    {
        _stack.Write("imap", $"auth required {await PamStack.ModuleAsync()} say=locked-for-today return=11");
        var explanation = new Explanation();
        await AskAsync(Source(), "bob", "geheim", explanation: explanation);
        Assert.Equal(["PAM says: locked-for-today", "PAM service imap: pam_authenticate: Have exhausted maximum number of retries for service"], explanation.Steps);
        Assert.Contains("Debug|auth_pam        : pam_authenticate failed: Have exhausted maximum number of retries for service", _log.Lines);
    }

    [Theory]
    [InlineData("../imap")]
    [InlineData("/etc/pam.d/imap")]
    [InlineData("sub/imap")]
    [InlineData(".imap")]
    [InlineData("..")]
    [InlineData("im ap")]
    [InlineData("imap\n")]
    [InlineData("imäp")]
    [InlineData("")]
    [InlineData("aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffggggg")]
    public async Task Path_traversal_a_service_name_is_a_harmless_file_name_or_refused(string service)
    {
        _stack.Write("other", "auth required pam_permit.so", "account required pam_permit.so");
        _stack.Write("imap", "auth required pam_permit.so", "account required pam_permit.so");
        Assert.Equal(new(VerdictKind.Refused, "PAM service not allowed"), await AskAsync(Source(), "bob", "geheim", service));
        Assert.True((await AskAsync(Source(), "bob", "geheim", "submission-2.x_y")).IsOk);
    }

    [Fact]
    public async Task Only_the_services_of_pam_services_when_there_are_any()
    {
        _stack.Write("other", "auth required pam_permit.so", "account required pam_permit.so");
        var source = Source(("pam_services", "imap smtp"));
        Assert.True((await AskAsync(source, "bob", "geheim", "IMAP")).IsOk);
        Assert.Equal("PAM service not allowed", (await AskAsync(source, "bob", "geheim", "su")).Reason);
    }

    [Fact]
    public async Task Nul_truncation_half_a_password_is_none()
    {
        _stack.Write("imap", $"auth required {await PamStack.ModuleAsync()} ask=Password:", "account required pam_permit.so");
        Assert.True((await AskAsync(Source(), "bob", "geheim")).IsOk);
        Assert.Equal(VerdictKind.Refused, (await AskAsync(Source(), "bob", "geheim\0x")).Kind);
        Assert.Equal(VerdictKind.Refused, (await AskAsync(Source(), "bob\0x", "geheim")).Kind);
    }

    [Fact]
    public async Task A_service_without_a_file_and_without_other_is_unavailable()
    {
        Assert.Equal(new(VerdictKind.Unavailable, "PAM start error"), await AskAsync(Source(), "bob", "geheim", "nothing"));
        Assert.Contains(_log.Lines, line => line.StartsWith("Error|auth_pam        : pam_start failed for service nothing", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_module_that_is_missing_lets_nobody_in()
    {
        _stack.Write("imap", "auth required pam_no_such_module_here.so", "account required pam_permit.so");
        Assert.NotEqual(VerdictKind.Ok, (await AskAsync(Source(), "bob", "geheim")).Kind);
    }

    [Fact]
    public async Task A_changed_file_counts_at_once_although_modules_stay_loaded()
    {
        var source = Source();
        _stack.Write("imap", "auth required pam_permit.so", "account required pam_permit.so");
        Assert.True((await AskAsync(source, "bob", "geheim")).IsOk);
        _stack.Write("imap", "auth required pam_deny.so", "account required pam_permit.so");
        Assert.False((await AskAsync(source, "bob", "geheim")).IsOk);
        _stack.Write("imap", "auth required pam_permit.so", "account required pam_permit.so");
        Assert.True((await AskAsync(source, "bob", "geheim")).IsOk);
    }

    [Fact]
    public async Task Modules_stay_loaded_from_one_login_to_the_next()
    {
        _stack.Write("imap", $"auth required {await PamStack.ModuleAsync()} ask=Password:", "account required pam_permit.so");
        using var stacks = new LoadedPamStacks(_stack.Directory);
        for (var i = 0; i < 20; i++)
            stacks.Hold("imap");
        Assert.Equal(1, stacks.Count);
        Assert.Contains("pam_test.so", await File.ReadAllTextAsync("/proc/self/maps"));
        _stack.Write("other", "auth required pam_deny.so");
        for (var i = 0; i < 20; i++)
            stacks.Hold($"service{i}");
        Assert.Equal(8, stacks.Count);
    }

    [Fact]
    public async Task A_failure_waits_as_long_as_modules_like_unless_that_is_switched_off()
    {
        // pam_faildelay asks for a delay that PAM spreads by a half.
        _stack.Write("imap", "auth required pam_faildelay.so delay=400000", "auth required pam_deny.so");
        var watch = System.Diagnostics.Stopwatch.StartNew();
        await AskAsync(Source(), "bob", "geheim");
        Assert.True(watch.ElapsedMilliseconds >= 150, $"{watch.ElapsedMilliseconds}");
        _stack.Write("imap", "auth required pam_faildelay.so delay=60000000", "auth required pam_deny.so");
        await AskAsync(Source(("pam_fail_delay", "no")), "bob", "geheim").WaitAsync(TimeSpan.FromSeconds(20));
    }

    PamSource Source(params (string Name, string Value)[] settings)
    {
        var source = new PamSource(new(null, SaslauthdConf.Create(settings.ToDictionary(s => s.Name, s => s.Value)), new Dictionary<string, ReadOnlyMemory<byte>>(),
            HashWorkers.Inline, _log), _stack.Directory);
        _sources.Add(source);
        return source;
    }

    async Task<Verdict> AskAsync(PamSource source, string user, string password, string service = "imap", string? remote = null, Explanation? explanation = null) =>
        await source.VerifyAsync(new(user, "", service, Encoding.UTF8.GetBytes(password), remote) { Explanation = explanation }, CancellationToken.None);

    public void Dispose()
    {
        _sources.ForEach(source => source.Dispose());
        _stack.Dispose();
    }
}
