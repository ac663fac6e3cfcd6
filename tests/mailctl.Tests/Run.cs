using System.Net;
using MailControl;
using Sasl.Hosting.Configuration;

namespace mailctl.Tests;

/// <summary>What a command printed and how it ended.</summary>
sealed record Outcome(int Status, string Output, string Error)
{
    public string[] Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}

/// <summary>Runs a command line as the program would, with streams and a system of the test's own.</summary>
static class Run
{
    public static readonly SystemInfo System = new("vm.localdomain", [new(IPAddress.Loopback, 8), new(IPAddress.IPv6Loopback, 128)]);

    public static Task<Outcome> MailctlAsync(params string[] arguments) => AsAsync("/usr/sbin/mailctl", "", arguments);

    public static async Task<Outcome> AsAsync(string program, string input, params string[] arguments)
    {
        var (output, error, reader) = (new StringWriter(), new StringWriter(), new StringReader(input));
        var context = new CommandContext("mailctl", output, error, reader, _ => reader.ReadLine(), () => System);
        var status = await CommandTable.RunAsync(program, arguments, context);
        return new(status, output.ToString(), error.ToString());
    }
}
