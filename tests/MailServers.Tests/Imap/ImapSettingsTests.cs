using MailServers.Imap;
using Sasl.Hosting.Configuration;

namespace MailServers.Tests.Imap;

public sealed class ImapSettingsTests
{
    static ImapSettings From(params (string Name, string Value)[] values) =>
        ImapSettings.From(new Settings(DovecotConf.Table, values.ToDictionary(v => v.Name, v => v.Value)));

    [Fact]
    public void The_defaults_are_those_of_the_table()
    {
        var settings = From();
        Assert.Equal((ImapSettings.Default.LongestLine, ImapSettings.Default.LongestCommand), (settings.LongestLine, settings.LongestCommand));
        Assert.Equal(ImapSettings.Default.IdleNotifyInterval, settings.IdleNotifyInterval);
        Assert.Equal(ImapSettings.Default.Id.Words, settings.Id.Words);
        Assert.False(settings.LiteralMinus);
    }

    [Fact]
    public void Values_of_dovecot_conf_are_taken()
    {
        var settings = From(("imap_max_line_length", "16k"), ("imap_idle_notify_interval", "1 mins"), ("imap_id_send", "name House support-url http://x os *"));
        Assert.Equal(16 * 1024, settings.LongestLine);
        Assert.Equal(TimeSpan.FromMinutes(1), settings.IdleNotifyInterval);
        Assert.Equal(["name", "House", "support-url", "http://x"], settings.Id.Words);
    }

    [Fact]
    public Task With_LITERAL_minus_a_long_literal_has_to_wait_for_leave() => ImapHouse.PlayAsync($"""
        C: a1 CAPABILITY
        S: * CAPABILITY IMAP4rev1 LITERAL- *
        S: a1 OK *
        C: a2 CREATE {"{5000+}"}
        C+ {new string('x', 5000)}\r\n
        S: a2 BAD Error in IMAP command CREATE: Literal too long, synchronise it.
        C: a3 CREATE {"{1+}"}
        C: y
        S: a3 OK *
        """, settings: From(("imap_literal_minus", "yes")));
}
