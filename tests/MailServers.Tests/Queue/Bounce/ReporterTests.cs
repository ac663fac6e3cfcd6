using MimeKit;

namespace MailServers.Tests.Queue.Bounce;

public sealed class ReporterTests
{
    static async Task<MimeMessage> BounceOfAsync(string text, Func<MailServers.Queue.QueueSettings, MailServers.Queue.QueueSettings>? adjust = null, string recipients = "nobody@example.org")
    {
        await using var house = new House(adjust);
        house.AddUser("alice");
        await house.SubmitAsync("alice@example.org", recipients, text);
        await house.EmptyAsync();
        return MimeMessage.Load(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(Assert.Single(house.MailOf("alice")))));
    }

    [Fact]
    public async Task A_bounce_is_a_delivery_report_that_others_can_read()
    {
        var bounce = await BounceOfAsync("Message-ID: <m1@example.org>\nSubject: hello\n\nworld\n", recipients: "nobody@example.org no2@example.org");
        Assert.Equal("Undelivered Mail Returned to Sender", bounce.Subject);
        Assert.Equal("alice@example.org", bounce.To.Mailboxes.Single().Address);
        Assert.Equal("MAILER-DAEMON@mx.example.org", bounce.From.Mailboxes.Single().Address);
        Assert.Equal("m1@example.org", bounce.InReplyTo);
        Assert.Equal("auto-replied", bounce.Headers["Auto-Submitted"]);
        var report = Assert.IsType<MultipartReport>(bounce.Body);
        Assert.Equal(3, report.Count);
        Assert.Equal("delivery-status", report.ReportType);
        var status = Assert.IsType<MessageDeliveryStatus>(report[1]).StatusGroups;
        Assert.Equal(3, status.Count);
        Assert.Equal("dns; mx.example.org", status[0]["Reporting-MTA"]);
        Assert.Equal("rfc822; nobody@example.org", status[1]["Final-Recipient"]);
        Assert.Equal("failed", status[1]["Action"]);
        Assert.Equal("5.1.1", status[1]["Status"]);
        Assert.Equal("X-Postfix; unknown user: \"nobody\"", status[1]["Diagnostic-Code"]);
        Assert.Equal("rfc822; no2@example.org", status[2]["Final-Recipient"]);
        var original = Assert.IsType<MessagePart>(report[2]).Message!;
        Assert.Equal("hello", original.Subject);
        Assert.Equal("world", original.TextBody!.Trim());
    }

    [Fact]
    public async Task A_large_message_comes_back_as_its_header_only()
    {
        var bounce = await BounceOfAsync("Subject: big\n\n" + new string('x', 900) + "\n", s => s with { BounceSizeLimit = 100 });
        Assert.IsType<TextRfc822Headers>(((MultipartReport)bounce.Body!)[2]);
        Assert.DoesNotContain("xxx", bounce.ToString());
    }

    [Fact]
    public async Task Attack_a_message_with_a_boundary_of_ours_stays_inside_its_part()
    {
        var bounce = await BounceOfAsync("Subject: x\n\n--0.0/mx.example.org--\nafter\n");
        Assert.Contains("after", ((MessagePart)((MultipartReport)bounce.Body!)[2]).Message!.TextBody);
    }

    [Fact]
    public async Task A_message_without_a_header_is_returned_too() =>
        Assert.Equal(3, ((MultipartReport)(await BounceOfAsync("\njust text\n")).Body!).Count);
}
