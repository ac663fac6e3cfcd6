using MailKit;
using MailKit.Net.Imap;
using MailKit.Net.Pop3;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace FirstMail;

/// <summary>Where the house listens and who may log in.</summary>
public sealed record House(string Host, int Smtp, int Submission, int Imap, int Pop3, string User, string Password, string Address, string CertificatePath);

/// <summary>
/// One mail, end to end, with a client that is not ours (MailKit): a relay without login is refused, a login by AUTH over STARTTLS is
/// accepted and may relay, the message lands in the mailbox and comes back by IMAP and by POP3 as it was sent.
/// </summary>
public sealed class Journey(House house, Action<string, string> tell)
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public async Task RunAsync()
    {
        await RelayWithoutLoginAsync();
        await WrongPasswordAsync();
        var sent = Compose();
        await SubmitAsync(sent);
        var id = sent.MessageId ?? throw new InvalidOperationException("the message has no Message-Id");
        Compare("read back by IMAP", sent, await ReadByImapAsync(id));
        Compare("read back by POP3", sent, await ReadByPop3Async(id));
    }

    async Task RelayWithoutLoginAsync()
    {
        using var smtp = NewSmtp();
        await smtp.ConnectAsync(house.Host, house.Smtp, SecureSocketOptions.None);
        try
        {
            await smtp.SendAsync(Message("someone@example.org"));
        }
        catch (SmtpCommandException refused) when (refused.ErrorCode == SmtpErrorCode.RecipientNotAccepted)
        {
            tell("relay without login is refused", $"{(int)refused.StatusCode} {refused.Message}");
            await smtp.DisconnectAsync(true);
            return;
        }
        throw new InvalidOperationException("the server relayed for a stranger");
    }

    async Task WrongPasswordAsync()
    {
        using var smtp = NewSmtp();
        await smtp.ConnectAsync(house.Host, house.Submission, SecureSocketOptions.StartTls);
        try
        {
            await smtp.AuthenticateAsync(house.User, house.Password + "x");
        }
        catch (MailKit.Security.AuthenticationException refused)
        {
            tell("a wrong password is refused", refused.Message);
            await smtp.DisconnectAsync(true);
            return;
        }
        throw new InvalidOperationException("a wrong password was accepted");
    }

    async Task SubmitAsync(MimeMessage message)
    {
        using var smtp = NewSmtp();
        await smtp.ConnectAsync(house.Host, house.Submission, SecureSocketOptions.StartTls);
        await smtp.AuthenticateAsync(house.User, house.Password);
        tell("login by AUTH over STARTTLS", $"{smtp.SslProtocol}, {smtp.AuthenticationMechanisms.Count} mechanisms offered");
        await RelayIsPermittedAsync();
        tell("submission is accepted", await smtp.SendAsync(message));
        await smtp.DisconnectAsync(true);
    }

    /// <summary>The recipient that a stranger could not name is accepted after the login; the transaction is given up before any data.</summary>
    async Task RelayIsPermittedAsync()
    {
        using var smtp = new AskingSmtpClient { ServerCertificateValidationCallback = Pinned.To(house.CertificatePath), CheckCertificateRevocation = false };
        await smtp.ConnectAsync(house.Host, house.Submission, SecureSocketOptions.StartTls);
        await smtp.AuthenticateAsync(house.User, house.Password);
        var answer = await smtp.AskRelayAsync(house.Address, "someone@example.org");
        if (answer.StatusCode != SmtpStatusCode.Ok)
            throw new InvalidOperationException($"relay after login was refused: {answer.Response}");
        tell("relay after login is permitted", $"{(int)answer.StatusCode} {answer.Response}");
        await smtp.DisconnectAsync(true);
    }

    async Task<byte[]> ReadByImapAsync(string id)
    {
        using var imap = new ImapClient { ServerCertificateValidationCallback = Pinned.To(house.CertificatePath), CheckCertificateRevocation = false };
        await imap.ConnectAsync(house.Host, house.Imap, SecureSocketOptions.StartTls);
        await imap.AuthenticateAsync(house.User, house.Password);
        await imap.Inbox.OpenAsync(FolderAccess.ReadOnly);
        var deadline = DateTime.UtcNow + Patience;
        while (DateTime.UtcNow < deadline)
        {
            var found = await imap.Inbox.SearchAsync(MailKit.Search.SearchQuery.HeaderContains("Message-Id", id));
            if (found.Count > 0)
            {
                using var text = new MemoryStream();
                using (var stream = await imap.Inbox.GetStreamAsync(found[0], ""))
                    await stream.CopyToAsync(text);
                await imap.DisconnectAsync(true);
                return text.ToArray();
            }
            await Task.Delay(100);
            await imap.NoOpAsync();
        }
        throw new TimeoutException("the message did not arrive in the mailbox");
    }

    async Task<byte[]> ReadByPop3Async(string id)
    {
        using var pop = new Pop3Client { ServerCertificateValidationCallback = Pinned.To(house.CertificatePath), CheckCertificateRevocation = false };
        await pop.ConnectAsync(house.Host, house.Pop3, SecureSocketOptions.StartTls);
        await pop.AuthenticateAsync(house.User, house.Password);
        for (var i = pop.Count - 1; i >= 0; i--)
        {
            using var text = new MemoryStream();
            using (var stream = await pop.GetStreamAsync(i))
                await stream.CopyToAsync(text);
            var bytes = text.ToArray();
            if (System.Text.Encoding.UTF8.GetString(bytes).Contains(id))
            {
                await pop.DisconnectAsync(true);
                return bytes;
            }
        }
        throw new InvalidOperationException("the message is not in the mailbox by POP3");
    }

    /// <summary>Byte for byte below the trace headers, which each hop puts in front.</summary>
    void Compare(string step, MimeMessage sent, byte[] received)
    {
        using var text = new MemoryStream();
        var format = FormatOptions.Default.Clone();
        format.NewLineFormat = NewLineFormat.Dos;
        sent.WriteTo(format, text);
        var original = text.ToArray();
        if (received.Length < original.Length || !received.AsSpan(received.Length - original.Length).SequenceEqual(original))
            throw new InvalidOperationException($"{step}: the message differs from what was sent\n--- sent\n{System.Text.Encoding.UTF8.GetString(original)}\n--- received\n{System.Text.Encoding.UTF8.GetString(received)}");
        tell(step, $"{original.Length} bytes equal, {received.Length - original.Length} bytes of trace headers in front");
    }

    MimeMessage Compose()
    {
        var message = Message(house.Address);
        message.Subject = "Grüße aus dem neuen Haus — 你好 ✉";
        var attachment = new byte[5000];
        new Random(4711).NextBytes(attachment);
        var body = new BodyBuilder { TextBody = "Hello,\r\n\r\n.this line begins with a dot\r\n..and this with two\r\nGrüße\r\n" };
        body.Attachments.Add("noise.bin", attachment);
        message.Body = body.ToMessageBody();
        message.Prepare(EncodingConstraint.SevenBit);
        return message;
    }

    MimeMessage Message(string to)
    {
        var message = new MimeMessage { Subject = "a message", Body = new TextPart("plain") { Text = "text\r\n" } };
        message.From.Add(new MailboxAddress("Demo User", house.Address));
        message.To.Add(MailboxAddress.Parse(to));
        return message;
    }

    SmtpClient NewSmtp() => new() { ServerCertificateValidationCallback = Pinned.To(house.CertificatePath), CheckCertificateRevocation = false };

    /// <summary>Asks MAIL and RCPT without sending data.</summary>
    sealed class AskingSmtpClient : SmtpClient
    {
        public async Task<SmtpResponse> AskRelayAsync(string from, string to)
        {
            await SendCommandAsync($"MAIL FROM:<{from}>\r\n");
            var answer = await SendCommandAsync($"RCPT TO:<{to}>\r\n");
            await SendCommandAsync("RSET\r\n");
            return answer;
        }
    }
}
