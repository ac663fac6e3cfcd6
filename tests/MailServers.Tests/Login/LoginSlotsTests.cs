using CsCheck;
using MailServers.Login;

namespace MailServers.Tests.Login;

public sealed class LoginSlotsTests
{
    [Fact]
    public void The_oldest_undecided_client_makes_room_and_a_logged_in_one_never()
    {
        var dropped = new List<int>();
        var slots = new LoginSlots(3);
        var one = slots.TryEnter(() => dropped.Add(1))!;
        var two = slots.TryEnter(() => dropped.Add(2))!;
        Assert.NotNull(slots.TryEnter(() => dropped.Add(3)));
        Assert.True(slots.TryPromote(one));
        var four = slots.TryEnter(() => dropped.Add(4))!;
        Assert.Equal([2], dropped);
        Assert.False(slots.TryPromote(two));
        Assert.True(slots.TryPromote(four));
        var five = slots.TryEnter(() => dropped.Add(5))!;
        Assert.Equal([2, 3], dropped);
        Assert.True(slots.TryPromote(five));
        Assert.Null(slots.TryEnter(() => dropped.Add(6)));
        slots.Leave(one);
        slots.Leave(one);
        Assert.Equal(2, slots.Taken);
        Assert.NotNull(slots.TryEnter(() => { }));
    }

    [Fact]
    public void Whatever_happens_the_limit_holds_and_no_place_is_lost() =>
        Gen.Select(Gen.Int[0, 2], Gen.Int[0, 9]).Array[0, 60].Sample(steps =>
        {
            var slots = new LoginSlots(4);
            var open = new List<LoginSlot>();
            foreach (var (action, which) in steps)
            {
                if (action == 0 && slots.TryEnter(() => { }) is { } slot)
                    open.Add(slot);
                else if (action == 1 && which < open.Count)
                    slots.TryPromote(open[which]);
                else if (action == 2 && which < open.Count)
                    slots.Leave(open[which]);
                if (slots.Taken > 4)
                    return false;
            }
            foreach (var slot in open)
                slots.Leave(slot);
            return slots.Taken == 0;
        }, iter: 2000);
}
