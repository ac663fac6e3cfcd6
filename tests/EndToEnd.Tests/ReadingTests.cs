using FirstMail;
using MailKit;
using MailKit.Net.Imap;
using MailKit.Security;
using Testing;

namespace EndToEnd.Tests;

/// <summary>Walkthrough C: IMAP and POP3 with dovecot.conf, system users through shadow, certificates, and the common clients.</summary>
public sealed class ReadingTests
{
    [RootFact]
    public async Task C1_C2_C3_The_walkthroughs_files_serve_system_users_without_TLS()
    {
        await using var house = new TestHouse().WithSystemUsers();
        var user = await house.AddSystemUserAsync("secret");
        // As an administrator has it: the main file names the protocols and includes the others.
        Directory.CreateDirectory(house["etc/conf.d"]);
        house.Configure("dovecot.conf", "listen = 127.0.0.1", "listen = 127.0.0.1\nlogin_trusted_networks = 0.0.0.0/0\n!include conf.d/*.conf")
            .Configure("dovecot.conf", "ssl = yes", "ssl = no")
            .Configure("dovecot.conf", "disable_plaintext_auth = yes", "").Configure("dovecot.conf", "auth_mechanisms = plain login", "")
            .Configure("dovecot.conf", "mail_location = maildir:~/Maildir", "").Append("conf.d/10-mail.conf", $"mail_location = maildir:{house["var-mail"]}/%u")
            .Append("conf.d/10-auth.conf", "disable_plaintext_auth = no\nauth_mechanisms = plain login");
        Directory.CreateDirectory(house["var-mail"]);
        Sasl.Hosting.Unix.Files.ChangeMode(house["var-mail"], 0x3FF);
        await house.StartAsync();
        await TestHouse.TalkAsync(house.Imap, $"""
            S: * OK [CAPABILITY IMAP4rev1 * AUTH=PLAIN AUTH=LOGIN] *
            C: a login {user.Name} secret
            S: a OK [CAPABILITY IMAP4rev1 *] Logged in
            C: c list "" *
            S: * LIST (*) "." INBOX
            S: c OK *
            C: d logout
            S: * BYE *
            S: d OK *
            S: [closed]
            """);
        await TestHouse.TalkAsync(house.Pop3, $"""
            S: +OK *
            C: USER {user.Name}
            S: +OK
            C: PASS secret
            S: +OK Logged in.
            C: STAT
            S: +OK 0 0
            C: QUIT
            S: +OK *
            S: [closed]
            """);
        Assert.Equal(user.Uid, Sasl.Hosting.Unix.Files.Status(house[$"var-mail/{user.Name}/cur"])!.Value.Uid);
    }

    [RootFact]
    public async Task C4_A_cleartext_password_is_refused_without_TLS_and_taken_with_it()
    {
        await using var house = new TestHouse().WithSystemUsers();
        var user = await house.AddSystemUserAsync();
        house.Configure("dovecot.conf", "ssl = yes\nssl_cert", "ssl = required\nssl_cert");
        await house.StartAsync();
        await TestHouse.TalkAsync(house.Imap, $"""
            S: * OK [CAPABILITY * STARTTLS LOGINDISABLED] *
            C: a login {user.Name} "{user.Password}"
            S: * BAD [ALERT] *
            S: a NO [PRIVACYREQUIRED] *
            C: b logout
            S: * BYE *
            S: b OK *
            S: [closed]
            """, from: "127.0.0.2");
        await TestHouse.TalkAsync(house.Pop3, $"""
            S: +OK *
            C: USER {user.Name}
            S: -ERR [AUTH] *
            C: QUIT
            S: +OK *
            S: [closed]
            """, from: "127.0.0.2");
        foreach (var url in new[] { $"imap://127.0.0.1:{house.Imap}/", $"imaps://127.0.0.1:{house.Imaps}/", $"pop3://127.0.0.1:{house.Pop3}/", $"pop3s://127.0.0.1:{house.Pop3s}/" })
            await Curl.ReadAsync(house, user, url);
        var wrong = await Curl.TryAsync(house, new SystemUser { Name = user.Name, Password = "wrong", Home = user.Home }, $"imaps://127.0.0.1:{house.Imaps}/");
        Assert.Equal(67, wrong.Status);
    }

    [Fact]
    public async Task C5_One_command_makes_a_certificate_and_its_key_for_the_owner_only()
    {
        using var directory = new TemporaryDirectory();
        var file = directory["dovecot.pem"];
        await Run.OkAsync(Binaries.Path("mailctl"), "certificate", "-o", file, "mail.test.example");
        Assert.Equal(0x180u, Sasl.Hosting.Unix.Files.Status(file)!.Value.Permissions);
        Assert.Contains("subject=CN = mail.test.example", await Run.OkAsync("openssl", "x509", "-in", file, "-noout", "-subject"));
        Assert.Contains("DNS:mail.test.example", await Run.OkAsync("openssl", "x509", "-in", file, "-noout", "-ext", "subjectAltName"));
        await Run.OkAsync("openssl", "pkey", "-in", file, "-noout", "-check");
    }

    [RootTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task C6_mutt_reads_the_mail(bool tls)
    {
        await using var house = new TestHouse().WithSystemUsers();
        var user = await house.AddSystemUserAsync();
        house.Configure("dovecot.conf", "disable_plaintext_auth = yes", "disable_plaintext_auth = no");
        await house.StartAsync();
        await house.SendAsync($"{user.Name}@test.example", "for mutt", body: "read by mutt");
        await Eventually.TrueAsync(() => user.Mails().Length == 1, "the mail", TestHouse.Patience, () => house.Log);

        // mutt takes what it was once shown: the certificate alone.
        await File.WriteAllTextAsync(house["certificate"], await Run.OkAsync("openssl", "x509", "-in", house["etc/mail.pem"]));
        var copy = house["copied-by-mutt"];
        await File.WriteAllTextAsync(house["muttrc"], $"""
            set imap_user = "{user.Name}"
            set imap_pass = "{user.Password}"
            set ssl_starttls = no
            set ssl_force_tls = {(tls ? "yes" : "no")}
            set certificate_file = "{house["certificate"]}"
            set ssl_ca_certificates_file = "{house["certificate"]}"
            set ssl_usesystemcerts = no
            set ssl_verify_host = no
            set header_cache = ""
            set mbox_type = mbox
            set copy = no
            set confirmcreate = no
            set confirmappend = no
            set quit = yes
            set sleep_time = 0
            push "<copy-message>{copy}<enter><quit>"

            """);
        Sasl.Hosting.Unix.Files.ChangeMode(house["muttrc"], 0x180);
        var url = tls ? $"imaps://127.0.0.1:{house.Imaps}/" : $"imap://127.0.0.1:{house.Imap}/";
        // mutt wants a terminal: script gives it one.
        var ran = await Run.Async("script", "-qec", $"mutt -F {house["muttrc"]} -f {url}", "/dev/null");
        Assert.True(File.Exists(copy), $"{ran.All}\n{house.Log}");
        Assert.Contains("read by mutt", await File.ReadAllTextAsync(copy));
    }

    [RootFact]
    public async Task C6_MailKit_keeps_folders_and_is_told_of_a_new_mail_while_it_idles()
    {
        await using var house = new TestHouse().WithSystemUsers();
        var user = await house.AddSystemUserAsync();
        await house.StartAsync();
        using var imap = new ImapClient { ServerCertificateValidationCallback = Pinned.To(house["etc/mail.pem"]), CheckCertificateRevocation = false };
        await imap.ConnectAsync("127.0.0.1", house.Imaps, SecureSocketOptions.SslOnConnect);
        await imap.AuthenticateAsync(user.Name, user.Password);
        var archive = await imap.GetFolder(imap.PersonalNamespaces[0]).CreateAsync("Archive", true) ?? throw new InvalidOperationException("no folder was made");
        await imap.Inbox.OpenAsync(FolderAccess.ReadWrite);

        var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        imap.Inbox.CountChanged += (_, _) => told.TrySetResult();
        using (var done = new CancellationTokenSource())
        {
            var idling = imap.IdleAsync(done.Token);
            await house.SendAsync($"{user.Name}@test.example", "while idle");
            await told.Task.WaitAsync(TestHouse.Patience);
            await done.CancelAsync();
            await idling;
        }
        var summary = Assert.Single(await imap.Inbox.FetchAsync(0, -1, MessageSummaryItems.Envelope | MessageSummaryItems.UniqueId | MessageSummaryItems.BodyStructure));
        Assert.Equal("while idle", summary.Envelope?.Subject);
        await imap.Inbox.AddFlagsAsync(summary.UniqueId, MessageFlags.Flagged, true);
        await imap.Inbox.MoveToAsync(summary.UniqueId, archive);
        Assert.Equal(0, imap.Inbox.Count);
        await imap.DisconnectAsync(true);
        Assert.EndsWith(":2,F", Assert.Single(user.Mails("Maildir/.Archive")));
    }
}
