// authserver: runs the SASL mechanisms for everybody who has logins to check, over Dovecot-style auth sockets.
//
// Identity: saslauth, or whoever it is started as; root is given up before the first byte is read, and it cannot exec.
// Listens on: auth-client (AUTH: front ends, and other people's Postfix and Exim), auth-master (REQUEST, USER: the supervisor),
// auth-userdb (USER), and more as configured.
// Trusts: its supervisor; saslauthd and its databases for verdicts; the kernel for the pid and uid of a peer. Distrusts every line.
// If it is taken over: the attacker sees the passwords of those who log in meanwhile and can log in as anybody whose uid the supervisor
// lets pass (never below first_valid_uid); he reads no mail with that alone, and the stored system passwords stay with saslauthd.
using AuthServer.Composition;
using Sasl.Hosting.Daemon;
using Sasl.Hosting.Logging;
using Sasl.Protocols.Supervision;

if (args is ["--self-test"])
    return Checks.Run();
try
{
    if (ChildArguments.TryParse(args) is { } child)
        return await Supervised.RunAsync(child);
    if (StandaloneArguments.TryParse(args, out var problem) is { } standalone)
        return await Standalone.RunAsync(standalone);
    Console.Error.WriteLine($"authserver: {problem}\n{StandaloneArguments.Usage}");
    return ExitCode.Usage;
}
catch (Exception failure)
{
    using var log = new DaemonLog("auth", Facility.Mail, LogTarget.StandardError, LogStyle.Dovecot);
    AuthServer.AuthServerLog.CannotStart(log, $"{failure.GetType().Name}: {failure.Message}");
    return ExitCode.Software;
}
