using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using Sasl.Hosting.Daemon;

namespace MailServers.Lmtp;

/// <summary>Delivery to "|command": a shell as the mailbox's own uid, the mail on its input, its exit status the verdict (sysexits).</summary>
static class CommandDelivery
{
    const int LongestOutput = 1000;
    const string Harmless = "1234567890!@%-_=+:,./abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

    public static async ValueTask<Reply> RunAsync(string command, ForwardedMail mail, LmtpDelivery delivery, CancellationToken stop)
    {
        using var process = new Process { StartInfo = StartInfo(command, mail, delivery) };
        try
        {
            process.Start();
        }
        catch (Win32Exception failure)
        {
            return new(451, "4.3.0", $"cannot run command: {failure.Message}");
        }
        using var late = CancellationTokenSource.CreateLinkedTokenSource(stop);
        late.CancelAfter(delivery.CommandTimeLimit);
        try
        {
            var output = ReadOutputAsync(process.StandardOutput, late.Token);
            var errors = ReadOutputAsync(process.StandardError, late.Token);
            await FeedAsync(process, mail, late.Token);
            await process.WaitForExitAsync(late.Token);
            return Verdict(command, process.ExitCode, (await output + await errors).Trim());
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            return stop.IsCancellationRequested ? new(451, "4.3.0", "the mail system is stopping") : new(554, "5.3.0", $"Command time limit exceeded: \"{Clean(command)}\"");
        }
    }

    static ProcessStartInfo StartInfo(string command, ForwardedMail mail, LmtpDelivery delivery)
    {
        var start = new ProcessStartInfo("/bin/sh")
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
            WorkingDirectory = Directory.Exists(delivery.Home) ? delivery.Home : "/",
        };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add(command);
        start.Environment.Clear();
        var local = MailPath.LocalPart(mail.Recipient);
        var (user, extension) = Queue.Local.UserName.Split(local, delivery.RecipientDelimiter);
        foreach (var (name, value) in (ReadOnlySpan<(string, string)>)
        [
            ("HOME", delivery.Home), ("USER", delivery.User), ("LOGNAME", delivery.User), ("SHELL", "/bin/sh"), ("PATH", "/usr/local/bin:/usr/bin:/bin"),
            ("LOCAL", user), ("EXTENSION", extension), ("DOMAIN", MailPath.Domain(mail.Recipient)), ("RECIPIENT", mail.Recipient), ("SENDER", mail.Sender),
        ])
        {
            // What a stranger may have written must mean nothing to a shell.
            start.Environment[name] = string.Concat(value.Select(c => Harmless.Contains(c) ? c : '_'));
        }
        return start;
    }

    static async Task FeedAsync(Process process, ForwardedMail mail, CancellationToken stop)
    {
        try
        {
            var input = process.StandardInput.BaseStream;
            await MboxText.WriteAsync(mail, quoteFrom: false, text => input.WriteAsync(text, stop), stop);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // A command need not read its mail; its exit status says what it thinks.
        }
    }

    static async Task<string> ReadOutputAsync(StreamReader reader, CancellationToken stop)
    {
        var (text, block) = (new StringBuilder(), new char[1024]);
        while (await reader.ReadAsync(block, stop) is > 0 and var read)
        {
            if (text.Length < LongestOutput)
                text.Append(block, 0, Math.Min(read, LongestOutput - text.Length));
        }
        return text.ToString();
    }

    static Reply Verdict(string command, int exit, string output)
    {
        if (exit == 0)
            return new(250, "2.0.0", "delivered to command");
        var said = output.Length > 0 ? $" Command output: {Clean(output)}" : "";
        var (status, own) = Queue.Schedule.EnhancedStatus.Split(output, "");
        if (status.Length > 0 && status[0] != '2')
            return new(status[0] == '4' ? 451 : 554, status, Clean(own));
        return exit switch
        {
            ExitCode.TemporaryFailure => new(451, "4.3.0", $"temporary failure.{said}"),
            ExitCode.OsError => new(451, "4.3.0", $"system resource problem.{said}"),
            // A shell reports a signal as 128 and its number.
            > 128 => new(451, "4.3.0", $"Command died with signal {exit - 128}: \"{Clean(command)}\".{said}"),
            ExitCode.NoUser => new(554, "5.1.1", $"user unknown.{said}"),
            68 => new(554, "5.1.2", $"host name unknown.{said}"),
            ExitCode.Unavailable => new(554, "5.3.0", $"service unavailable.{said}"),
            ExitCode.CantCreate => new(554, "5.2.0", $"cannot create output.{said}"),
            ExitCode.NoPermission => new(554, "5.7.0", $"permission denied.{said}"),
            ExitCode.Config => new(554, "5.3.5", $"local configuration error.{said}"),
            ExitCode.DataError => new(554, "5.6.0", $"data format error.{said}"),
            ExitCode.Protocol => new(554, "5.5.0", $"remote error in protocol.{said}"),
            _ => new(554, "5.3.0", $"Command died with status {exit}: \"{Clean(command)}\".{said}"),
        };
    }

    static string Clean(string text) => string.Concat(text.Select(static c => char.IsControl(c) ? ' ' : c)).Trim();
}
