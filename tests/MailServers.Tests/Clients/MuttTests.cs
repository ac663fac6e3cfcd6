using MailServers.Tests.Smtp.Clients;
using MailStore;

namespace MailServers.Tests.Clients;

/// <summary>mutt, driven by its own key commands: it reads, files away, flags and deletes.</summary>
public sealed class MuttTests
{
    [Theory]
    [InlineData("imap", "plain")]
    [InlineData("imap", "starttls")]
    [InlineData("imaps", "tls")]
    public async Task Reads_saves_and_deletes(string scheme, string line)
    {
        await using var house = new ReadingHouse();
        house.Store.Create("Archive");
        await house.AddAsync("From: a@b.c\nSubject: one\nDate: Mon, 7 Feb 2022 21:52:25 +0000\n\nfirst\n");
        await house.AddAsync("From: a@b.c\nSubject: two\nDate: Mon, 7 Feb 2022 21:52:26 +0000\n\nsecond\n");
        await house.AddAsync("From: a@b.c\nSubject: three\nDate: Mon, 7 Feb 2022 21:52:27 +0000\n\nthird\n");
        // Copy the first out of the server, file the second on it, flag the third.
        await MuttAsync(house, scheme, line, $"<first-entry><copy-message>{house["out"]}<enter><next-entry><save-message>=Archive<enter><last-entry><flag-message><sync-mailbox><quit>");
        Assert.True(File.Exists(house["out"]), house.Log);
        Assert.Contains("\n\nfirst\n", await File.ReadAllTextAsync(house["out"]));
        Assert.Equal(["first", "third"], house.Texts().Select(static t => t.TrimEnd().Split('\n')[^1]));
        Assert.Equal("second", Assert.Single(house.Texts("Archive")).TrimEnd().Split('\n')[^1]);
        Assert.Contains(MessageFlags.Flagged, house.Flags().Select(static f => f & MessageFlags.Flagged));
    }

    static async Task MuttAsync(ReadingHouse house, string scheme, string line, string keys)
    {
        var port = line == "tls" ? house.Imaps : house.Imap;
        await File.WriteAllTextAsync(house["muttrc"], $"""
            set imap_user = "alice"
            set imap_pass = "secret"
            set folder = "{scheme}://127.0.0.1:{port}/"
            set ssl_starttls = {(line == "starttls" ? "yes" : "no")}
            set ssl_force_tls = {(line == "plain" ? "no" : "yes")}
            set certificate_file = "{house.Certificate}"
            set ssl_ca_certificates_file = "{house.Certificate}"
            set ssl_usesystemcerts = no
            set ssl_verify_host = no
            set header_cache = ""
            set mbox_type = mbox
            set confirmcreate = no
            set confirmappend = no
            set delete = yes
            set move = no
            set mark_old = no
            set wait_key = no
            set quit = yes
            set sleep_time = 0
            push "{keys}"

            """);
        // mutt wants a terminal: script gives it one.
        var (_, output) = await Peer.RunAsync("script", "", "-qec", $"mutt -F {house["muttrc"]} -f {scheme}://127.0.0.1:{port}/INBOX", "/dev/null");
        await File.WriteAllTextAsync(house["screen"], output);
    }
}
