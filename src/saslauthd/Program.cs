// saslauthd: says whether a password is right, to local programs that may not know passwords themselves.
//
// What it does: listens on DIR/mux, takes one request per connection (login, password, service, realm, perhaps the client's address), asks the workers of its
// mechanisms and answers OK or NO. Same wire protocol, options, log lines and exit codes as Cyrus' saslauthd, so it also serves Postfix, Exim, Cyrus IMAP
// and OpenLDAP through libsasl2.
//
// Identity: root, to bind DIR/mux and to start workers as other users; any user for mechanisms that need no right of root's. It looks nothing up itself: no password
// file, no plug-in, no server. Each mechanism is in processes of its own (saslworker), which give up root before they read anything.
//
// Besides, root and its own user can ask it on DIR/control who is remembered, and how an answer comes about; nobody hears a password or a hash there.
//
// What it trusts: the files that it is asked to read, and its command line. Not its clients: everybody who may enter DIR may connect, so every request has a maximum,
// every wait a deadline, silent clients are bounded in number, and requests in all and by uid. Not its workers: their answers are parsed as a stranger's, one that
// hangs is killed.
//
// If it is taken over: the attacker has each password that is sent from then on, and root. Hence no contact with the network, no parser besides 2-byte lengths and
// the administrator's own files, no other program started but its workers (and itself, once, to detach), no core dumps, buffers zeroed.
//
// Invariants:
// 1. A password is in one pinned buffer and the packets to workers, which are zeroed when the reply is sent; it is in no string, log line, exception or core dump.
// 2. A name that does not exist costs the hashing time of one that does and gives the same reply.
// 3. Nothing that one client does or leaves undone makes another one wait, except for a place in the queue of its mechanism, where each uid has its turn.
// 4. The lock on the pid file is taken before anything in the directory is touched, in the foreground too.
// 5. Nobody is answered OK but by a worker's word, or by what a worker said of the same password before.
using Microsoft.Extensions.Logging;
using Sasl.Hosting.Configuration;
using Sasl.Hosting.Daemon;
using Sasl.Hosting.Logging;
using Sasl.Hosting.Unix;
using Saslauthd;
using Saslauthd.Defaults;

Identity.ForbidCoreDumps();
if (args is ["--self-test"])
    return Checks.Run();
if (StartUp.IsDetached)
    Sessions.Begin();
var arguments = args;
if (args is ["--defaults", ..])
{
    using var console = new BothLogs("saslauthd", Facility.Auth, LogLevel.Information);
    var found = new List<Problem>();
    var defaults = DefaultsArguments.Expand(args, found);
    if (Daemon.Report(found, console))
        return ExitCode.Config;
    if (!defaults!.IsEnabled)
    {
        console.Warned($"To enable saslauthd, edit {defaults.File} and set START=yes");
        // As the start script has it: not started, and no failure.
        Readiness.Ready();
        return 0;
    }
    arguments = [.. defaults.Arguments];
}
var (options, refusal) = CommandLine.Parse(arguments);
var minimum = options is { Verbose: true } ? LogLevel.Debug : LogLevel.Information;
using var early = new BothLogs("saslauthd", Facility.Auth, minimum);
if (options is null)
    return Daemon.Refuse(refusal!, early);
if (!options.Foreground && !StartUp.IsDetached)
    return await StartUp.DetachAsync(arguments);
Identity.Umask(0x3F);
Descriptors.KeepFromChildren();
var problems = new List<Problem>();
var plan = DaemonPlan.Read(options, problems);
if (Daemon.Report(problems, early))
    return 1;
using var log = new BothLogs("saslauthd", Facilities.Parse(plan.Settings.Text(SaslauthdConf.LogFacility)), minimum);
return await Daemon.RunAsync(plan, Identity.RaiseDescriptorLimit(), log);
