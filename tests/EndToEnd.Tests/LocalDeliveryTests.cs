using Testing;

namespace EndToEnd.Tests;

/// <summary>Walkthrough A3 and A4: mydestination, then aliases, then the user's .forward, then the mailbox: a Maildir or an mbox file.</summary>
public sealed class LocalDeliveryTests
{
    [RootFact]
    public async Task A3_A_mail_goes_through_aliases_and_forward_to_the_mailbox()
    {
        await using var house = new TestHouse().WithSystemUsers();
        var alice = await house.AddSystemUserAsync();
        var bob = await house.AddSystemUserAsync();
        var carol = await house.AddSystemUserAsync();
        await File.WriteAllTextAsync(house["etc/aliases"], $"archive: {carol.Name}\nteam: {alice.Name}, {bob.Name}\n");
        house.Configure("main.cf", "alias_maps =", $"alias_maps = hash:{house["etc/aliases"]}");
        // An address, a file and a command; the mailbox itself keeps a copy because the user's own name is named.
        await bob.WriteAsync(".forward", $"""
            \{bob.Name}, archive@test.example
            {bob.Home}/copy.mbox
            "|tee {bob.Home}/by-command > /dev/null"

            """);
        await house.StartAsync();
        await house.SendAsync("team@test.example", "for the team");

        await Eventually.TrueAsync(() => alice.Mails().Length == 1 && bob.Mails().Length == 1, "the mail in both mailboxes", TestHouse.Patience, () => house.Log);
        await Eventually.TrueAsync(() => File.Exists($"{bob.Home}/by-command") && File.Exists($"{bob.Home}/copy.mbox"), "the file and the command", TestHouse.Patience, () => house.Log);
        Assert.StartsWith("From ", await File.ReadAllTextAsync($"{bob.Home}/copy.mbox"));
        Assert.Contains("for the team", await File.ReadAllTextAsync($"{bob.Home}/copy.mbox"));
        Assert.Contains("for the team", await File.ReadAllTextAsync($"{bob.Home}/by-command"));
        // The address of the .forward went back to the queue and through the aliases to carol.
        await Eventually.TrueAsync(() => carol.Mails().Length == 1, "the forwarded mail", TestHouse.Patience, () => house.Log);
        foreach (var user in new[] { alice, bob, carol })
            Assert.Equal(user.Uid, Sasl.Hosting.Unix.Files.Status(user.Mails()[0])!.Value.Uid);
        Assert.Equal(bob.Uid, Sasl.Hosting.Unix.Files.Status($"{bob.Home}/by-command")!.Value.Uid);
    }

    [RootFact]
    public async Task A3_A_command_of_forward_runs_as_the_user_and_sees_nothing_of_the_house()
    {
        await using var house = new TestHouse().WithSystemUsers();
        var user = await house.AddSystemUserAsync();
        await user.WriteAsync(".forward", $"\"|id -u > {user.Home}/who; id -G >> {user.Home}/who; env > {user.Home}/env; ls -l /proc/self/fd > {user.Home}/fds; cat > {user.Home}/mail\"\n");
        await house.StartAsync();
        await house.SendAsync($"{user.Name}@test.example", "to a command");
        await Eventually.TrueAsync(() => File.Exists($"{user.Home}/mail") && new FileInfo($"{user.Home}/mail").Length > 0, "the command's output", TestHouse.Patience, () => house.Log);

        var group = Sasl.Hosting.Unix.Accounts.Find(user.Name)!.Gid;
        Assert.Equal([$"{user.Uid}", $"{group}"], await File.ReadAllLinesAsync($"{user.Home}/who"));
        Assert.DoesNotContain("NOTIFY_SOCKET", await File.ReadAllTextAsync($"{user.Home}/env"));
        var descriptors = (await File.ReadAllLinesAsync($"{user.Home}/fds")).Where(l => l.Contains("->")).Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries)[8]).ToArray();
        // Its own three, and the directory that ls reads.
        Assert.Equal(["0", "1", "2", "3"], descriptors);
    }

    [RootFact]
    public async Task A4_An_mbox_file_of_the_spool_directory_is_a_mailbox_too()
    {
        await using var house = new TestHouse().WithSystemUsers();
        var user = await house.AddSystemUserAsync();
        var spool = house["var-mail"];
        Directory.CreateDirectory(spool);
        Sasl.Hosting.Unix.Files.ChangeMode(spool, 0x3FF);
        house.Configure("main.cf", "home_mailbox = Maildir/", $"home_mailbox =\nmail_spool_directory = {spool}")
            .Configure("dovecot.conf", "mail_location = maildir:~/Maildir", $"mail_location = mbox:~/mail:INBOX={spool}/%u");
        await house.StartAsync();
        await house.SendAsync($"{user.Name}@test.example", "to the spool");
        var file = Path.Combine(spool, user.Name);
        await Eventually.TrueAsync(() => File.Exists(file) && File.ReadAllText(file).Contains("to the spool"), "the mbox file", TestHouse.Patience, () => house.Log);
        Assert.Equal(user.Uid, Sasl.Hosting.Unix.Files.Status(file)!.Value.Uid);
        Assert.Contains("to the spool", await Curl.ReadAsync(house, user, $"imap://127.0.0.1:{house.Imap}/INBOX;MAILINDEX=1"));
    }

    [Fact]
    public async Task A2_An_unknown_local_recipient_is_refused_at_once()
    {
        await using var house = new TestHouse();
        await house.StartAsync();
        await TestHouse.TalkAsync(house.Smtp, """
            S: 220 mail.test.example ESMTP *
            C: HELO client.example.org
            S: 250 mail.test.example
            C: MAIL FROM:<a@example.org>
            S: 250 2.1.0 Ok
            C: RCPT TO:<../../etc/passwd@test.example>
            S: 550 5.1.1 <../../etc/passwd@test.example>: Recipient address rejected: User unknown in local recipient table
            C: QUIT
            S: 221 2.0.0 Bye
            S: [closed]
            """);
    }
}
