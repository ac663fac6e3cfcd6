using Sasl.Hosting.Configuration;
using Testing;

namespace mailctl.Tests.Postconf;

/// <summary>The same command line on the same directory, ours and Debian's: what is printed and what the file is afterwards must be the same.</summary>
public sealed class RealPostconfTests : IDisposable
{
    const string MainCf = """
        # a comment
        compatibility_level = 3.6
        myhostname = mail.example.com
        mydomain=example.com

        myorigin =   $mydomain
        mynetworks = 127.0.0.0/8,
        # inner comment
            [::1]/128,

        	192.0.2.0/24
        site = $mydomain   and  more
        mydestination = $myhostname, $site
        smtpd_banner = ${mail_owner?{yes}:{no}} $$x ${biff:none} ${{a} == {a} ? {eq} : {ne}} ${{10} < {9} ? {lt} : {ge}}
        maximal_queue_lifetime = 3
        smtpd_recipient_restrictions = permit_mynetworks,
            permit_sasl_authenticated, reject_unauth_destination
        relayhost =
        unused_thing = 1

        """;

    readonly TemporaryDirectory _directory = new();

    public RealPostconfTests()
    {
        File.WriteAllText(_directory["main.cf"], MainCf);
        File.WriteAllText(_directory["master.cf"], "");
    }

    public void Dispose() => _directory.Dispose();

    async Task<(Outcome Ours, Outcome Theirs)> BothAsync(string arguments)
    {
        string[] words = ["-c", _directory.Path, .. arguments.Split('|', StringSplitOptions.RemoveEmptyEntries)];
        return (await Run.AsAsync("postconf", "", words), await RealPostconf.RunAsync(words));
    }

    [RealPostconfTheory]
    [InlineData("-n")]
    [InlineData("-nh")]
    [InlineData("-n|-x")]
    [InlineData("-nH")]
    [InlineData("-xh|smtpd_banner|site")]
    [InlineData("-x|mydestination|smtpd_recipient_restrictions|myorigin")]
    [InlineData("myorigin|mydomain|mynetworks|relayhost")]
    [InlineData("-n|site|mail_spool_directory")]
    [InlineData("-h|smtpd_timeout|smtpd_relay_restrictions|mynetworks_style|relay_domains")]
    [InlineData("-xh|smtpd_timeout|smtpd_relay_restrictions|mynetworks_style|relay_domains|smtpd_hard_error_limit")]
    [InlineData("-o|mydomain=other.example|-x|myorigin|mydestination|mydomain")]
    [InlineData("-d|mydestination|forward_path|smtpd_banner|parent_domain_matches_subdomains|default_rbl_reply")]
    [InlineData("-h|-d|smtpd_sasl_security_options|smtpd_sasl_path|smtpd_sasl_type|smtpd_sasl_mechanism_filter|smtpd_sasl_tls_security_options")]
    public async Task What_is_shown(string arguments)
    {
        var (ours, theirs) = await BothAsync(arguments);
        Assert.Equal(theirs.Output, ours.Output);
        Assert.Equal(theirs.Status, ours.Status);
    }

    [RealPostconfTheory]
    [InlineData("-n")]
    [InlineData("nosuchname")]
    [InlineData("unused_thing")]
    public async Task Warnings_of_names_are_theirs_and_the_status_is_0(string arguments)
    {
        var (ours, theirs) = await BothAsync(arguments);
        Assert.Equal(theirs.Error, ours.Error);
        Assert.Equal((0, 0), (theirs.Status, ours.Status));
    }

    [RealPostconfTheory]
    [InlineData("-n|-d")]
    [InlineData("-e|bad")]
    [InlineData("-e|=x")]
    [InlineData("-e|a=b\nc")]
    [InlineData("-Z")]
    public async Task Misuse_is_status_1_and_changes_nothing(string arguments)
    {
        var (ours, theirs) = await BothAsync(arguments);
        Assert.Equal((1, 1), (theirs.Status, ours.Status));
        Assert.Equal(theirs.Error.Split('\n')[0], ours.Error.Split('\n')[0].Replace("fatal: invalid option", "invalid option"));
        Assert.Equal(MainCf, File.ReadAllText(_directory["main.cf"]));
    }

    [RealPostconfTheory]
    [InlineData("-e|myorigin=x.example|relayhost = [gw]:587|alias_maps=|mynetworks=192.0.2.1")]
    [InlineData("myorigin=implied")]
    [InlineData("-X|mynetworks|nosuch|mydomain")]
    [InlineData("-#|mynetworks|mydomain")]
    [InlineData("-e|zzz=1|aaa=2|mydomain=")]
    public async Task What_an_edit_leaves(string arguments)
    {
        var ours = await Run.AsAsync("postconf", "", ["-c", _directory.Path, .. arguments.Split('|')]);
        var edited = File.ReadAllText(_directory["main.cf"]);
        File.WriteAllText(_directory["main.cf"], MainCf);
        var theirs = await RealPostconf.RunAsync(["-c", _directory.Path, .. arguments.Split('|')]);
        Assert.Equal((0, 0), (theirs.Status, ours.Status));
        // New entries are in the order of a hash table there, which changes from run to run; here they are sorted.
        Assert.Equal(SortedTail(File.ReadAllText(_directory["main.cf"])), SortedTail(edited));
    }

    /// <summary>What stands behind the last old entry, in order.</summary>
    static string SortedTail(string text)
    {
        var lines = text.TrimEnd('\n').Split('\n').ToList();
        var old = lines.FindLastIndex(l => l.StartsWith("unused_thing", StringComparison.Ordinal));
        return string.Join('\n', lines.Take(old + 1).Concat(lines.Skip(old + 1).Order(StringComparer.Ordinal)));
    }

    /// <summary>
    /// Every default that both have. What differs is listed with its reason: this program's own names and places, the release that the
    /// defaults follow, and values that the originals compute from the system.
    /// </summary>
    [RealPostconfFact]
    public async Task Defaults()
    {
        string[] ours =
        [
            "mail_name", "mail_version", "queue_directory", "data_directory", "daemon_directory", "mail_owner", "alias_maps", // our own
            "compatibility_level", "smtpd_forbid_bare_newline", "smtpd_forbid_unauth_pipelining", "in_flow_delay", "smtp_tls_security_level", // 3.7 → 3.12
            "myhostname", "mynetworks", "mydomain", // this system's
        ];
        var theirs = (await RealPostconf.RunAsync("-d")).Lines.Select(l => l.Split(" =", 2)).ToDictionary(p => p[0], p => p[1].Trim());
        var differing = (await Run.AsAsync("postconf", "", "-d")).Lines.Select(l => l.Split(" =", 2))
            .Where(p => theirs.TryGetValue(p[0], out var value) && value != p[1].Trim() && !ours.Contains(p[0]))
            .Select(p => $"{p[0]}: ours \"{p[1].Trim()}\", theirs \"{theirs[p[0]]}\"");
        Assert.Empty(differing);
        Assert.All(theirs.Keys, name => Assert.True(Sasl.Hosting.Configuration.MainCf.Table.Find(name) is not null || MainCfOthers.Contains(name), name));
    }
}
