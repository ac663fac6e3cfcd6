// saslworker: answers one mechanism's share of saslauthd's questions: is this the password of that user?
//
// What it does: gives up root, takes its settings from the socket that it was started with, makes the mechanism, and answers query after query
// until the socket closes. saslauthd alone starts it; there may be several of one mechanism, one query at a time each (shadow, PAM, Kerberos), or one
// process with many at once (servers on the network).
//
// Identity: the worker user of saslauthd.conf ("saslauth"), with the group that may read what the mechanism reads (shadow), or, where root alone may read it,
// with the one capability to read files. No new privileges; no other program is started, but by PAM.
//
// What it trusts: saslauthd, and the files and servers that the administrator named. If it is taken over: the attacker has the passwords that this
// process is asked about from then on, and what its user may read; he cannot ask for more, and saslauthd takes nothing from it but verdicts. He can lie about those:
// whoever owns a mechanism decides who gets in by it.
//
// Invariants:
// 1. Root is given up before the first byte of settings, query or network is read.
// 2. A query's packet, the password in it, is zeroed when its answer is sent.
// 3. Each query ends within the time that saslauthd allows, or the process is killed by it.
using Sasl.Hosting.Logging;
using Sasl.Hosting.Unix;
using Sasl.Protocols.Saslauthd;
using SaslWorker;

Identity.ForbidCoreDumps();
if (args is ["--self-test"])
    return Checks.Run();
if (WorkerArguments.Parse(args) is not { } arguments)
{
    Console.Error.WriteLine("saslworker is started by saslauthd");
    return 64;
}
Rights.GiveUp(arguments);
Identity.Umask(0x3F);
using var log = new BothLogs("saslauthd", Facilities.Parse(arguments.Facility), arguments.IsVerbose ? Microsoft.Extensions.Logging.LogLevel.Debug : Microsoft.Extensions.Logging.LogLevel.Information);
using var channel = Inheritance.Take(arguments.Channel);
if (Beginning.Read(channel, arguments, log) is not { } begun)
    return 78;
await Service.RunAsync(channel, begun.Source, arguments.IsConcurrent, begun.Limit, log);
return 0;
