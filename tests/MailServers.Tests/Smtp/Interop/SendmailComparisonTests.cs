using System.Diagnostics;
using System.Text.RegularExpressions;
using MailServers.Smtp;
using Sasl.Hosting.Configuration;
using Sasl.Hosting.Net;
using Sasl.Hosting.Unix;
using Testing;
using Xunit.Abstractions;

namespace MailServers.Tests.Smtp.Interop;

/// <summary>Debian's sendmail command with its Postfix and ours with our smtpd: the same words, the same message, the same mail.</summary>
public sealed partial class SendmailComparisonTests(ITestOutputHelper output) : IAsyncLifetime
{
    const string Settings = "myhostname = mail.example.com\nmydomain = example.com\nmyorigin = $mydomain\nmydestination = $mydomain\nmail_name = Postfix\nalias_maps =\n";

    static readonly (string Arguments, string Message)[] _calls =
    [
        ("-i -f s@example.com r@example.com", "Subject: x\nFrom: a@b.test\nDate: Mon, 1 Jan 2024 00:00:00 +0000\nMessage-ID: <1@x>\n\n.dot\n.\nend\n"),
        ("-oi -fs@example.com r@example.com r2@example.com", "Subject: x\nFrom: a@b.test\n\nbody"),
        ("-f s@example.com r@example.com", "Subject: x\nFrom: a@b.test\n\nbody\n.\nignored\n"),
        ("-ti -f s@example.com extra@example.com", "To: \"Last, First\" <a@example.com>, b@example.com (comment, with comma)\nCc: c@example.com\nBcc: e@example.com\nFrom: a@b.test\nSubject: y\n\nbody\n"),
        ("-t -f s@example.com", "Resent-To: r@example.com\nResent-From: s@example.com\nResent-Date: Mon, 1 Jan 2024 00:00:00 +0000\nResent-Message-ID: <2@x>\nDate: Mon, 1 Jan 2024 00:00:00 +0000\nMessage-ID: <1@x>\nTo: other@example.com\nFrom: a@b.test\nSubject: z\n\nbody\n"),
        ("-i -f s@example.com r@example.com", "From s@example.com Thu Jan  1 00:00:00 1970\nSubject: x\nFrom: a@b.test\n\nFrom here\r\nCRLF\r\n"),
        ("-i -f s@example.com r@example.com", "no header at all\n"),
        ("-i -f <> r@example.com", "Subject: null\nFrom: a@b.test\n\n"),
        ("-i r", "Subject: bare\nFrom: a@b.test\n\nbare names\n"),
        ("-i -N never -R hdrs -V id1 -B 8BITMIME -f s@example.com r@example.com", "Subject: x\nFrom: a@b.test\n\n\u00fc\n"),
        ("-i -f s@example.com", "Subject: nobody\n\n"),
        ("-t -f s@example.com", "Subject: nobody\n\n"),
        ("-N sometimes -f s@example.com r@example.com", "From: a@b.test\n\nx\n"),
    ];

    readonly TemporaryDirectory _directory = new();
    readonly CancellationTokenSource _stop = new();
    QueueStub? _theirs, _ours;
    RunningPostfix? _postfix;
    Task _serving = Task.CompletedTask;

    public async Task InitializeAsync()
    {
        if (RunningPostfix.Missing is { } reason)
        {
            output.WriteLine($"skipped: {reason}");
            return;
        }
        (_theirs, _ours) = (new(_directory["theirs"]), new(_directory["ours"]));
        File.SetUnixFileMode(_directory["theirs"], (UnixFileMode)0b110_110_110);
        _postfix = await RunningPostfix.StartAsync(_directory, Settings.Replace("\nalias_maps =", "") + $"local_transport = lmtp:unix:{_directory["theirs"]}\nlocal_recipient_maps =\n");
        var values = PostfixFile.Parse("main.cf", Settings, []).ToDictionary(e => e.Name, e => e.Value);
        var system = SystemInfo.Current();
        var settings = SmtpSettings.From(MainCf.Create(values, system), system);
        var host = new SmtpHost(new(settings, new(_directory["ours"], "mail.example.com", TimeSpan.FromSeconds(20)), new DomainStub(), new CapturedLog(), TimeProvider.System), null);
        _serving = new Acceptor(UnixSockets.Listen(_directory["sendmail"], 0x1B6), 10, host.ServeLocalAsync).RunAsync(_stop.Token);
    }

    public async Task DisposeAsync()
    {
        await _stop.CancelAsync();
        await _serving;
        if (_postfix is not null)
            await _postfix.DisposeAsync();
        _theirs?.Dispose();
        _ours?.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task Submits_what_Postfix_submits()
    {
        if (_postfix is null)
            return;
        foreach (var (arguments, message) in _calls)
        {
            _theirs!.Mails.Clear();
            _ours!.Mails.Clear();
            var theirStatus = await RunAsync("/usr/sbin/sendmail", ["-C", _directory["conf"], .. arguments.Split(' ')], message);
            var ourStatus = await RunAsync("dotnet", [Mailctl, "sendmail", $"--socket={_directory["sendmail"]}", .. arguments.Split(' ')], message);
            // sysexits.h: no recipient is EX_USAGE, also by sendmail(1); Postfix's clean-up makes it EX_TEMPFAIL, on which callers try for ever.
            if (theirStatus == 75)
                theirStatus = 64;
            Assert.True(theirStatus == ourStatus, $"{arguments}: status {theirStatus}, ours {ourStatus}");
            if (theirStatus != 0)
                continue;
            await Eventually.TrueAsync(() => _theirs.Mails.Count == 1, $"{arguments}: Postfix has delivered\n{_postfix.Log}", TimeSpan.FromSeconds(60));
            var (theirs, ours) = (Comparable(_theirs.Mails.Single()), Comparable(_ours.Mails.Single()));
            Assert.True(theirs == ours, $"{arguments}:\nPostfix\n{theirs}\nours\n{ours}");
        }
    }

    [Fact]
    public async Task Mailx_sends_through_it()
    {
        // walkthrough B5
        if (_postfix is null)
            return;
        await File.WriteAllTextAsync(_directory["send"], $"#!/bin/sh\nexec dotnet {Mailctl} sendmail --socket={_directory["sendmail"]} \"$@\"\n");
        File.SetUnixFileMode(_directory["send"], (UnixFileMode)0b111_101_101);
        await File.WriteAllTextAsync(_directory["mailrc"], $"set sendmail={_directory["send"]}\n");
        Assert.Equal(0, await RunAsync("bsd-mailx", ["-s", "hello", "root"], "text of the mail\n.\nafter a dot\n", ("MAILRC", _directory["mailrc"]), ("HOME", _directory.Path)));
        await Eventually.TrueAsync(() => _ours!.Mails.Count == 1, "the mail is there", TimeSpan.FromSeconds(60));
        var mail = _ours!.Mails.Single();
        Assert.Equal(["<root@example.com>"], mail.Recipients);
        Assert.Contains("\r\nSubject: hello\r\n", mail.Text);
        Assert.Contains("\r\n\r\ntext of the mail\r\n", mail.Text);
    }

    static string Mailctl => Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, $"../../../../../src/mailctl/bin/{new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name}/net10.0/mailctl.dll"));

    static async Task<int> RunAsync(string program, string[] arguments, string input, params (string, string)[] environment)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        try
        {
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // A wrong call does not read its input.
        }
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));
        await errors;
        return process.ExitCode;
    }

    static string Comparable(QueuedMail mail)
    {
        var text = Stamps().Replace(Trace().Replace(mail.Text, ""), "STAMP");
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        // Fields that were added stand where their adder puts them.
        return $"{mail.Mail.Split(' ')[1]}\n{string.Join(' ', mail.Recipients.Order(StringComparer.Ordinal))}\n{string.Join('\n', text[..end].Split("\r\n").Order(StringComparer.OrdinalIgnoreCase))}\n{text[end..]}";
    }

    [GeneratedRegex(@"\AReceived: .*?\r\n(?![ \t])", RegexOptions.Singleline)]
    private static partial Regex Trace();

    [GeneratedRegex(@"(?<=^(Resent-)?Message-Id: ?<)[^@]+(?=@mail)|(?<=^(Resent-)?Date: )\w{3}, .*?(?=\r?$)", RegexOptions.Multiline | RegexOptions.IgnoreCase)]
    private static partial Regex Stamps();
}
