using MailSupervisor.House;
using Testing;

namespace mailsupervisor.Tests;

/// <summary>Whatever a taken-over child sends, the root process goes on serving the others, and nobody is attached to a worker.</summary>
public sealed class TakenOverChildTests
{
    static async Task<TestHouse> StartAsync(string role)
    {
        var house = new TestHouse();
        house.AddUser("alice");
        await house.Supervisor.ReloadAsync(house.PlanOf(house.Plan("front", "good", ChildRights.HandOff), house.Plan("bad", role, ChildRights.HandOff)));
        return house;
    }

    [Fact]
    public async Task Attack_frames_of_nonsense_are_refused_and_the_house_goes_on()
    {
        await using var house = await StartAsync("nonsense");
        await Eventually.TrueAsync(() => house.Lines.Count(l => l.Contains("bad: request ") && l.Contains(" is not permitted")) >= 100, "frames refused");
        Assert.StartsWith("imap user=alice", await house.AskAsync("front", "handoff imap alice"));
        Assert.DoesNotContain(house.Lines, l => l.Contains("bad: started") && l.Contains("worker"));
    }

    [Fact]
    public async Task Attack_an_oversized_frame_ends_the_child_that_sent_it()
    {
        await using var house = await StartAsync("oversized");
        await Eventually.TrueAsync(() => house.Lines.Any(l => l.Contains("bad: ") && l.Contains("truncated")), "killed");
        await Eventually.TrueAsync(() => house.Lines.Any(l => l.Contains("process bad pid ") && l.Contains("exit status 137")), "ended");
        Assert.StartsWith("imap user=alice", await house.AskAsync("front", "handoff imap alice"));
    }

    [Fact]
    public async Task Attack_hand_off_forging_without_a_descriptor_asks_nobody_and_burns_no_reference()
    {
        await using var house = await StartAsync("forger");
        // The cookie is good; had one of the forged frames been put to the auth server, it would be used up.
        Assert.StartsWith("imap user=alice", await house.AskAsync("front", "handoff imap alice"));
        Assert.Equal(1, house.Lines.Count(l => l.StartsWith("confirm ", StringComparison.Ordinal)));
    }
}
