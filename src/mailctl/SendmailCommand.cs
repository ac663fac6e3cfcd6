using Sasl.Hosting.Configuration;
using Sasl.Hosting.Daemon;
using Sasl.Hosting.Unix;

namespace MailControl;

/// <summary>sendmail: reads a message and submits it to smtpd's local socket.</summary>
static class SendmailCommand
{
    /// <summary>Overrides the socket's path, for tests and for a house under another root.</summary>
    public const string SocketVariable = "SENDMAIL_SOCKET";

    public static Command Command { get; } = new("sendmail", "[-t] [-i] [-f SENDER] [-F NAME] [RECIPIENT...]: submit a message from standard input", ["sendmail", "send-mail"],
        (context, arguments) => RunAsync(context, arguments, Console.OpenStandardInput(), CancellationToken.None));

    public static async Task<int> RunAsync(CommandContext context, IReadOnlyList<string> arguments, Stream message, CancellationToken stop)
    {
        if (SendmailOptions.TryParse(arguments, out var problem) is not { } options)
            return context.Fail(problem, ExitCode.Usage);
        options.Warnings.ForEach(context.Warn);
        if (options.Recipients.Count == 0 && !options.FromHeader)
            return context.Fail("Recipient addresses must be specified on the command line or via the -t option", ExitCode.Usage);
        var input = new SendmailInput(message, options.IgnoreDots);
        if (await input.ReadHeaderAsync(stop) is not { } header)
            return context.Fail("the message header is too long", ExitCode.DataError);
        // Blanks between words of an argument mean nothing, as in a header; a line end in one is nobody's address.
        if (options.Recipients.Find(static r => r.Any(char.IsControl)) is { } broken)
            return context.Fail($"bad address: {broken}", ExitCode.DataError);
        List<string> recipients = [.. options.Recipients.SelectMany(AddressList.Parse).Concat(options.FromHeader ? header.Recipients() : []).Distinct()];
        if (recipients.Count == 0)
            return context.Fail("No recipient addresses found in message header", ExitCode.Usage);
        var sender = options.Sender ?? Environment.UserName;
        if (recipients.Append(sender).FirstOrDefault(IsUnsafe) is { } bad)
            return context.Fail($"bad address: {bad}", ExitCode.DataError);
        var hostName = context.System().QualifiedHostName;
        var path = options.Socket ?? Environment.GetEnvironmentVariable(SocketVariable) ?? Path.Combine(QueueDirectory(context, options), "public", "sendmail");
        var (status, reason) = await new SendmailSubmission(path, hostName).SendAsync(
            sender, recipients, options, header.Write(sender.Length == 0 ? "MAILER-DAEMON" : sender, options.FullName ?? FullName()), input, stop);
        return reason is null ? status : context.Fail(reason, status);
    }

    /// <summary>As passwd(5) has it: up to the first comma, "&amp;" for the capitalized login name. Null when there is none.</summary>
    static string? FullName()
    {
        if (Environment.GetEnvironmentVariable("NAME") is { Length: > 0 } name)
            return name;
        if (Accounts.Find(Environment.UserName) is not { } account || account.Gecos.Split(',')[0] is not { Length: > 0 } gecos)
            return null;
        return gecos.Replace("&", char.ToUpperInvariant(account.Name[0]) + account.Name[1..], StringComparison.Ordinal);
    }

    // What could end the command line or the path that it is written into.
    static bool IsUnsafe(string address) => address.Any(c => char.IsControl(c) || c is '<' or '>' || (c == ' ' && !address.StartsWith('"')));

    static string QueueDirectory(CommandContext context, SendmailOptions options)
    {
        if (ConfigurationPlaces.Find(options.Directory ?? CommandContext.DefaultDirectory).MainCf is not { } file)
            return MainCf.QueueDirectory.Default;
        // Somebody who may not read main.cf, or finds it faulty, still has mail to send: the default place is worth a try.
        var problems = new List<Problem>();
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var entry in PostfixFile.Read(file, problems) is { } text ? PostfixFile.Parse(file, text, problems) : [])
            values[entry.Name] = entry.Value;
        return MainCf.Create(values, context.System()).Text(MainCf.QueueDirectory);
    }
}
