// saslauthd: says whether a password is right, to local programs that may not know passwords themselves.
//
// What it does: listens on DIR/mux, takes one request per connection (login, password, service, realm, perhaps the client's address),
// asks its mechanisms and answers OK or NO. Same wire protocol, options, log lines and exit codes as Cyrus' saslauthd, so it also serves
// Postfix, Exim, Cyrus IMAP and OpenLDAP through libsasl2.
//
// Identity: root when a mechanism needs it (shadow); any user that can read the secrets database for sasldb alone. It gives no rights up
// because reading /etc/shadow is all that it does; the service unit takes the rest away from it.
//
// What it trusts: the files that it is asked to read, and its command line. Not its clients: everybody who may enter DIR may connect, so
// every request has a maximum, every wait a deadline, silent clients are bounded in number, and hashing in threads, queue and memory.
//
// If it is taken over: the attacker has every password hash of the system and each password that is sent from then on. Hence no contact
// with the network, no parser besides 2-byte lengths, no other program started (only itself, once, to detach), no core dumps, buffers zeroed.
//
// Invariants:
// 1. A password is in one pinned buffer, which is zeroed when the reply is sent; it is in no string, log line, exception or core dump.
// 2. A name that does not exist costs the hashing time of one that does and gives the same reply.
// 3. Nothing that one client does or leaves undone makes another one wait, except for a place in the queue of hashes.
// 4. The lock on the pid file is taken before anything in the directory is touched, in the foreground too.
using Microsoft.Extensions.Logging;
using Sasl.Hosting.Unix;
using Saslauthd;

Identity.ForbidCoreDumps();
if (args is ["--self-test"])
    return Checks.Run();
if (StartUp.IsDetached)
    Sessions.Begin();
var (options, refusal) = CommandLine.Parse(args);
using var log = new BothLogs(options is { Verbose: true } ? LogLevel.Debug : LogLevel.Information);
if (options is null)
    return Daemon.Refuse(refusal!, log);
if (!options.Foreground && !StartUp.IsDetached)
    return await StartUp.DetachAsync(args);
Identity.Umask(0x3F);
return await Daemon.RunAsync(options, Identity.RaiseDescriptorLimit(), log);
