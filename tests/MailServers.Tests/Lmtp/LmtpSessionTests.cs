using MailServers.Lmtp;
using MailServers.Tests.Queue;
using MailStore;
using Sasl.Hosting.Net;
using Testing;

namespace MailServers.Tests.Lmtp;

public sealed class LmtpSessionTests : IDisposable
{
    const string Hello = """
        S: 220 *
        C: LHLO mx.example.org
        S: 250-*
        S: 250-*
        S: 250-*
        S: 250-*
        S: 250-*
        S: 250-*
        S: 250 SIZE *
        C: MAIL FROM:<s@example.net>
        S: 250 2.1.0 Ok

        """;

    readonly TemporaryDirectory _home = new();
    readonly LogLines _log = new();

    public void Dispose() => _home.Dispose();

    async Task PlayAsync(string script, LmtpDelivery? delivery = null)
    {
        using var store = Stores.Open(new(MailFormat.Maildir, _home["Maildir"], null));
        await Dialogue.PlayAsync(async (socket, stop) =>
        {
            await using var connection = new Connection(socket);
            await LmtpSession.RunAsync(connection, store, delivery ?? new("alice", _home.Path) { HostName = "mx.example.org", RecipientDelimiter = "+" }, _log.Named("lmtp"), stop);
        }, Hello + script, Pace.Whole);
    }

    Task DeliverAsync(string reply, string rcpt = "250 2.1.5 Ok", string text = "Subject: x\nC:\nC: ..hello\nC: From me", LmtpDelivery? delivery = null) => PlayAsync($"""
        C: RCPT TO:<alice@example.org>
        S: {rcpt}
        C: DATA
        S: 354 *
        C: {text}
        C: .
        S: {reply}
        C: QUIT
        S: 221 *
        """, delivery);

    [Fact]
    public async Task The_log_names_user_and_session_as_Dovecot_does()
    {
        await DeliverAsync("250 2.0.0 <alice@example.org> Saved", text: "Message-ID: <1@x>\nC:\nC: x", delivery: new("alice", _home.Path) { Session = "s1" });
        Assert.Contains(_log.All, l => l.EndsWith($"lmtp(alice)<{Environment.ProcessId}><s1>: msgid=<1@x>: saved mail to INBOX", StringComparison.Ordinal));
    }

    string[] Mailbox() => Directory.Exists(_home["Maildir/new"]) ? [.. Directory.GetFiles(_home["Maildir/new"]).Select(File.ReadAllText)] : [];

    void Forward(string text, UnixFileMode mode = UnixFileMode.UserRead | UnixFileMode.UserWrite)
    {
        File.WriteAllText(_home[".forward"], text);
        File.SetUnixFileMode(_home[".forward"], mode);
    }

    [Fact]
    public async Task A_mail_lands_in_the_inbox_with_its_trace_header()
    {
        await DeliverAsync("250 2.0.0 <alice@example.org> Saved");
        var mail = Assert.Single(Mailbox()).Replace("\r\n", "\n");
        Assert.StartsWith("Return-Path: <s@example.net>\nDelivered-To: alice@example.org\nReceived: from mx.example.org\n\tby mx.example.org with LMTP\n\tfor <alice@example.org>; ", mail);
        Assert.EndsWith("\nSubject: x\n\n.hello\nFrom me\n", mail);
    }

    [Fact]
    public async Task Loop_a_mail_that_was_here_before_is_refused()
    {
        await DeliverAsync("554 5.4.6 <alice@example.org> mail forwarding loop for alice@example.org", text: "delivered-to: Alice@Example.org\nC:\nC: x");
        Assert.Empty(Mailbox());
    }

    [Fact]
    public async Task Addresses_of_a_forward_go_back_to_the_queue()
    {
        Forward("# away\nbob@example.net, carol\n");
        await PlayAsync("""
            C: RCPT TO:<alice@example.org>
            S: 551 2.1.5 User not local; please try <bob@example.net> <carol>
            C: DATA
            S: 503 5.5.1 Error: no valid recipients
            """);
    }

    [Theory]
    [InlineData("\\alice, bob@example.net")]
    [InlineData("alice\nbob@example.net")]
    [InlineData("alice+x@example.org\nbob@example.net")]
    public async Task A_copy_is_kept_where_the_user_names_himself(string forward)
    {
        Forward(forward);
        await DeliverAsync("250 2.0.0 <alice@example.org> Saved", "251 2.1.5 User not local; will forward to <bob@example.net>");
        Assert.Single(Mailbox());
    }

    [Fact]
    public async Task An_empty_forward_is_none()
    {
        Forward("# nothing\n");
        await DeliverAsync("250 2.0.0 <alice@example.org> Saved");
        Assert.Single(Mailbox());
    }

    [Fact]
    public async Task An_extension_has_a_forward_of_its_own()
    {
        File.WriteAllText(_home[".forward+lists"], "bob@example.net");
        File.SetUnixFileMode(_home[".forward+lists"], UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await PlayAsync("""
            C: RCPT TO:<alice+Lists@example.org>
            S: 551 2.1.5 User not local; please try <bob@example.net>
            C: RCPT TO:<alice@example.org>
            S: 250 2.1.5 Ok
            """);
    }

    [Fact]
    public async Task A_forward_that_cannot_be_understood_makes_the_mail_wait()
    {
        Forward("\"|broken");
        await PlayAsync("""
            C: RCPT TO:<alice@example.org>
            S: 451 4.3.5 .forward: unbalanced quote
            """);
    }

    [Theory]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.GroupWrite)]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.OtherWrite)]
    public async Task Attack_a_forward_that_others_can_write_is_not_obeyed(UnixFileMode mode)
    {
        Forward("|touch PWNED", mode);
        await DeliverAsync("250 2.0.0 <alice@example.org> Saved");
        Assert.Single(Mailbox());
        Assert.True(_log.Has("lmtp: *.forward ignored: writable by group or world"));
    }

    [Fact]
    public async Task Attack_a_forward_of_another_owner_is_not_obeyed()
    {
        Forward("evil@example.net");
        if (Sasl.Hosting.Unix.Identity.IsRoot)
            Sasl.Hosting.Unix.Files.ChangeOwner(_home[".forward"], 4711, 4711);
        await DeliverAsync("250 2.0.0 <alice@example.org> Saved", delivery: new("alice", _home.Path) { Uid = 12345, HostName = "h" });
        Assert.Single(Mailbox());
        Assert.True(_log.Has("lmtp: *.forward ignored: not owned by the user"));
    }

    [Fact]
    public async Task Attack_a_forward_that_is_a_second_name_of_a_file_of_root_is_not_obeyed()
    {
        if (!Sasl.Hosting.Unix.Identity.IsRoot)
        {
            Console.WriteLine("skipped: needs root");
            return;
        }
        File.WriteAllText(_home["of-root"], "evil@example.net");
        File.SetUnixFileMode(_home["of-root"], UnixFileMode.UserRead);
        System.Diagnostics.Process.Start("ln", [_home["of-root"], _home[".forward"]]).WaitForExit();
        await DeliverAsync("250 2.0.0 <alice@example.org> Saved", delivery: new("alice", _home.Path) { Uid = 12345, HostName = "h" });
        Assert.True(_log.Has("lmtp: *.forward ignored: not owned by the user"));
    }

    [Fact]
    public async Task Attack_a_forward_that_is_a_symbolic_link_is_not_followed()
    {
        File.WriteAllText(_home["elsewhere"], "evil@example.net");
        File.CreateSymbolicLink(_home[".forward"], _home["elsewhere"]);
        await DeliverAsync("250 2.0.0 <alice@example.org> Saved");
        Assert.Single(Mailbox());
        Assert.True(_log.Has("lmtp: *.forward ignored: a symbolic link"));
    }

    [Fact]
    public async Task Attack_a_forward_that_is_a_fifo_holds_nobody_up()
    {
        System.Diagnostics.Process.Start("mkfifo", _home[".forward"]).WaitForExit();
        await DeliverAsync("250 2.0.0 <alice@example.org> Saved");
        Assert.True(_log.Has("lmtp: *.forward ignored: not a regular file"));
    }

    [Fact]
    public async Task A_file_gets_the_mail_in_mbox_form()
    {
        Forward(_home["saved"]);
        await DeliverAsync("250 2.0.0 <alice@example.org> Saved");
        await DeliverAsync("250 2.0.0 <alice@example.org> Saved");
        var text = File.ReadAllText(_home["saved"]);
        Assert.Equal(2, text.Split("From s@example.net  ").Length - 1);
        Assert.Contains("\nReturn-Path: <s@example.net>\n", text);
        Assert.EndsWith("\n\n.hello\n>From me\n\n", text);
        Assert.DoesNotContain("\r", text);
        Assert.False(File.Exists(_home["saved.lock"]));
        Assert.Empty(Mailbox());
    }

    [Fact]
    public async Task A_directory_is_a_maildir()
    {
        Forward(_home["Other/"]);
        await DeliverAsync("250 2.0.0 <alice@example.org> Saved");
        Assert.Single(Directory.GetFiles(_home["Other/new"]));
        Assert.Empty(Mailbox());
    }

    [Fact]
    public async Task Attack_a_file_that_is_a_symbolic_link_is_not_written_through()
    {
        File.WriteAllText(_home["victim"], "precious");
        File.CreateSymbolicLink(_home["saved"], _home["victim"]);
        Forward(_home["saved"]);
        await DeliverAsync("554 5.2.0 <alice@example.org> destination * is not a regular file");
        Assert.Equal("precious", File.ReadAllText(_home["victim"]));
    }

    [Fact]
    public async Task Attack_a_file_with_a_second_name_is_not_written()
    {
        File.WriteAllText(_home["victim"], "precious");
        System.Diagnostics.Process.Start("ln", [_home["victim"], _home["saved"]]).WaitForExit();
        Forward(_home["saved"]);
        await DeliverAsync("554 5.2.0 <alice@example.org> destination * has 2 links");
        Assert.Equal("precious", File.ReadAllText(_home["victim"]));
    }

    [Fact]
    public async Task A_file_that_can_be_executed_is_not_written()
    {
        File.WriteAllText(_home["saved"], "#!/bin/sh\n");
        File.SetUnixFileMode(_home["saved"], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Forward(_home["saved"]);
        await DeliverAsync("554 5.7.1 <alice@example.org> file is executable");
    }

    [Fact]
    public async Task A_command_gets_the_mail_and_a_clean_environment()
    {
        Forward($"\"|(env; cat) > {_home["out"]}\"");
        await DeliverAsync("250 2.0.0 <alice@example.org> Saved");
        var text = File.ReadAllText(_home["out"]);
        Assert.Contains("SENDER=s@example.net\n", text);
        Assert.Contains("RECIPIENT=alice@example.org\n", text);
        Assert.Contains($"HOME={_home.Path}\n", text);
        Assert.DoesNotContain("DOTNET", text);
        Assert.Contains("\nFrom s@example.net  ", text);
        Assert.EndsWith("\n\n.hello\nFrom me\n\n", text);
    }

    [Fact]
    public async Task Fd_leak_a_command_inherits_its_three_streams_and_nothing_else()
    {
        // CVE-2008-3889. This process has sockets, files and an epoll descriptor open.
        Forward($"\"|for f in /proc/$$/fd/*; do readlink $f; done > {_home["out"]}; true\"");
        await DeliverAsync("250 2.0.0 <alice@example.org> Saved");
        // What the shell itself opens: its streams, what they were before they were redirected, and the directory that it lists.
        var parent = File.ReadLines("/proc/self/status").First(l => l.StartsWith("PPid:", StringComparison.Ordinal)).Split('\t')[1];
        var inherited = Directory.GetFiles($"/proc/{parent}/fd").Select(f => File.ResolveLinkTarget(f, false)?.FullName.Split('/')[^1]).ToHashSet();
        Assert.Empty(File.ReadAllLines(_home["out"]).Skip(3).Where(t => t.StartsWith("socket:") || t.StartsWith("anon_inode:") || (t.StartsWith('/') && !t.EndsWith("/fd") && t != _home["out"]))
            .Where(t => !inherited.Contains(t.Split('/')[^1])));
    }

    [Theory]
    [InlineData("\"alice+$(touch${IFS}pwned)\"@example.org")]
    [InlineData("\"alice+`touch pwned`\"@example.org")]
    [InlineData("\"alice+;touch pwned;\"@example.org")]
    [InlineData("alice+|touch&pwned@example.org")]
    public async Task Shell_injection_through_an_address_means_nothing_to_the_shell(string recipient)
    {
        // Careless, and common in .forward files: the variables unquoted, and once more through eval.
        Forward($"\"|cd {_home.Path}; eval echo $EXTENSION $RECIPIENT $SENDER > out\"");
        await PlayAsync($"""
            C: RCPT TO:<{recipient}>
            S: 250 *
            C: DATA
            S: 354 *
            C: x
            C: .
            S: 250 2.0.0 *
            """);
        Assert.False(File.Exists(_home["pwned"]));
        Assert.DoesNotContain(File.ReadAllText(_home["out"]), c => "$`;|&()\"'\\".Contains(c));
    }

    [Fact]
    public async Task Include_recursion_in_a_forward_ends()
    {
        Forward($":include:{_home["list"]}");
        File.WriteAllText(_home["list"], $":include:{_home["list"]}\n:include:{_home["list"]}\nbob@example.net\n");
        await PlayAsync($"C: RCPT TO:<alice@example.org>\nS: 451 4.3.5 .forward: cannot use {_home["list"]}");
        Assert.Empty(Mailbox());
    }

    [Theory]
    [InlineData("exit 75", "451 4.3.0 <alice@example.org> temporary failure.")]
    [InlineData("echo gone; exit 67", "554 5.1.1 <alice@example.org> user unknown. Command output: gone")]
    [InlineData("echo 4.2.1 wait a bit; exit 1", "451 4.2.1 <alice@example.org> wait a bit")]
    [InlineData("exit 3", "554 5.3.0 <alice@example.org> Command died with status 3: \"exit 3\".")]
    [InlineData("kill -9 $$", "451 4.3.0 <alice@example.org> Command died with signal 9: *")]
    [InlineData("sleep 60", "554 5.3.0 <alice@example.org> Command time limit exceeded: \"sleep 60\"")]
    public async Task A_command_s_status_is_the_verdict(string command, string reply)
    {
        Forward($"\"|{command}\"");
        await DeliverAsync(reply, delivery: new("alice", _home.Path) { CommandTimeLimit = TimeSpan.FromSeconds(3) });
        Assert.Empty(Mailbox());
    }

    [Fact]
    public async Task Commands_and_files_can_be_forbidden()
    {
        Forward("|cat");
        await PlayAsync("C: RCPT TO:<alice@example.org>\nS: 554 5.7.1 mail to command is restricted", new("alice", _home.Path) { AllowCommands = false });
        Forward("/tmp/x");
        await PlayAsync("C: RCPT TO:<alice@example.org>\nS: 554 5.7.1 mail to file is restricted", new("alice", _home.Path) { AllowFiles = false });
    }
}
