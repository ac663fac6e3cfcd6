using System.Net.Sockets;
using System.Text;
using MailSupervisor.House;
using Sasl.Hosting.Unix;
using Testing;

namespace mailsupervisor.Tests;

public sealed class SupervisorTests
{
    static async Task<TestHouse> StartAsync(params (string Name, string Role, ChildRights Rights)[] children)
    {
        var house = new TestHouse();
        await house.Supervisor.ReloadAsync(house.PlanOf([.. children.Select(c => house.Plan(c.Name, c.Role, c.Rights))]));
        return house;
    }

    [Fact]
    public async Task A_child_runs_as_the_identity_that_was_wanted_and_has_its_configuration()
    {
        await using var house = new TestHouse();
        await house.Supervisor.ReloadAsync(house.PlanOf(house.Plan("front", "good", test: "line one\nline two\\")));
        Assert.StartsWith($"who uid={TestHouse.ChildIdentity.ExpectedUid} ", await house.AskAsync("front", "who"));
        Assert.EndsWith("config=line one\nline two\\", await house.AskAsync("front", "who"));
    }

    [Fact]
    public async Task A_configuration_of_many_frames_arrives_whole()
    {
        var text = string.Join('\n', Enumerable.Range(0, 30000).Select(i => $"line {i}"));
        await using var house = new TestHouse();
        await house.Supervisor.ReloadAsync(house.PlanOf(house.Plan("front", "good", test: text)));
        using var socket = await house.ConnectAsync("front");
        await socket.SendAsync("who\n"u8.ToArray());
        var answer = new StringBuilder();
        while (await TestHouse.ReadAsync(socket) is { Length: > 0 } piece)
            answer.Append(piece);
        Assert.Contains("line 29999", answer.ToString());
    }

    [Fact]
    public async Task A_confirmed_login_is_handed_to_the_worker_of_that_uid_with_its_leftover()
    {
        await using var house = await StartAsync(("front", "good", ChildRights.HandOff));
        house.AddUser("alice");
        var answer = await house.AskAsync("front", "handoff imap alice");
        Assert.Equal($"imap user=alice mail=maildir:~/Maildir home=/home/alice tag=a1 uid={TestHouse.MailUid} pid=", answer[..(answer.IndexOf("pid=", StringComparison.Ordinal) + 4)]);
        Assert.EndsWith("leftover=LEFT", answer);
    }

    [Fact]
    public async Task The_pid_in_the_confirmation_is_the_front_ends_own_as_the_kernel_tells_it()
    {
        await using var house = await StartAsync(("front", "good", ChildRights.HandOff));
        house.AddUser("alice");
        var pid = (await house.AskAsync("front", "who")).Split("pid=")[1].Split(' ')[0];
        await house.AskAsync("front", "handoff imap alice");
        Assert.Contains(house.Lines, l => l == $"confirm pid={pid} cookie=alice request=7");
    }

    [Fact]
    public async Task A_reference_is_good_once()
    {
        await using var house = await StartAsync(("front", "good", ChildRights.HandOff));
        house.AddUser("alice");
        Assert.StartsWith("imap user=alice", await house.AskAsync("front", "handoff imap alice"));
        Assert.StartsWith("nouser", await house.AskAsync("front", "handoff imap alice"));
    }

    [Fact]
    public async Task A_front_end_names_no_user_to_the_supervisor()
    {
        await using var house = await StartAsync(("front", "good", ChildRights.HandOff));
        house.AddUser("alice");
        Assert.Equal("denied not permitted", await house.AskAsync("front", "deliver alice"));
        Assert.Contains(house.Lines, l => l.Contains("front: request DELIVER is not permitted"));
    }

    [Fact]
    public async Task The_queue_opens_a_delivery_and_cannot_hand_off()
    {
        await using var house = await StartAsync(("queue", "good", ChildRights.Deliver));
        house.AddUser("alice");
        Assert.StartsWith("lmtp user=alice mail=maildir:~/Maildir", await house.AskAsync("queue", "deliver alice"));
        Assert.StartsWith("nouser", await house.AskAsync("queue", "deliver nobody-here"));
        Assert.Equal("denied not permitted", await house.AskAsync("queue", "handoff imap alice"));
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(1u)]
    [InlineData(499u)]
    public async Task A_uid_below_first_valid_uid_is_refused_whatever_the_auth_server_says(uint uid)
    {
        await using var house = await StartAsync(("front", "good", ChildRights.HandOff), ("queue", "good", ChildRights.Deliver));
        house.AddUser("system", uid);
        Assert.StartsWith("denied", await house.AskAsync("front", "handoff imap system"));
        Assert.StartsWith("denied", await house.AskAsync("queue", "deliver system"));
        Assert.Contains(house.Lines, l => l.Contains($"uid {uid} is below first_valid_uid 500"));
    }

    [Fact]
    public async Task A_child_that_starts_no_programs_cannot_start_one()
    {
        await using var house = await StartAsync(("confined", "confined", ChildRights.None), ("free", "good", ChildRights.None));
        Assert.Equal("exec Operation not permitted; x32: Operation not permitted", await house.AskAsync("confined", "exec"));
        Assert.StartsWith("exec started; ", await house.AskAsync("free", "exec"));
    }

    [Fact]
    public async Task Gid_zero_is_refused()
    {
        await using var house = await StartAsync(("front", "good", ChildRights.HandOff));
        house.AddUser("group-root", gid: 0);
        Assert.StartsWith("denied", await house.AskAsync("front", "handoff imap group-root"));
    }

    [Fact]
    public async Task Two_sessions_of_one_uid_are_served_by_one_worker()
    {
        await using var house = await StartAsync(("front", "good", ChildRights.HandOff), ("queue", "good", ChildRights.Deliver));
        house.AddUser("alice");
        house.AddUser("alice-again");
        static string Pid(string answer) => answer.Split("pid=")[1].Split(' ')[0];
        var first = await house.AskAsync("front", "handoff imap alice");
        var second = await house.AskAsync("front", "handoff pop3 alice-again");
        var third = await house.AskAsync("queue", "deliver alice");
        Assert.Equal(Pid(first), Pid(second));
        Assert.Equal(Pid(first), Pid(third));
    }

    [Fact]
    public async Task A_worker_that_crashed_is_replaced_at_the_next_need()
    {
        await using var house = await StartAsync(("front", "good", ChildRights.HandOff));
        house.AddUser("alice");
        house.AddUser("alice-again");
        using (var socket = await house.ConnectAsync("front"))
        {
            await socket.SendAsync("handoff imap alice\n"u8.ToArray());
            Assert.StartsWith("imap user=alice", await TestHouse.ReadAsync(socket));
            await socket.SendAsync("crash\n"u8.ToArray());
            Assert.Equal("", await TestHouse.ReadAsync(socket));
        }
        await Eventually.TrueAsync(() => house.Lines.Any(l => l.Contains("exit status 9")), "the crash is logged");
        Assert.StartsWith("imap user=alice-again", await house.AskAsync("front", "handoff imap alice-again"));
    }

    [Fact]
    public async Task A_child_that_crashes_comes_back_and_clients_wait_in_the_backlog_meanwhile()
    {
        await using var house = await StartAsync(("front", "good", ChildRights.None));
        var before = await house.AskAsync("front", "who");
        Assert.Equal("", await house.AskAsync("front", "crash"));
        // No refusal and no retry: the listening socket outlives the child.
        var after = await house.AskAsync("front", "who");
        Assert.NotEqual(before, after);
        Assert.Contains(house.Lines, l => l.Contains("exit status 9"));
    }

    [Fact]
    public async Task Reload_replaces_a_child_without_a_moment_of_refusal()
    {
        await using var house = await StartAsync(("front", "good", ChildRights.None));
        var before = await house.AskAsync("front", "who");
        await house.Supervisor.ReloadAsync(house.PlanOf(house.Plan("front", "good", test: "new")));
        await Eventually.TrueAsync(async () => (await house.AskAsync("front", "who")).EndsWith("config=new"), "the new configuration");
        Assert.NotEqual(before, await house.AskAsync("front", "who"));
    }

    [Fact]
    public async Task Reload_leaves_a_child_alone_whose_plan_has_not_changed()
    {
        await using var house = await StartAsync(("front", "good", ChildRights.None), ("other", "good", ChildRights.None));
        var (front, other) = (await house.AskAsync("front", "who"), await house.AskAsync("other", "who"));
        await house.Supervisor.ReloadAsync(house.PlanOf(house.Plan("front", "good"), house.Plan("other", "good", test: "new")));
        await Eventually.TrueAsync(async () => (await house.AskAsync("other", "who")).EndsWith("config=new"), "the new configuration");
        Assert.Equal(front, await house.AskAsync("front", "who"));
        Assert.NotEqual(other, await house.AskAsync("other", "who"));
    }

    [Fact]
    public async Task Reload_lets_a_front_end_go_on_with_the_clients_that_it_has()
    {
        await using var house = new TestHouse();
        await house.Supervisor.ReloadAsync(house.PlanOf(house.Plan("front", "good") with { MayOverlap = true }));
        using var client = await house.ConnectAsync("front");
        var old = await house.AskAsync("front", "who");
        await house.Supervisor.ReloadAsync(house.PlanOf(house.Plan("front", "good", test: "new") with { MayOverlap = true }));
        await Eventually.TrueAsync(async () => (await house.AskAsync("front", "who")).EndsWith("config=new"), "the successor");
        await client.SendAsync("who\n"u8.ToArray());
        Assert.Equal(old, await TestHouse.ReadAsync(client));
    }

    [Fact]
    public async Task Reload_gives_a_socket_its_new_mode()
    {
        await using var house = await StartAsync(("front", "good", ChildRights.None));
        var plan = house.Plan("front", "good");
        await house.Supervisor.ReloadAsync(house.PlanOf(plan with { Listeners = [plan.Listeners[0] with { Mode = 0x1B0 }] }));
        Assert.Equal(0x1B0u, Files.Status(house["front.sock"])!.Value.Permissions);
    }

    [Fact]
    public async Task A_child_that_cannot_start_is_tried_again_and_logged()
    {
        await using var house = new TestHouse();
        var start = house.Supervisor.ReloadAsync(house.PlanOf(house.Plan("front", "crash")));
        await Eventually.TrueAsync(() => house.Lines.Count(l => l.Contains("front: front ended with status 3")) >= 2, "two attempts");
        Assert.False(start.IsCompleted);
    }

    [Fact]
    public Task A_process_that_is_not_the_one_that_was_started_gets_nothing() => RefusedAsync("impostor");

    [RequiresFact(root: true)]
    public Task A_process_that_kept_root_gets_nothing() => RefusedAsync("undropped");

    static async Task RefusedAsync(string role)
    {
        await using var house = new TestHouse();
        _ = house.Supervisor.ReloadAsync(house.PlanOf(house.Plan("front", role)));
        await Eventually.TrueAsync(() => house.Lines.Any(l => l.StartsWith("Error: front:")), "refused", TimeSpan.FromSeconds(40));
        Assert.DoesNotContain(house.Lines, l => l.Contains("front: started"));
    }

    [Fact]
    public async Task A_worker_is_told_the_mail_location_of_the_user_database_first()
    {
        await using var house = await StartAsync(("queue", "good", ChildRights.Deliver));
        house.AddUser("alice", mail: "maildir:/elsewhere/%u");
        Assert.StartsWith("lmtp user=alice mail=maildir:/elsewhere/%u", await house.AskAsync("queue", "deliver alice"));
    }
}
