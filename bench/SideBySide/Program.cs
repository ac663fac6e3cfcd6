using System.Diagnostics;
using Sasl.Hosting.Unix;
using SideBySide;
using SideBySide.Contenders;
using SideBySide.Figures;

// sidebyside BIN [--rounds N] [--only mechanism|saslauthd|authserver|start|memory|login|password|delivery|fetch]
// Starts the house and the peers in temporary directories, measures both in turn, prints one table. Status 1 when anything failed or was lost.
string[] figures = ["mechanism", "saslauthd", "authserver", "start", "memory", "login", "password", "delivery", "fetch"];
var (binaries, rounds, only) = ("", 3, figures);
for (var i = 0; i < args.Length; i++)
{
    switch (args[i])
    {
        case "--rounds" when i + 1 < args.Length && int.TryParse(args[i + 1], out rounds):
            i++;
            break;
        case "--only" when i + 1 < args.Length && args[i + 1].Split(',').All(figures.Contains):
            only = args[++i].Split(',');
            break;
        case var directory when binaries.Length == 0 && Directory.Exists(directory):
            binaries = Path.GetFullPath(directory);
            break;
        default:
            Console.Error.WriteLine($"usage: sidebyside BIN [--rounds N] [--only {string.Join(',', figures)}]");
            return 64;
    }
}
if (!Identity.IsRoot)
{
    Console.Error.WriteLine("The side-by-side run starts the system's own mail servers and a shadow account: it needs root.");
    return 77;
}
var clock = Stopwatch.StartNew();
var report = new Report();
try
{
    for (var round = 0; only.Contains("mechanism") && round < rounds; round++)
        MechanismFigure.Run(report, round);
    for (var round = 0; only.Contains("saslauthd") && round < rounds; round++)
        SaslauthdFigure.Run(report, round, rounds, binaries);
    for (var round = 0; only.Contains("authserver") && round < rounds; round++)
        AuthServerFigure.Run(report, round, rounds, binaries);
    // These need no house.
    if (only.All(f => f is "mechanism" or "saslauthd" or "authserver"))
    {
        report.Print(Console.Out);
        return 0;
    }
    using var account = new BenchUsers.SystemAccount();
    if (only.Contains("start"))
    {
        for (var round = 0; round < rounds; round++)
            StartFigure.RunSaslauthd(report, round, binaries);
    }
    using var ourSaslauthd = new OurSaslauthd(binaries);
    using var debianSaslauthd = File.Exists(DebianSaslauthd.Program) ? new DebianSaslauthd() : null;
    using var house = new House(binaries, ourSaslauthd.Socket);
    using var dovecot = File.Exists(Dovecot.Program) ? new Dovecot() : null;
    using var postfix = File.Exists(Postfix.Program) ? new Postfix(dovecot?.AuthSocket) : null;
    var contest = new Contest(report, account.Name, ourSaslauthd, house, debianSaslauthd, dovecot, postfix);
    for (var round = 0; round < (only.Contains("start") ? rounds : 1); round++)
        StartFigure.RunMail(contest, round);
    if (only.Contains("memory"))
        MemoryFigure.Run(contest);
    var duration = TimeSpan.FromSeconds(1.5);
    for (var round = 0; round < rounds; round++)
    {
        Console.Error.WriteLine($"round {round + 1} of {rounds} ({clock.Elapsed.TotalSeconds:0} s)");
        if (only.Contains("login"))
            LoginFigure.Run(contest, round, duration);
        if (only.Contains("password"))
            PasswordFigure.Run(contest, round, duration);
        if (only.Contains("delivery"))
            DeliveryFigure.Run(contest, round);
        if (only.Contains("fetch"))
            FetchFigure.Run(contest, round);
    }
}
catch (Exception failure)
{
    report.Print(Console.Out);
    Console.Error.WriteLine($"FAILED: {(failure is BenchException ? failure.Message : failure)}");
    return 1;
}
report.Print(Console.Out);
Console.WriteLine($"\n{rounds} rounds in {clock.Elapsed.TotalSeconds:0} s; \"ahead\" above 1: we are better, by that factor. Every message was found, every answer was right.");
return 0;
