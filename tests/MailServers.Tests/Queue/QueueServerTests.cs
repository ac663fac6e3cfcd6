using MailServers.Tests.Queue;

namespace MailServers.Tests.Queue;

public sealed class QueueServerTests
{
    [Fact]
    public async Task A_mail_for_a_user_lands_in_his_mailbox()
    {
        await using var house = new House();
        house.AddUser("alice");
        var id = await house.SubmitAsync("s@example.net", "Alice@example.org");
        await house.EmptyAsync();
        Assert.Contains("Delivered-To: Alice@example.org", Assert.Single(house.MailOf("alice")));
        Assert.True(house.Log.Has($"local: {id}: to=<Alice@example.org>, relay=local, delay=*, delays=*/*/0/*, dsn=2.0.0, status=sent (delivered to mailbox)"), house.Log.ToString());
    }

    [Fact]
    public async Task An_unknown_user_bounces_to_the_sender()
    {
        await using var house = new House();
        house.AddUser("alice");
        await house.SubmitAsync("alice@example.org", "nobody@example.org");
        await house.EmptyAsync();
        Assert.Contains("unknown user: \"nobody\"", Assert.Single(house.MailOf("alice")));
    }

    [Fact]
    public async Task Aliases_nest_and_everybody_gets_one_copy()
    {
        await using var house = new House();
        foreach (var user in (string[])["alice", "bob", "carol"])
            house.AddUser(user);
        house.Aliases($"staff: bob, team, alice\nteam: alice, carol, bob\nalice: alice\n");
        var id = await house.SubmitAsync("s@example.net", "staff@example.org");
        await house.EmptyAsync();
        foreach (var user in (string[])["alice", "bob", "carol"])
            Assert.Single(house.MailOf(user));
        Assert.True(house.Log.Has($"local: {id}: to=<bob@example.org>, orig_to=<staff@example.org>, *status=sent (delivered to mailbox)"), house.Log.ToString());
    }

    [Fact]
    public async Task Included_lists_are_read_and_their_owner_gets_the_errors()
    {
        await using var house = new House();
        house.AddUser("alice");
        house.AddUser("boss");
        File.WriteAllText(house.Directory["list"], "# members\nalice\nnobody\n");
        house.Aliases($"list: :include:{house.Directory["list"]}\nowner-list: boss\n");
        await house.SubmitAsync("s@example.net", "list@example.org");
        await house.EmptyAsync();
        Assert.Contains("Return-Path: <boss@example.org>", Assert.Single(house.MailOf("alice")));
        Assert.Contains("unknown user: \"nobody\"", Assert.Single(house.MailOf("boss")));
    }

    [Theory]
    [InlineData("x: y\ny: x\n", "alias database loop for x")]
    [InlineData("x: \"|cat\"\n", "mail to command is restricted")]
    [InlineData("x: /etc/passwd\n", "mail to file is restricted")]
    [InlineData("x: \"|cat\n", "mail system configuration error: unbalanced quote")]
    public async Task Attack_or_mistake_in_an_alias_comes_back(string aliases, string text)
    {
        await using var house = new House();
        house.AddUser("alice");
        house.Aliases(aliases);
        await house.SubmitAsync("alice@example.org", "x@example.org");
        await house.EmptyAsync();
        Assert.Contains(text, Assert.Single(house.MailOf("alice")).Replace("\r\n   ", ""));
    }

    [Fact]
    public async Task A_forward_is_followed_and_carries_where_it_came_from()
    {
        await using var house = new House();
        house.AddUser("alice", "bob");
        house.AddUser("bob");
        await house.SubmitAsync("s@example.net", "alice@example.org");
        await house.EmptyAsync();
        var mail = Assert.Single(house.MailOf("bob"));
        Assert.Contains("Delivered-To: bob@example.org", mail);
        Assert.Contains("Delivered-To: alice@example.org", mail);
        Assert.Empty(house.MailOf("alice"));
    }

    [Fact]
    public async Task Loop_of_forwards_ends_and_the_sender_hears_of_it()
    {
        await using var house = new House();
        house.AddUser("alice", "bob");
        house.AddUser("bob", "alice@example.org");
        house.AddUser("carol");
        await house.SubmitAsync("carol@example.org", "alice@example.org");
        await house.EmptyAsync();
        Assert.Contains("mail forwarding loop for bob@example.org", Assert.Single(house.MailOf("carol")));
    }

    [Fact]
    public async Task A_copy_is_kept_and_sent_on_once_each()
    {
        await using var house = new House();
        house.AddUser("alice", "\\alice\nbob@example.org");
        house.AddUser("bob");
        await house.SubmitAsync("s@example.net", "alice@example.org bob@example.org");
        await house.EmptyAsync();
        Assert.Single(house.MailOf("alice"));
        Assert.Single(house.MailOf("bob"));
    }

    [Fact]
    public async Task Names_that_look_like_paths_or_options_are_unknown_users()
    {
        await using var house = new House();
        foreach (var name in (string[])["<\"../alice\"@example.org>", "<-f@example.org>", "<.@example.org>", "</etc/passwd@example.org>"])
            await house.SubmitAsync("", name);
        await house.EmptyAsync();
        Assert.Equal(4, house.Log.All.Count(l => l.Contains("undeliverable bounce discarded") && l.Contains("unknown user")));
    }

    [Fact]
    public async Task A_worker_that_cannot_be_had_makes_the_mail_wait()
    {
        await using var house = new House(open: (_, _) => Task.FromResult<(string?, string, System.Net.Sockets.Socket?)>(("temp", "the worker does not start", null)));
        var id = await house.SubmitAsync("s@example.net", "alice@example.org");
        await house.LoggedAsync($"local: {id}: *status=deferred (the worker does not start)");
        Assert.Equal([id], house.Queued());
    }

    [Fact]
    public async Task A_worker_that_comes_back_gets_the_mail_at_once_and_not_after_the_back_off()
    {
        var asked = 0;
        House? house = null;
        await using (house = new House(open: (user, stop) => Interlocked.Increment(ref asked) < 3
            ? Task.FromResult<(string?, string, System.Net.Sockets.Socket?)>(("temp", "no worker", null)) : house!.OpenAsync(user, stop)))
        {
            house.AddUser("alice");
            await house.SubmitAsync("s@example.net", "alice@example.org");
            // The minimal back-off is five minutes and so is the queue run: the patience of this wait is shorter.
            await house.EmptyAsync();
            Assert.Single(house.MailOf("alice"));
            Assert.Equal(3, asked);
        }
    }

    [Fact]
    public async Task A_mail_of_twenty_megabytes_passes_without_being_held()
    {
        await using var house = new House(s => s with { MessageSizeLimit = 50_000_000 });
        house.AddUser("alice");
        var line = new string('x', 998) + "\n";
        var before = GC.GetTotalAllocatedBytes();
        await house.SubmitAsync("s@example.net", "alice@example.org", "Subject: big\n\n" + string.Concat(Enumerable.Repeat(line, 20000)));
        await house.EmptyAsync();
        Assert.InRange(new DirectoryInfo(Path.Combine(house.HomeOf("alice"), "Maildir/new")).GetFiles().Single().Length, 19_900_000, 20_100_000);
    }
}
