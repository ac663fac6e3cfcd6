using System.Diagnostics;
using Sasl.Hosting.Unix;

namespace MailStore.Tests.Maildir;

public class LargeFolderTests(Xunit.Abstractions.ITestOutputHelper output)
{
    [Fact]
    public void Ten_thousand_messages_open_without_a_look_at_any_file()
    {
        using var box = new Box();
        Directory.CreateDirectory(box["cur"]);
        File.WriteAllText(box["one"], "Subject: x");
        using var directory = Files.OpenDirectory(box.Path);
        var list = new System.Text.StringBuilder("3 V1 N1 G0\n");
        for (var i = 1; i <= 10_000; i++)
        {
            var name = $"17000{i:00000}.M1P1.h,S=10,W=12";
            Files.LinkAt(directory, "one", directory, $"cur/{name}:2,S");
            list.Append(System.Globalization.CultureInfo.InvariantCulture, $"{i} :{name}\n");
        }
        File.WriteAllText(box["dovecot-uidlist"], list.ToString());
        box.Select().Dispose();
        box.Reopen();
        var clock = Stopwatch.StartNew();
        var before = GC.GetAllocatedBytesForCurrentThread();
        using var view = box.Select();
        output.WriteLine($"open {clock.ElapsedMilliseconds} ms, {(GC.GetAllocatedBytesForCurrentThread() - before) / 1024} kB allocated");
        Assert.Equal((10_000, 10_000u), (view.Messages.Count, view.Messages[^1].Uid));
        Assert.Equal(12, view.Messages[5000].Size);
        clock.Restart();
        view.Store(view.Messages.Take(1000).Select(m => m.Uid).ToArray(), FlagChange.Add, MessageFlags.Flagged, Box.Keywords());
        output.WriteLine($"1,000 flags {clock.ElapsedMilliseconds} ms");
        clock.Restart();
        File.Delete(Directory.EnumerateFiles(box["cur"]).First());
        Assert.Single(view.Sync(true).Expunged);
        output.WriteLine($"rescan {clock.ElapsedMilliseconds} ms");
    }
}
