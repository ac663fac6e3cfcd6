using System.Net;
using Sasl.Hosting.Configuration;

namespace Sasl.Hosting.Tests.Configuration;

public sealed class MainCfTests
{
    public static readonly SystemInfo System = new("mail.example.com",
    [
        new(IPAddress.Loopback, 8), new(IPAddress.Parse("192.0.2.7"), 24), new(IPAddress.IPv6Loopback, 128), new(IPAddress.Parse("2001:db8::7"), 64),
    ]);

    static Settings With(params (string Name, string Value)[] values) => MainCf.Create(values.ToDictionary(v => v.Name, v => v.Value), System);

    [Fact]
    public void Fields_are_named_like_their_parameters()
    {
        Assert.Equal("smtpd_sasl_auth_enable", MainCf.SmtpdSaslAuthEnable.Name);
        Assert.Equal("2bounce_notice_recipient", MainCf.DoubleBounceNoticeRecipient.Name);
        Assert.True(MainCf.Table.All.Count() > 250);
    }

    [Fact]
    public void Every_default_is_a_value_that_the_table_itself_accepts()
    {
        foreach (var setting in MainCf.Table.All.Where(s => !s.IsRaw))
        {
            Assert.True(MainCfExpansion.TryExpand(With().Raw, setting.Default, out var value, out var error), $"{setting.Name}: {error}");
            Assert.True(SettingCheck.MainCf(setting, value) is null, $"{setting.Name} = {value}");
            Assert.EndsWith(".", setting.Help);
        }
    }

    [Fact]
    public void Names_come_from_the_system_and_from_each_other()
    {
        Assert.Equal("mail.example.com", With().Text(MainCf.Myhostname));
        Assert.Equal("example.com", With().Text(MainCf.Mydomain));
        Assert.Equal("example.org", With(("myhostname", "mx.example.org")).Text(MainCf.Mydomain));
        Assert.Equal("mail.example.com ESMTP Sasl", With().Text(MainCf.SmtpdBanner));
        Assert.Equal(["mail.example.com", "localhost.example.com", "localhost"], With().List(MainCf.Mydestination));
        Assert.Equal("localdomain", MainCf.Create(new Dictionary<string, string>(), new("vm", [])).Text(MainCf.Mydomain));
    }

    [Theory]
    [InlineData("host", "127.0.0.1/32 192.0.2.7/32 [::1]/128 [2001:db8::7]/128")]
    [InlineData("subnet", "127.0.0.0/8 192.0.2.0/24 [::1]/128 [2001:db8::]/64")]
    [InlineData("class", "127.0.0.0/8 192.0.2.0/24 [::1]/128 [2001:db8::]/64")]
    public void Networks_are_computed_by_style(string style, string expected) =>
        Assert.Equal(expected, With(("mynetworks_style", style)).Text(MainCf.Mynetworks));

    [Fact]
    public void Networks_are_those_of_the_protocols_in_use() =>
        Assert.Equal("127.0.0.1/32 192.0.2.7/32", With(("inet_protocols", "ipv4")).Text(MainCf.Mynetworks));

    [Fact]
    public void The_safe_defaults_hold_without_a_compatibility_level()
    {
        Assert.Equal(["permit_mynetworks", "permit_sasl_authenticated", "defer_unauth_destination"], With().List(MainCf.SmtpdRelayRestrictions));
        Assert.Empty(With(("compatibility_level", "0")).List(MainCf.SmtpdRelayRestrictions));
        Assert.Equal("host", With().Text(MainCf.MynetworksStyle));
        Assert.Equal("subnet", With(("compatibility_level", "1")).Text(MainCf.MynetworksStyle));
    }

    [Fact]
    public void A_server_under_stress_is_impatient()
    {
        Assert.Equal(TimeSpan.FromSeconds(300), With().Time(MainCf.SmtpdTimeout));
        Assert.Equal(TimeSpan.FromSeconds(10), With(("stress", "yes")).Time(MainCf.SmtpdTimeout));
        Assert.Equal(TimeSpan.FromDays(5), With().Time(MainCf.MaximalQueueLifetime));
        Assert.Equal(TimeSpan.FromDays(3), With(("maximal_queue_lifetime", "3")).Time(MainCf.MaximalQueueLifetime));
    }

    [Fact]
    public void A_raw_parameter_is_not_expanded() => Assert.Contains("$home/.forward", With().List(MainCf.ForwardPath));

    [Fact]
    public void A_child_reads_back_what_was_serialized()
    {
        var settings = With(("myhostname", "a.example"), ("mydestination", "$myhostname,\n  back\\slash"));
        var copy = MainCf.Deserialize(settings.Serialize(), System);
        Assert.Equal(settings.Explicit, copy.Explicit);
        Assert.Equal(["a.example", "back\\slash"], copy.List(MainCf.Mydestination));
    }

    [Fact]
    public void Overrides_are_seen_by_the_values_that_refer_to_them() =>
        Assert.Equal("other.example ESMTP Sasl", With().With([new("myhostname", "other.example")]).Text(MainCf.SmtpdBanner));
}
