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
        await TravelAsync(house);
        var maildir = Directory.GetFiles(house["mail/demo/Maildir"], "*", SearchOption.AllDirectories).Where(f => f.Contains("/new/") || f.Contains("/cur/")).ToArray();
        Assert.Equal(TestHouse.VirtualUid, Sasl.Hosting.Unix.Files.Status(Assert.Single(maildir))!.Value.Uid);
    }

    [RootFact]
    public async Task The_whole_house_runs_as_one_ordinary_user()
    {
        await using var house = new TestHouse { OrdinaryUid = 5000 };
        await house.AddUserAsync("demo", "s3cret pass");
        await house.StartAsync();
        await TravelAsync(house);
        Assert.All(house.Children(), c => Assert.Equal(5000u, c.Uid));
    }

    /// <summary>The seven steps that "make run" shows.</summary>
    static async Task TravelAsync(TestHouse house)
    {
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
    }
}
