using System.Text;

namespace MailStore.Tests;

/// <summary>The process that the kill tests start and kill: <c>dotnet MailStore.Tests.dll half|steady|churn MAILDIR</c>.</summary>
static class Victim
{
    public static async Task<int> Main(string[] arguments)
    {
        if (arguments is not [var mode, var path])
            return 64;
        using var store = Stores.Open(new MailLocation(MailFormat.Maildir, path, null));
        var out_ = Console.Out;
        if (mode == "half")
        {
            using var writer = store.Append("INBOX", MessageFlags.None, new HashSet<string>(), null)!;
            await writer.WriteAsync(Encoding.ASCII.GetBytes(Text(1)), CancellationToken.None);
            await out_.WriteLineAsync("written");
            await out_.FlushAsync();
            await Task.Delay(Timeout.Infinite);
        }
        for (var i = 1; ; i++)
        {
            if (mode == "churn" && i % 3 == 0)
                await RemoveAsync(store, out_);
            using var writer = store.Append("INBOX", MessageFlags.None, new HashSet<string>(), null)!;
            await writer.WriteAsync(Encoding.ASCII.GetBytes(Text(i)), CancellationToken.None);
            var (_, uid) = await writer.CommitAsync(CancellationToken.None);
            await out_.WriteLineAsync($"{uid} {i}");
            await out_.FlushAsync();
        }
    }

    /// <summary>Expunges the oldest message; says so before.</summary>
    static async Task RemoveAsync(IStore store, TextWriter output)
    {
        using var view = store.Select("INBOX", readOnly: false)!;
        var uid = view.Messages[0].Uid;
        await output.WriteLineAsync($"{uid} goes");
        await output.FlushAsync();
        view.Store([uid], FlagChange.Add, MessageFlags.Deleted, new HashSet<string>());
        view.Expunge([uid]);
    }

    public static string Text(int number) => $"Subject: {number}\r\n\r\n{new string('x', 200_000)}\r\nend {number}\r\n";
}
