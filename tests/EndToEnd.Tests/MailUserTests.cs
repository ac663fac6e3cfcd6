using Testing;

namespace EndToEnd.Tests;

/// <summary>Walkthrough B4, B5 and B6: an account without a shell gets mail and reads it; by hand with telnet; by the mail command.</summary>
public sealed class MailUserTests
{
    [RootFact]
    public async Task B4_A_user_without_a_shell_gets_mail_and_logs_in_to_mail_only()
    {
        await using var house = new TestHouse().WithSystemUsers();
        var user = await house.AddSystemUserAsync();
        await house.StartAsync();
        await house.SendAsync($"{user.Name}@test.example", "welcome");
        await Eventually.TrueAsync(() => user.Mails().Length == 1, "the mail", TestHouse.Patience, () => house.Log);
        Assert.Contains("Subject: welcome", await Curl.ReadAsync(house, user, $"imap://127.0.0.1:{house.Imap}/INBOX;MAILINDEX=1"));
        Assert.Contains("Subject: welcome", await Curl.ReadAsync(house, user, $"pop3://127.0.0.1:{house.Pop3}/1"));

        // The mailbox is the user's alone, and the account is good for mail only.
        foreach (var directory in new[] { "Maildir", "Maildir/new", "Maildir/cur", "Maildir/tmp" })
        {
            var status = Sasl.Hosting.Unix.Files.Status(Path.Combine(user.Home, directory))!.Value;
            Assert.Equal((user.Uid, 0x1C0u), (status.Uid, status.Permissions));
        }
        Assert.NotEqual(0, (await Run.Async("su", "-", user.Name, "-c", "true")).Status);
        var worker = Assert.Single(house.Children(), c => c.CommandLine.Contains(" worker "));
        Assert.Equal(user.Uid, worker.Uid);
    }

    [RootFact]
    public async Task B5_The_mail_command_delivers_to_a_local_user()
    {
        await using var house = new TestHouse().WithSystemUsers();
        var user = await house.AddSystemUserAsync();
        await house.StartAsync();
        // bsd-mailx calls the program that its settings name: the house's sendmail with this house's configuration.
        await File.WriteAllTextAsync(house["sendmail"], $"#!/bin/sh\nexec {Binaries.Path("sendmail")} -C {house["etc"]} \"$@\"\n");
        Sasl.Hosting.Unix.Files.ChangeMode(house["sendmail"], 0x1ED);
        await File.WriteAllTextAsync(house["mailrc"], $"set sendmail={house["sendmail"]}\n");
        var ran = await Run.WithInputAsync("text\n", "env", $"MAILRC={house["mailrc"]}", "mail", "-s", "hi", user.Name);
        Assert.True(ran.Status == 0, ran.All + house.Log);
        await Eventually.TrueAsync(() => user.Mails().Length == 1, "the mail", TestHouse.Patience, () => house.Log + ran.All);
        var text = await File.ReadAllTextAsync(user.Mails()[0]);
        Assert.Contains("Subject: hi", text);
        Assert.Contains("Return-Path: <root@test.example>", text);
    }

    [RootTheory]
    [InlineData(Pace.Whole)]
    [InlineData(Pace.ByLine)]
    [InlineData(Pace.ByByte)]
    public async Task B6_By_hand_with_telnet(Pace pace)
    {
        await using var house = new TestHouse().WithSystemUsers();
        var (user1, user2) = (await house.AddSystemUserAsync(), await house.AddSystemUserAsync());
        await house.StartAsync();
        await TestHouse.TalkAsync(house.Smtp, $"""
            S: 220 mail.test.example ESMTP *
            C: helo mail.example.com
            S: 250 mail.test.example
            C: mail from:{user1.Name}@test.example
            S: 250 2.1.0 Ok
            C: rcpt to:{user2.Name}@test.example
            S: 250 2.1.5 Ok
            C: data
            S: 354 End data with <CR><LF>.<CR><LF>
            C: hello, user2
            C: .
            S: 250 2.0.0 Ok: queued as *
            C: quit
            S: 221 2.0.0 Bye
            S: [closed]
            """, pace);
        await Eventually.TrueAsync(() => user2.Mails().Length == 1, "the mail", TestHouse.Patience, () => house.Log);
        var lines = await File.ReadAllLinesAsync(user2.Mails()[0]);
        Assert.Contains("hello, user2", lines);
        Assert.Contains($"Return-Path: <{user1.Name}@test.example>", lines);
    }
}
