using MailSupervisor.House;
using Microsoft.Extensions.Logging;
using Sasl.Hosting.Configuration;
using Sasl.Hosting.Daemon;
using Sasl.Hosting.Logging;
using Sasl.Hosting.Unix;
using Sasl.Protocols.DovecotAuth;

namespace MailSupervisor;

/// <summary>The program's life: options, configuration, supervisor, signals.</summary>
static class CommandLine
{
    const string Usage = """
        usage: mailsupervisor [-c DIR] [--log=syslog|stderr] [--check]
          -c DIR        the configuration: main.cf, master.cf, dovecot.conf, sasl2/ (default /etc)
          --log=WHERE   syslog (default) or stderr; maillog_file and log_path in the configuration override it
          --check       report every problem of the configuration and end
          --self-test   check the program itself
        """;

    public static async Task<int> RunAsync(string[] args)
    {
        var (directory, target, check) = ("/etc", LogTarget.Syslog, false);
        for (var i = 0; i < args.Length; i++)
        {
            switch (args[i])
            {
                case "-c" when i + 1 < args.Length:
                    directory = args[++i];
                    break;
                case "--log=stderr":
                    target = LogTarget.StandardError;
                    break;
                case "--log=syslog":
                    target = LogTarget.Syslog;
                    break;
                case "--check":
                    check = true;
                    break;
                case "--self-test":
                    return SelfTest.Run("mailsupervisor", ("configuration", () => MailConfiguration.Load("/nonexistent", SystemInfo.Current())),
                        ("accounts", () => SelfTest.Expect(Accounts.Find(0) is not null, "no account with uid 0")),
                        ("descriptor passing", () => Descriptors.Pair(System.Net.Sockets.SocketType.Seqpacket).Item1.Dispose()));
                case "--help":
                    Console.WriteLine(Usage);
                    return ExitCode.Ok;
                default:
                    Console.Error.WriteLine($"mailsupervisor: unknown argument {args[i]}\n{Usage}");
                    return ExitCode.Usage;
            }
        }
        return Plan(directory, out var configuration) is { } plan
            ? check ? ExitCode.Ok : await ServeAsync(plan, configuration, directory, target)
            : ExitCode.Config;
    }

    /// <summary>Reads the configuration and tells every problem. Null when one of them is an error.</summary>
    static HousePlan? Plan(string directory, out MailConfiguration configuration)
    {
        (configuration, var found) = MailConfiguration.Load(directory, SystemInfo.Current());
        var problems = found.ToList();
        HousePlan? plan = null;
        if (!problems.Exists(p => !p.IsWarning))
            plan = HousePlanner.Plan(configuration, problems);
        foreach (var problem in problems)
            Console.Error.WriteLine($"mailsupervisor: {problem}");
        if (plan is null)
            Console.Error.WriteLine($"mailsupervisor: not started: {problems.Count(p => !p.IsWarning)} errors in the configuration");
        return plan;
    }

    static async Task<int> ServeAsync(HousePlan plan, MailConfiguration configuration, string directory, LogTarget target)
    {
        using var lifetime = new Lifetime();
        target = LogFile.Open(configuration, target);
        using var log = new DaemonLog("postfix/master", Facility.Mail, target, LogStyle.Postfix);
        Descriptors.KeepFromChildren();
        Identity.RaiseDescriptorLimit();
        Identity.ForbidCoreDumps();
        await using var users = new AuthMasterClient(AuthAddress.TryParse(plan.AuthMasterPath)!);
        using var supervisor = new Supervisor(plan, AppContext.BaseDirectory, target, new AuthServerUsers(users), TimeProvider.System, log);
        SupervisorLog.Started(log, typeof(CommandLine).Assembly.GetName().Version!.ToString(3), directory);
        try
        {
            await Task.WhenAny(supervisor.StartAsync(), lifetime.WaitAsync()).Unwrap();
        }
        catch (Exception failure) when (failure is IOException or TimeoutException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"mailsupervisor: {failure.Message}");
            await supervisor.StopAsync();
            return ExitCode.Unavailable;
        }
        Readiness.Ready();
        // One reload at a time, the last wish wins.
        using var gate = new SemaphoreSlim(1);
        lifetime.Reload += () => _ = ReloadAsync(supervisor, directory, log, gate);
        await lifetime.WaitAsync();
        Readiness.Stopping();
        await supervisor.StopAsync();
        return ExitCode.Ok;
    }

    static async Task ReloadAsync(Supervisor supervisor, string directory, ILogger log, SemaphoreSlim gate)
    {
        await gate.WaitAsync();
        try
        {
            SupervisorLog.Reloading(log, directory);
            Readiness.Reloading();
            var (configuration, found) = MailConfiguration.Load(directory, SystemInfo.Current());
            var problems = found.ToList();
            var plan = problems.Exists(p => !p.IsWarning) ? null : HousePlanner.Plan(configuration, problems);
            foreach (var problem in problems)
                SupervisorLog.Problem(log, problem.ToString());
            if (plan is null)
                SupervisorLog.ReloadRefused(log, problems.Count(p => !p.IsWarning), problems.First(p => !p.IsWarning).ToString());
            else
                await supervisor.ReloadAsync(plan);
        }
        catch (Exception failure) when (failure is IOException or TimeoutException or UnauthorizedAccessException)
        {
            SupervisorLog.ReloadRefused(log, 1, failure.Message);
        }
        finally
        {
            Readiness.Ready();
            gate.Release();
        }
    }
}
