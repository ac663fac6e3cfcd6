using System.Diagnostics;
using System.Globalization;

namespace MailStore.Tests.Maildir;

/// <summary>A process that dies in the middle: what it committed is there, what it did not is not.</summary>
public class KillTests
{
    [Fact]
    public async Task Killed_between_write_and_commit_leaves_no_visible_message()
    {
        using var box = new Box();
        using var victim = Start("half", box.Path);
        Assert.Equal("written", await victim.StandardOutput.ReadLineAsync());
        victim.Kill();
        await victim.WaitForExitAsync();
        using var view = box.Select();
        Assert.Empty(view.Messages);
        Assert.Single(box.Files("tmp"));
        Assert.Equal(1u, await box.AppendAsync("a: b\r\n\r\n"));
    }

    [Theory]
    [InlineData("steady")]
    [InlineData("churn")]
    public async Task Killed_at_any_moment_loses_nothing_committed_and_shows_nothing_half(string mode)
    {
        using var box = new Box();
        var going = new HashSet<uint>();
        var committed = new Dictionary<uint, string>();
        for (var round = 0; round < 4; round++)
        {
            using var victim = Start(mode, box.Path);
            var after = new Random(round).Next(1, 9);
            for (var i = 0; i < after; i++)
                Take(await victim.StandardOutput.ReadLineAsync());
            await Task.Delay(new Random(round).Next(0, 12));
            victim.Kill();
            while (await victim.StandardOutput.ReadLineAsync() is { } line)
                Take(line);
            await victim.WaitForExitAsync();

            using var view = box.Select();
            view.Sync(true);
            Assert.Superset(committed.Keys.Except(going).ToHashSet(), view.Messages.Select(m => m.Uid).ToHashSet());
            foreach (var message in view.Messages)
            {
                var text = Box.Text(view, message.Uid);
                var number = view.Structure(message.Uid)!.Envelope.Subject!;
                Assert.Equal(Victim.Text(int.Parse(number, CultureInfo.InvariantCulture)), text);
                Assert.Equal(committed.GetValueOrDefault(message.Uid, number), number);
            }
        }

        void Take(string? line)
        {
            if (line?.Split(' ') is [var goes, "goes"])
                going.Add(uint.Parse(goes, CultureInfo.InvariantCulture));
            else if (line?.Split(' ') is [var uid, var number] && !committed.TryAdd(uint.Parse(uid, CultureInfo.InvariantCulture), number))
                Assert.Fail($"UID {uid} was given twice");
        }
    }

    static Process Start(string mode, string path) =>
        Process.Start(new ProcessStartInfo("dotnet", [typeof(Victim).Assembly.Location, mode, path]) { RedirectStandardOutput = true })!;
}
