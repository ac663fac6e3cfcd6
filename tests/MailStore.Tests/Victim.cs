using System.Text;

namespace MailStore.Tests;

/// <summary>The process that the kill tests start and kill: <c>dotnet MailStore.Tests.dll half|steady MAILDIR</c>.</summary>
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
            using var writer = store.Append("INBOX", MessageFlags.None, new HashSet<string>(), null)!;
            await writer.WriteAsync(Encoding.ASCII.GetBytes(Text(i)), CancellationToken.None);
            var (_, uid) = await writer.CommitAsync(CancellationToken.None);
            await out_.WriteLineAsync($"{uid} {i}");
            await out_.FlushAsync();
        }
    }

    public static string Text(int number) => $"Subject: {number}\r\n\r\n{new string('x', 200_000)}\r\nend {number}\r\n";
}
