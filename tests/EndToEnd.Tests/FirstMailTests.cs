using FirstMail;
using Testing;

namespace EndToEnd.Tests;

public sealed class FirstMailTests
{
    [Theory]
    [InlineData("cyrus")]
    [InlineData("dovecot")]
    public async Task One_mail_travels_from_submission_to_IMAP_and_POP3(string type)
    {
        await using var house = new TestHouse();
        if (type == "dovecot")
            house.UseDovecotAuth();
        await house.AddUserAsync("demo", "s3cret pass");
        await house.StartAsync();
        var steps = new List<string>();
        try
        {
            await new Journey(new("127.0.0.1", house.Smtp, house.Submission, house.Imap, house.Pop3, "demo", "s3cret pass", "demo@test.example", house["etc/mail.pem"]),
                (step, result) => steps.Add($"{step}: {result}")).RunAsync();
        }
        catch (Exception failure)
        {
            throw new Xunit.Sdk.XunitException($"after {string.Join("; ", steps)}: {failure.Message}\n{house.Log}");
        }
        Assert.Equal(7, steps.Count);
        var maildir = Directory.GetFiles(house["mail/demo/Maildir"], "*", SearchOption.AllDirectories).Where(f => f.Contains("/new/") || f.Contains("/cur/")).ToArray();
        Assert.Single(maildir);
        Assert.Equal(TestHouse.VirtualUid, Sasl.Hosting.Unix.Files.Status(maildir[0])!.Value.Uid);
    }
}
