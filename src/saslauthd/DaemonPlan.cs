using Sasl.Hosting.Configuration;
using Sasl.Hosting.Unix;
using Saslauthd.Requests;
using Saslauthd.Workers;

namespace Saslauthd;

/// <summary>The command line and saslauthd.conf together: what is run, as whom, for whom. Read anew on HUP.</summary>
sealed record DaemonPlan(CommandLine Options, Settings Settings, IReadOnlyList<WorkerPlan> Mechanisms, AccessList Access)
{
    const long LargestFile = 1 << 20;
    const uint OthersMayRead = 4;

    /// <summary>The plan as far as it goes; worth something only when no problem is an error.</summary>
    public static DaemonPlan Read(CommandLine options, List<Problem> problems)
    {
        var files = new Dictionary<string, Settings>();
        var mechanisms = options.Mechanisms.Select(name => MechanismTable.All[name])
            .Select(m => (Mechanism: m, Option: options.OptionOf(m.Name), File: ConfigurationFile(options, m))).ToArray();
        // The daemon's own settings are in the file that a mechanism was given, else in the usual place.
        var main = mechanisms.Select(m => m.File).FirstOrDefault(f => f != options.ConfigurationFile) ?? options.ConfigurationFile;
        foreach (var file in mechanisms.Select(m => m.File).Append(main).Distinct())
            files[file] = ReadFile(file, isDemanded: file != SaslauthdConf.DefaultPath, problems);
        var settings = files[main];
        var account = Identity.IsRoot ? WorkerAccount(main, settings, problems) : null;
        var plans = mechanisms.Select(m => Plan(options, m.Mechanism, m.Option, m.File, files[m.File], settings, account, problems)).ToArray();
        return new(options, settings, plans, AccessList.Read(main, settings, problems));
    }

    static string ConfigurationFile(CommandLine options, Mechanism mechanism) =>
        mechanism.IsConfiguredByFile && options.OptionOf(mechanism.Name) is { } path ? Path.GetFullPath(path) : options.ConfigurationFile;

    static Settings ReadFile(string file, bool isDemanded, List<Problem> problems)
    {
        if (!isDemanded && !File.Exists(file))
            return SaslauthdConf.Create(new Dictionary<string, string>());
        var settings = SaslauthdFile.Parse(file, PostfixFile.Read(file, problems) ?? "", problems);
        if (Files.TargetStatus(file) is { } status && (status.Permissions & OthersMayRead) != 0 && settings.Explicit.Keys.FirstOrDefault(IsSecret) is { } secret)
            problems.Add(new(file, 0, $"everybody can read {secret} in it: chmod 600 {file}", IsWarning: true));
        return settings;
    }

    static bool IsSecret(string name) => SaslauthdConf.Table.Find(name)!.IsSecret;

    static Account? WorkerAccount(string file, Settings settings, List<Problem> problems)
    {
        var name = settings.Text(SaslauthdConf.WorkerUser);
        var account = Accounts.Find(name);
        if (account is null)
            problems.Add(new(file, 0, $"worker_user: there is no user {name} (useradd --system {name}, or name another)"));
        else if (account.Uid == 0 || account.Gid == 0)
            problems.Add(new(file, 0, $"worker_user: {name} is root"));
        return account is { Uid: > 0, Gid: > 0 } ? account : null;
    }

    static WorkerPlan Plan(CommandLine options, Mechanism mechanism, string? option, string file, Settings settings, Settings main, Account? account, List<Problem> problems)
    {
        if (mechanism.Problem(option, settings) is { } problem)
            problems.Add(new(file, 0, $"{mechanism.Name}: {problem}"));
        var asked = options.Workers == 0 ? Environment.ProcessorCount : options.Workers;
        return new(mechanism, option, IdentityOf(mechanism, option, settings, account), settings.Serialize(), Contents(mechanism, settings, file, problems))
        {
            Processes = mechanism.IsConcurrent ? 1 : mechanism.IsComputing ? Math.Min(asked, Environment.ProcessorCount) : asked,
            Limit = main.Time(SaslauthdConf.RequestTimeout),
            State = () => mechanism.State(option, settings),
            IsVerbose = options.Verbose,
            Facility = main.Text(SaslauthdConf.LogFacility),
        };
    }

    static ReaderIdentity? IdentityOf(Mechanism mechanism, string? option, Settings settings, Account? account) =>
        account is null || mechanism.NeedsRoot(settings) ? null : ReaderIdentity.For(account, mechanism.Reads(option, settings));

    static Dictionary<string, ReadOnlyMemory<byte>> Contents(Mechanism mechanism, Settings settings, string file, List<Problem> problems)
    {
        var contents = new Dictionary<string, ReadOnlyMemory<byte>>();
        foreach (var path in mechanism.Files(settings).Where(p => p.Length > 0).Distinct())
        {
            try
            {
                if (new FileInfo(path).Length > LargestFile)
                    problems.Add(new(file, 0, $"{path} is larger than {LargestFile} bytes"));
                else
                    contents[path] = File.ReadAllBytes(path);
            }
            catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
            {
                problems.Add(new(file, 0, unreadable.Message));
            }
        }
        return contents;
    }
}
