// testsaslauthd: asks a running saslauthd about one user, with the output and the exit codes of Cyrus' program of that name. With --explain root hears how the
// answer came about. Called saslcache it is another of Cyrus' programs, about the daemon's memory of successful logins.
//
// Identity: whoever runs it; it has no rights of its own. What it trusts: nothing but its command line. If it is taken over: nothing is
// lost that its user did not have. Unlike Cyrus' it asks for the password when -p is missing, so that it need not be in the process list.
using System.Text;
using Sasl.Hosting.Unix;
using Sasl.Protocols.Saslauthd;
using TestSaslauthd;
using TestSaslauthd.Cache;

if (args is ["--self-test"])
    return Checks.Run();
var name = Path.GetFileNameWithoutExtension(Environment.GetCommandLineArgs()[0]);
if (CacheTool.IsCalled())
    return await CacheTool.RunAsync(args);
var isExplained = args is ["--explain", ..];
if (CommandLine.Parse(isExplained ? args[1..] : args) is not { } options)
{
    Console.Error.Write($"""
        {name}: usage: {name} -u username [-p password]
                      [-r realm] [-s servicename] [-a clientaddress]
                      [-f socket path] [-R repeatnum]
               as root, with --explain before these: how the answer comes about

        """);
    return 1;
}
// It holds a password from here on.
Identity.ForbidCoreDumps();
var password = Encoding.UTF8.GetBytes(options.Password ?? PasswordPrompt.Read());
var request = new SaslauthdRequest(options.User, password, options.Service, options.Realm, options.RemoteAddress);
var client = new SaslauthdClient(options.SocketPath);
var exitCode = 0;
for (var round = 0; round < options.Repeat; round++)
{
    Console.Out.Write($"{round}: ");
    Console.Out.Flush();
    exitCode = isExplained ? await Asking.ExplainAsync(options.SocketPath, request) : await Asking.AskAsync(client, request);
}
return exitCode;
