using System.Net.Sockets;
using System.Text;
using MailServers.Imap;
using MailStore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Sasl.Hosting.Net;
using Testing;

namespace MailServers.Tests.Imap;

/// <summary>A user's real mail in a directory of its own, and sessions on it.</summary>
sealed class ImapHouse : IDisposable
{
    readonly TemporaryDirectory _directory = new();

    public ImapHouse() => Store = Stores.Open(new MailLocation(MailFormat.Maildir, _directory["mail"], null));

    public IStore Store { get; }

    public ImapSettings Settings { get; init; } = ImapSettings.Default;

    public ILogger Log { get; init; } = NullLogger.Instance;

    public string? Tag { get; init; } = "a0";

    public async Task ServeAsync(Socket socket, CancellationToken drain)
    {
        await using var connection = new Connection(socket);
        await ImapSession.RunAsync(connection, Store, new("alice", Tag, "test"), Settings, Log, drain);
    }

    /// <summary>Adds a message whose lines are given with LF; returns its UID.</summary>
    public async Task<uint> AddAsync(string text, string folder = "INBOX", MessageFlags flags = MessageFlags.None, params string[] keywords)
    {
        using var writer = Store.Append(folder, flags, new HashSet<string>(keywords), new DateTimeOffset(1996, 7, 17, 2, 44, 25, TimeSpan.FromHours(-7)))!;
        await writer.WriteAsync(Encoding.UTF8.GetBytes(text.ReplaceLineEndings("\r\n")), default);
        return (await writer.CommitAsync(default)).Uid;
    }

    /// <summary>Plays a dialogue whole, by line and byte by byte, each on fresh mail. The greeting is expected by itself.</summary>
    public static async Task PlayAsync(string script, Func<ImapHouse, Task>? prepare = null, ImapSettings? settings = null)
    {
        foreach (var pace in Enum.GetValues<Pace>())
        {
            using var house = new ImapHouse { Settings = settings ?? ImapSettings.Default };
            if (prepare is not null)
                await prepare(house);
            await Dialogue.PlayAsync(house.ServeAsync, "S: a0 OK [CAPABILITY IMAP4rev1 *] Logged in\n" + script, pace);
        }
    }

    /// <summary>So many small messages: "Subject: 1" with the text "text 1", and so on.</summary>
    public static Func<ImapHouse, Task> With(int messages) => async house =>
    {
        for (var i = 1; i <= messages; i++)
            await house.AddAsync($"From: Fred Foobar <foobar@example.com>\nSubject: {i}\nDate: Mon, 7 Feb 1994 21:52:25 -0800\n\ntext {i}\n");
    };

    public void Dispose()
    {
        Store.Dispose();
        _directory.Dispose();
    }
}
