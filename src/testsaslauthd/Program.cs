// testsaslauthd: asks a running saslauthd about one user, with the output and the exit codes of Cyrus' program of that name.
//
// Identity: whoever runs it; it has no rights of its own. What it trusts: nothing but its command line. If it is taken over: nothing is
// lost that its user did not have. Unlike Cyrus' it asks for the password when -p is missing, so that it need not be in the process list.
using System.Text;
using Sasl.Hosting.Unix;
using Sasl.Protocols.Saslauthd;
using TestSaslauthd;

if (args is ["--self-test"])
    return Checks.Run();
if (CommandLine.Parse(args) is not { } options)
{
    var name = Path.GetFileNameWithoutExtension(Environment.GetCommandLineArgs()[0]);
    Console.Error.Write($"""
        {name}: usage: {name} -u username [-p password]
                      [-r realm] [-s servicename] [-a clientaddress]
                      [-f socket path] [-R repeatnum]

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
    var answer = await client.AskAsync(request, CancellationToken.None);
    exitCode = Report(answer);
}
return exitCode;

// -1 in the original, which a shell sees as 255.
static int Report(SaslauthdAnswer answer)
{
    switch (answer)
    {
        case { IsOk: true }:
            Console.Out.WriteLine("OK \"Success.\"");
            return 0;
        case { Stage: SaslauthdStage.Replied }:
            Console.Out.WriteLine("NO \"authentication failed\"");
            break;
        default:
            Console.Error.WriteLine(answer.Stage switch
            {
                SaslauthdStage.Connect => $"connect() : {answer.Text}",
                SaslauthdStage.Write => "write failed",
                SaslauthdStage.SizeRead => "size read failed",
                SaslauthdStage.Read => "read failed",
                _ => answer.Text,
            });
            break;
    }
    return 255;
}
