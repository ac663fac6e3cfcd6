using MailServers.Tests.Smtp.Clients;
using MailStore;

namespace MailServers.Tests.Clients;

/// <summary>curl as a mail reader, over every kind of line.</summary>
public sealed class CurlTests
{
    const string First = "From: a@b.c\nSubject: one\n\n.a dot\nhello\n", Second = "Subject: two\n\nneedle\n";

    static readonly string[] _lines = ["plain", "starttls", "tls"];

    public static TheoryData<string> Lines => [.. _lines];

    static async Task<ReadingHouse> HouseAsync()
    {
        var house = new ReadingHouse();
        await house.AddAsync(First);
        await house.AddAsync(Second);
        return house;
    }

    static async Task<string> CurlAsync(ReadingHouse house, string scheme, string line, string path, params string[] more)
    {
        var port = (scheme, line) switch { ("imap", "tls") => house.Imaps, ("imap", _) => house.Imap, (_, "tls") => house.Pop3s, _ => house.Pop3 };
        var (exit, output) = await Peer.RunAsync("curl", "", ["-sS", "--user", "alice:secret", "--insecure", .. line == "starttls" ? (string[])["--ssl-reqd"] : [],
            .. more, $"{scheme}{(line == "tls" ? "s" : "")}://127.0.0.1:{port}/{path}"]);
        Assert.True(exit == 0, $"{exit}: {output}\n{house.Log}");
        return output;
    }

    [Theory, MemberData(nameof(Lines))]
    public async Task Reads_by_imap(string line)
    {
        await using var house = await HouseAsync();
        Assert.Equal("* LIST (\\HasNoChildren \\Marked) \".\" INBOX\r\n", await CurlAsync(house, "imap", line, ""));
        Assert.Equal(First.ReplaceLineEndings("\r\n"), await CurlAsync(house, "imap", line, "INBOX;MAILINDEX=1"));
        Assert.Equal("needle\r\n", await CurlAsync(house, "imap", line, "INBOX;UID=2;SECTION=TEXT"));
        Assert.Equal("* SEARCH 2\r\n", await CurlAsync(house, "imap", line, "INBOX?BODY%20needle"));
        Assert.Equal([MessageFlags.Seen, MessageFlags.Seen], house.Flags());
    }

    [Theory, MemberData(nameof(Lines))]
    public async Task Changes_by_imap(string line)
    {
        await using var house = await HouseAsync();
        await CurlAsync(house, "imap", line, "", "-X", "CREATE Archive");
        await CurlAsync(house, "imap", line, "INBOX", "-X", "COPY 1 Archive");
        await File.WriteAllTextAsync(house["mail"], Second.ReplaceLineEndings("\r\n"));
        await CurlAsync(house, "imap", line, "Archive", "-T", house["mail"]);
        await CurlAsync(house, "imap", line, "INBOX", "-X", "STORE 2 +FLAGS (\\Flagged)");
        Assert.Equal([First.ReplaceLineEndings("\r\n"), Second.ReplaceLineEndings("\r\n")], house.Texts("Archive"));
        Assert.Equal([MessageFlags.None, MessageFlags.Flagged], house.Flags());
    }

    [Theory, MemberData(nameof(Lines))]
    public async Task Reads_and_deletes_by_pop3(string line)
    {
        await using var house = await HouseAsync();
        Assert.Equal($"1 {First.ReplaceLineEndings("\r\n").Length}\r\n2 {Second.ReplaceLineEndings("\r\n").Length}\r\n", await CurlAsync(house, "pop3", line, ""));
        Assert.Equal(First.ReplaceLineEndings("\r\n"), await CurlAsync(house, "pop3", line, "1"));
        Assert.Equal("Subject: two\r\n\r\n", await CurlAsync(house, "pop3", line, "", "-X", "TOP 2 0"));
        Assert.Matches("^1 [0-9a-f]{16}\r\n2 [0-9a-f]{16}\r\n$", await CurlAsync(house, "pop3", line, "", "-X", "UIDL"));
        await CurlAsync(house, "pop3", line, "1", "-l", "-X", "DELE", "-I");
        Assert.Equal(Second.ReplaceLineEndings("\r\n"), Assert.Single(house.Texts()));
    }

    [Theory]
    [InlineData("imap")]
    [InlineData("pop3")]
    public async Task A_wrong_password_is_its_login_denied(string scheme)
    {
        await using var house = await HouseAsync();
        var (exit, output) = await Peer.RunAsync("curl", "", "-sS", "--user", "alice:wrong", $"{scheme}://127.0.0.1:{(scheme == "imap" ? house.Imap : house.Pop3)}/");
        Assert.True(exit == 67, $"{exit}: {output}\n{house.Log}");
    }
}
